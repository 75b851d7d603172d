using System.Globalization;

namespace Softphone.Phone;

/// <summary>Lengths of time as a person writes them: 500ms, 20s, 1.5s, 2m, 1h; a range is 20ms-200ms.</summary>
public static class DurationText
{
    public const string Forms = "a number with ms, s, m or h, such as 500ms or 20s";

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        text = text.Trim();
        var unit = text.AsSpan().TrimStart("0123456789.").ToString();
        double? scale = unit switch
        {
            "ms" => 1,
            "s" => 1_000,
            "m" or "min" => 60_000,
            "h" => 3_600_000,
            _ => null,
        };
        var number = text[..^unit.Length];
        if (scale is null || !double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)) return false;
        var milliseconds = value * scale.Value;
        if (milliseconds > TimeSpan.FromDays(365).TotalMilliseconds) return false;
        duration = TimeSpan.FromMilliseconds(milliseconds);
        return true;
    }

    /// <summary>Two lengths with a dash between them, the first not the longer.</summary>
    public static bool TryParseRange(string text, out DurationRange range)
    {
        range = default;
        var dash = text.IndexOf('-');
        if (dash < 0 || !TryParse(text[..dash], out var least) || !TryParse(text[(dash + 1)..], out var most) || least > most) return false;
        range = new DurationRange(least, most);
        return true;
    }

    /// <summary>The shortest text that reads back as the same: "500ms", "20s".</summary>
    public static string Write(TimeSpan duration) => duration.TotalMilliseconds % 1_000 == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0}s")
        : string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0.###}ms");
}
