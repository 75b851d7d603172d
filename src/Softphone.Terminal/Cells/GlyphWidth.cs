using System.Globalization;
using System.Text;
using Wcwidth;

namespace Softphone.Terminal;

/// <summary>
/// How many columns a terminal gives a character: 0 for marks, 2 for East Asian wide ones and emoji (UAX #11), 1 for all others. What a
/// terminal could take as a command is no character at all.
/// </summary>
public static class GlyphWidth
{
    public static int Of(Rune rune)
    {
        if (rune.Value is >= ' ' and < 0x7F) return 1;
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator) return 0;
        return Math.Max(UnicodeCalculator.GetWidth(rune), 0);
    }

    /// <summary>Columns of a whole text.</summary>
    public static int Of(ReadOnlySpan<char> text)
    {
        var width = 0;
        foreach (var rune in text.EnumerateRunes()) width += Of(rune);
        return width;
    }
}
