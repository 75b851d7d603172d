using System.Buffers;
using System.Text;

namespace Softphone.Tui;

/// <summary>
/// Letters as people type them who look for somebody: no case, no accents, "oe" for "ö" as good as "o". A table of our own, for the program runs
/// without the system's.
/// </summary>
internal static class Letters
{
    /// <summary>U+00C0 to U+017F, each as its plain letters; a space where a character is no letter.</summary>
    private static readonly string[] Latin =
        ("a a a a a a ae c e e e e i i i i d n o o o o o x o u u u u y th ss " +
         "a a a a a a ae c e e e e i i i i d n o o o o o / o u u u u y th y " +
         "a a a a a a c c c c c c c c d d d d e e e e e e e e e e g g g g g g g g h h h h i i i i i i i i i i ij ij j j k k k l l l l l l l l l l " +
         "n n n n n n n n n o o o o o o oe oe r r r r r r s s s s s s s s t t t t t t u u u u u u u u u u u u w w y y y z z z z z z s").Split(' ');

    private static readonly SearchValues<char> Umlauts = SearchValues.Create("äöüÄÖÜ");

    /// <summary>Every word typed stands in one of the texts.</summary>
    public static bool Have(string typed, params ReadOnlySpan<string> texts)
    {
        foreach (var word in typed.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var plain = Fold(word);
            var isIn = false;
            foreach (var text in texts) isIn |= Place(text, plain) >= 0 || (IsAbroad(plain) && Place(text, $"+{plain[2..]}") >= 0);
            if (!isIn) return false;
        }

        return true;
    }

    /// <summary>Where the plain letters begin in the text, folded; -1 when nowhere.</summary>
    public static int Place(string text, string plain)
    {
        var at = Fold(text).IndexOf(plain, StringComparison.Ordinal);
        return at >= 0 || !text.AsSpan().ContainsAny(Umlauts) ? at : Fold(Spelled(text)).IndexOf(plain, StringComparison.Ordinal);
    }

    /// <summary>In lower case and without accents; what is no Latin letter stays.</summary>
    public static string Fold(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', '\x7F')) return text.ToLowerInvariant();
        var folded = new StringBuilder(text.Length + 4);
        foreach (var letter in text)
        {
            if (letter is >= '\u0300' and <= '\u036F') continue;
            if (letter is >= '\u00C0' and <= '\u017F') folded.Append(Latin[letter - '\u00C0']);
            else folded.Append(char.ToLowerInvariant(letter));
        }

        return folded.ToString();
    }

    /// <summary>A number as it is dialled abroad, "0049", which addresses write as "+49".</summary>
    private static bool IsAbroad(string plain) => plain.StartsWith("00", StringComparison.Ordinal) && plain.Length > 2;

    /// <summary>As who has no umlauts writes them.</summary>
    private static string Spelled(string text) =>
        text.Replace("ä", "ae", StringComparison.OrdinalIgnoreCase).Replace("ö", "oe", StringComparison.OrdinalIgnoreCase).Replace("ü", "ue", StringComparison.OrdinalIgnoreCase);
}
