using System.Globalization;
using System.Text;

namespace Softphone.Core;

/// <summary>
/// The one cleaner of text that came from the network or a file: what could command a terminal, turn the direction of writing, begin a line
/// that nobody wrote, or stand there unseen is shown as an escape, or left out where a name has to fit into a cell. Whoever writes to a
/// terminal, a report, a notification or a log passes everything through here.
/// </summary>
public static class PlainText
{
    private const int Longest = 96;

    /// <summary>
    /// No text: C0, DEL and C1, line and paragraph separators, and all of category Cf (the bidirectional controls are among them) but the two
    /// joiners, without which some scripts are not written right.
    /// </summary>
    public static bool IsHarmful(Rune rune) => rune.Value is not (0x200C or 0x200D)
        && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    /// <summary>For one line, with nothing lost: tabs and ends of lines become spaces, anything else that is harmful an escape such as \x1b or \u202e.</summary>
    public static string Line(string text) => IsPrintable(text) ? text : Escaped(text, isOneLine: true);

    /// <summary>For several lines: as <see cref="Line"/>, but tabs and line feeds stay, and CR LF is one.</summary>
    public static string Lines(string text) => IsPrintable(text) ? text : Escaped(text, isOneLine: false);

    /// <summary>For a name or a reason among other text: one line, no longer than this, without what is harmful and without runs of spaces.</summary>
    public static string Clean(string text, int longest = Longest)
    {
        if (text.Length <= longest && IsTidy(text)) return text;
        var clean = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length >= longest)
            {
                clean.Append('…');
                break;
            }

            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                if (clean.Length > 0 && clean[^1] != ' ') clean.Append(' ');
            }
            else if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned))
            {
                clean.Append(rune.ToString());
            }
        }

        return clean.ToString().TrimEnd();
    }

    /// <summary>The escape of one character: two, four or eight digits, as YAML reads them too.</summary>
    public static string Escape(Rune rune) => rune.Value switch
    {
        < 0x100 => string.Create(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
        < 0x10000 => string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"),
    };

    private static string Escaped(string text, bool isOneLine)
    {
        var clean = new StringBuilder(text.Length + 16);
        var afterReturn = false;
        foreach (var rune in text.EnumerateRunes())
        {
            var isFeed = rune.Value == '\n';
            // CR LF is one end of a line; a CR alone would overwrite what stands there.
            if (afterReturn && !isFeed) clean.Append(isOneLine ? " " : "\\x0d");
            afterReturn = rune.Value == '\r';
            if (afterReturn) continue;
            if (isFeed || rune.Value == '\t') clean.Append(isOneLine ? ' ' : (char)rune.Value);
            else if (IsHarmful(rune)) clean.Append(Escape(rune));
            else clean.Append(rune.ToString());
        }

        if (afterReturn) clean.Append(isOneLine ? " " : "\\x0d");
        return clean.ToString();
    }

    private static bool IsPrintable(string text) => !text.AsSpan().ContainsAnyExceptInRange(' ', '~');

    private static bool IsTidy(string text) =>
        IsPrintable(text) && (text.Length == 0 || (text[0] != ' ' && text[^1] != ' ' && !text.Contains("  ", StringComparison.Ordinal)));
}
