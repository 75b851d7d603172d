using System.Globalization;
using System.Text;

namespace Softphone.Nat;

/// <summary>The OpaqueString profile of RFC 8265 §4.2, by which passwords and realms compare equal however they were typed.</summary>
public static class OpaqueString
{
    /// <summary>Maps every space to U+0020 and composes; text that the profile refuses is used as it stands.</summary>
    public static string Prepare(string text)
    {
        if (Ascii.IsValid(text)) return text;
        var mapped = string.Create(text.Length, text, static (chars, source) =>
        {
            for (var i = 0; i < chars.Length; i++)
                chars[i] = char.GetUnicodeCategory(source[i]) == UnicodeCategory.SpaceSeparator ? ' ' : source[i];
        });
        return mapped.IsNormalized() ? mapped : mapped.Normalize();
    }
}
