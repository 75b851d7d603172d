using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Softphone.Sip;

/// <summary>
/// Octets to text and back without loss. Headers are UTF-8 (RFC 3261 §7.3.1), but phones send Latin-1 too: an octet that is not
/// valid UTF-8 becomes the lone surrogate U+DC80..U+DCFF that no valid text holds, and is that octet again when it is written.
/// </summary>
internal static class SipText
{
    private const char EscapeBase = '\uDC00';

    /// <summary>Text of the octets. Line breaks with the white space after them become one space (§7.3.1), so text never holds CR or LF.</summary>
    public static string Decode(ReadOnlySpan<byte> octets)
    {
        if (octets.ContainsAny((byte)'\r', (byte)'\n')) return Unfold(octets);
        if (Ascii.IsValid(octets)) return Encoding.ASCII.GetString(octets);
        if (Utf8.IsValid(octets)) return Encoding.UTF8.GetString(octets);
        var text = new StringBuilder(octets.Length);
        Span<char> pair = stackalloc char[2];
        while (!octets.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(octets, out var rune, out var used) == OperationStatus.Done)
            {
                text.Append(pair[..rune.EncodeToUtf16(pair)]);
                octets = octets[used..];
            }
            else
            {
                text.Append((char)(EscapeBase + octets[0]));
                octets = octets[1..];
            }
        }

        return text.ToString();
    }

    /// <summary>How many octets <see cref="Encode"/> writes.</summary>
    public static int Count(ReadOnlySpan<char> text)
    {
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] < 0x80 || IsEscape(text, i)) count++;
            else if (text[i] < 0x800) count += 2;
            else if (IsPair(text, i))
            {
                count += 4;
                i++;
            }
            else count += 3;
        }

        return count;
    }

    /// <summary>Writes the text; the span must hold <see cref="Count"/> octets.</summary>
    public static int Encode(ReadOnlySpan<char> text, Span<byte> into)
    {
        if (Ascii.IsValid(text)) return Encoding.ASCII.GetBytes(text, into);
        var at = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (IsEscape(text, i))
            {
                into[at++] = (byte)(text[i] - EscapeBase);
                continue;
            }

            var rune = IsPair(text, i) ? new Rune(text[i], text[++i])
                : char.IsSurrogate(text[i]) ? Rune.ReplacementChar
                : new Rune(text[i]);
            at += rune.EncodeToUtf8(into[at..]);
        }

        return at;
    }

    private static bool IsPair(ReadOnlySpan<char> text, int at) =>
        char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);

    // A low surrogate after a high one belongs to a pair and never reaches this test: both loops step over pairs whole.
    private static bool IsEscape(ReadOnlySpan<char> text, int at) => text[at] is >= '\uDC80' and <= '\uDCFF';

    private static string Unfold(ReadOnlySpan<byte> octets)
    {
        var line = new byte[octets.Length];
        var length = 0;
        for (var i = 0; i < octets.Length; i++)
        {
            if (octets[i] is not ((byte)'\r' or (byte)'\n'))
            {
                line[length++] = octets[i];
                continue;
            }

            while (length > 0 && line[length - 1] is (byte)' ' or (byte)'\t') length--;
            while (i + 1 < octets.Length && octets[i + 1] is (byte)'\r' or (byte)'\n' or (byte)' ' or (byte)'\t') i++;
            line[length++] = (byte)' ';
        }

        return Decode(line.AsSpan(0, length));
    }
}
