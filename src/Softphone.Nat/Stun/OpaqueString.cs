using System.Globalization;
using System.Text;

namespace Softphone.Nat;

/// <summary>The OpaqueString profile of RFC 8265 §4.2, by which passwords and realms compare equal however they were typed.</summary>
/// <remarks>
/// DEVIATION: only letters of the Latin, Greek and Cyrillic scripts are composed (NFC) where the runtime is in invariant mode, since
/// it has no table for others; <c>OpaqueString_Composes</c> shows it. Those others come composed from any keyboard.
/// </remarks>
public static class OpaqueString
{
    /// <summary>
    /// Maps every space to U+0020 and composes letters with their marks. Text that the profile refuses is used as it stands, because
    /// the server that issued it knows it so.
    /// </summary>
    public static string Prepare(string text) => TryPrepare(text, out var prepared) ? prepared : text;

    /// <summary>The prepared text; false when it is empty or holds a character that the profile disallows: a control, a surrogate
    /// without its other half, one that is invisible, private or not assigned.</summary>
    public static bool TryPrepare(string text, out string prepared)
    {
        prepared = text;
        if (text.Length == 0) return false;
        // Printable ASCII, as nearly every one is, stands as it is.
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~')) return true;
        var mapped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsDisallowed(rune)) return false;
            mapped.Append(Rune.GetUnicodeCategory(rune) == UnicodeCategory.SpaceSeparator ? " " : rune.ToString());
        }

        var spaced = mapped.ToString();
        prepared = Ascii.IsValid(spaced) ? spaced : Composition.Compose(spaced.Normalize());
        return true;
    }

    private static bool IsDisallowed(Rune rune) =>
        rune.Value is 0xFFFD or 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x3164 or 0xFFA0 or (>= 0x1100 and <= 0x11FF)
        || rune.Value is (>= 0x180B and <= 0x180F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0000 and <= 0xE0FFF)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
