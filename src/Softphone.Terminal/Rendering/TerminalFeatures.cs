namespace Softphone.Terminal;

/// <summary>What the terminal can do, as far as its environment tells.</summary>
/// <param name="IsUsable">False for a dumb terminal, which cannot move its cursor.</param>
/// <param name="Colors">How many colours it shows.</param>
/// <param name="IsAscii">Its locale has no Unicode: lines and blocks are drawn with ASCII.</param>
public readonly record struct TerminalFeatures(bool IsUsable, ColorMode Colors, bool IsAscii)
{
    /// <summary>The console of Linux itself, whose font has few glyphs besides letters.</summary>
    public bool IsConsole { get; init; }

    /// <summary>Reads TERM, COLORTERM, NO_COLOR, LC_ALL, LC_CTYPE and LANG.</summary>
    /// <param name="variable">The value of an environment variable, or null.</param>
    public static TerminalFeatures From(Func<string, string?> variable)
    {
        var term = variable("TERM") ?? "";
        var locale = First(variable("LC_ALL"), variable("LC_CTYPE"), variable("LANG"));
        var isUnicode = locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase) || locale.Contains("utf8", StringComparison.OrdinalIgnoreCase);
        return new TerminalFeatures(term is not ("" or "dumb" or "unknown"), ColorsOf(term, variable), !isUnicode) { IsConsole = term == "linux" || term.StartsWith("linux-", StringComparison.Ordinal) };
    }

    private static ColorMode ColorsOf(string term, Func<string, string?> variable)
    {
        if (variable("NO_COLOR") is { Length: > 0 } || term.StartsWith("vt1", StringComparison.Ordinal) || term.EndsWith("-m", StringComparison.Ordinal)) return ColorMode.None;
        if (variable("COLORTERM") is "truecolor" or "24bit" || term.EndsWith("-direct", StringComparison.Ordinal)) return ColorMode.Exact;
        return term.Contains("256", StringComparison.Ordinal) || term.Contains("kitty", StringComparison.Ordinal) ? ColorMode.Indexed : ColorMode.Sixteen;
    }

    private static string First(params ReadOnlySpan<string?> values)
    {
        foreach (var value in values)
            if (!string.IsNullOrEmpty(value)) return value;
        return "";
    }
}
