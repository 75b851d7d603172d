using System.Globalization;
using System.Text;

namespace Softphone.Phone;

/// <summary>Text of strangers made fit to be shown in one line: no control characters, nothing that turns the direction of writing, and not too long.</summary>
internal static class PlainText
{
    private const int Longest = 96;

    public static string Clean(string text, int longest = Longest)
    {
        if (text.Length <= longest && IsClean(text)) return text;
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

    private static bool IsClean(string text)
    {
        foreach (var c in text)
            if (c is < ' ' or > '~') return false;
        return text.Length == 0 || (text[0] != ' ' && text[^1] != ' ' && !text.Contains("  ", StringComparison.Ordinal));
    }
}
