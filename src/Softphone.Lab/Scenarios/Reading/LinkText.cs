using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Softphone.Core;
using Softphone.Phone;

namespace Softphone.Lab;

/// <summary>The properties of a line by name, as files and steps write them: "delay 200ms loss 5%".</summary>
internal static class LinkText
{
    public static IReadOnlyList<string> Keys { get; } = ["delay", "jitter", "loss", "burst", "duplicate", "reorder", "rate", "queue", "mtu"];

    /// <summary>Pairs of a name and a value.</summary>
    public static bool TryRead(ReadOnlySpan<string> words, [NotNullWhen(true)] out Func<Link, Link>? change, [NotNullWhen(false)] out string? problem)
    {
        change = link => link;
        problem = words.Length % 2 == 0 ? null : "a line has pairs of a name and a value, such as delay 200ms loss 5%";
        for (var i = 0; i + 1 < words.Length && problem is null; i += 2)
        {
            var before = change;
            var value = words[i + 1].TrimEnd(',');
            if (!Keys.Contains(words[i])) problem = $"a line has no \"{words[i]}\"; the nearest is {Nearest.Of(words[i], Keys)}";
            else if (Read(words[i], value) is not { } next) problem = $"{words[i]} \"{value}\" is not allowed: {Allowed(words[i])}";
            else change = link => next(before(link));
        }

        if (problem is not null) change = null;
        return problem is null;
    }

    /// <summary>The change that a value makes; null when it cannot be read.</summary>
    public static Func<Link, Link>? Read(string key, string value)
    {
        switch (key)
        {
            case "delay" when DurationText.TryParse(value, out var time):
                return l => l with { Delay = time };
            case "jitter" when DurationText.TryParse(value, out var time):
                return l => l with { Jitter = time };
            case "loss" when TryShare(value, out var share) && share < 1:
                return l => l with { Loss = share };
            case "duplicate" when TryShare(value, out var share):
                return l => l with { Duplicate = share };
            case "reorder" when TryShare(value, out var share):
                return l => l with { Overtake = share };
            case "burst" when double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var packets) && packets is >= 1 and <= 1000:
                return l => l with { Burst = packets };
            case "rate" when TryScaled(value, "bit", "kbit", "Mbit", out var rate):
                return l => l with { Rate = rate };
            case "queue" when TryScaled(value, "B", "kB", "MB", out var octets) && octets <= int.MaxValue:
                return l => l with { Queue = (int)octets };
            case "mtu" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var mtu) && mtu is >= 68 and <= 65_535:
                return l => l with { Mtu = mtu };
            default:
                return null;
        }
    }

    public static string Allowed(string key) => key switch
    {
        "delay" or "jitter" => DurationText.Forms,
        "loss" or "duplicate" or "reorder" => "a share such as 2%",
        "burst" => "how many packets are lost in a row, 1 to 1000",
        "rate" => "a number with bit, kbit or Mbit, such as 64kbit",
        "queue" => "a number with B, kB or MB, such as 16kB",
        _ => "octets, 68 to 65535",
    };

    private static bool TryShare(string text, out double share)
    {
        var percent = text.EndsWith('%');
        if (!double.TryParse(percent ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out share)) return false;
        if (percent) share /= 100;
        return share is >= 0 and <= 1;
    }

    private static bool TryScaled(string text, string one, string thousand, string million, out long value)
    {
        value = 0;
        var unit = text.AsSpan().TrimStart("0123456789.").ToString();
        var scale = unit == one ? 1 : unit == thousand ? 1000 : unit == million ? 1_000_000 : 0;
        if (scale == 0 || !double.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
        if (number * scale is < 1 or > 1e11) return false;
        value = (long)(number * scale);
        return true;
    }
}
