using System.Buffers;
using System.Globalization;
using Softphone.Core;
using Softphone.Phone;

namespace Softphone.Lab;

/// <summary>The names that a file gives to things.</summary>
internal sealed record StepNames(IReadOnlyCollection<string> Phones, IReadOnlyCollection<string> Networks)
{
    public static readonly string[] Servers = ["sip", "turn"];

    public const string V4 = "ipv4";
    public const string V6 = "ipv6";

    private static readonly SearchValues<char> Keys = SearchValues.Create("0123456789*#ABCDabcdwW");

    /// <summary>Means all phones.</summary>
    public const string Everybody = "everybody";

    /// <summary>What is wrong with the word in this place; null when nothing is.</summary>
    public string? Problem(string placeholder, ReadOnlySpan<string> words) => placeholder switch
    {
        "PHONE" => Known("phone", words[0], [.. Phones, Everybody]),
        "NETWORK" => Known("network", words[0], Networks),
        "SERVER" => Known("server", words[0], Servers),
        "FAMILY" => Known("address family", words[0], [V4, V6]),
        "NAT" => Known("NAT type", words[0], NatBehavior.Names),
        "TIME" => DurationText.TryParse(words[0], out _) ? null : $"\"{words[0]}\" is not {DurationText.Forms}",
        "STATUS" => int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 400 and <= 699 ? null : $"\"{words[0]}\" is not a status from 400 to 699",
        "KEYS" => words[0].AsSpan().ContainsAnyExcept(Keys) ? $"\"{words[0]}\" is not keys of a telephone" : null,
        "LINE" => LinkText.TryRead(words, out _, out var problem) ? null : problem,
        _ => null,
    };

    private static string? Known(string what, string name, IReadOnlyCollection<string> known) =>
        known.Contains(name) ? null
        : known.Count == 0 ? $"there is no {what} \"{name}\""
        : $"there is no {what} \"{name}\"; the nearest is {Nearest.Of(name, known)}";
}
