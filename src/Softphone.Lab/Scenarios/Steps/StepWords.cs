using System.Globalization;
using Softphone.Phone;

namespace Softphone.Lab;

/// <summary>The words of one sentence.</summary>
internal readonly record struct StepWords(string[] Words)
{
    public string this[int at] => Words[at];

    public TimeSpan Time(int at) => DurationText.TryParse(Words[at], out var time) ? time : default;

    public int Status(int at) => int.Parse(Words[at], NumberStyles.None, CultureInfo.InvariantCulture);

    public Func<Link, Link> Change(int from) => LinkText.TryRead(Words.AsSpan(from), out var change, out _) ? change : l => l;
}
