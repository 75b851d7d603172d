using System.Globalization;

namespace Softphone.Tui;

/// <summary>Times beside a ladder.</summary>
internal static class LadderTime
{
    /// <summary>Seconds since the beginning with three decimals, or minutes and seconds: "12.345", "2:05.120".</summary>
    public static bool Format(TimeSpan since, Span<char> text, out int length) => since.TotalMinutes < 1
        ? text.TryWrite(CultureInfo.InvariantCulture, $"{since.TotalSeconds:0.000}", out length)
        : text.TryWrite(CultureInfo.InvariantCulture, $"{(int)since.TotalMinutes}:{since.Seconds:00}.{since.Milliseconds:000}", out length);

    /// <summary>"+40 ms", "+1.25 s", "+2:05".</summary>
    public static bool FormatDelta(TimeSpan delta, Span<char> text, out int length) => delta.TotalSeconds < 1
        ? text.TryWrite(CultureInfo.InvariantCulture, $"+{delta.TotalMilliseconds:0} ms", out length)
        : delta.TotalMinutes < 1 ? text.TryWrite(CultureInfo.InvariantCulture, $"+{delta.TotalSeconds:0.00} s", out length)
        : text.TryWrite(CultureInfo.InvariantCulture, $"+{(int)delta.TotalMinutes}:{delta.Seconds:00}", out length);
}
