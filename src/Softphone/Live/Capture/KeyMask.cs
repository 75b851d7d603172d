using System.Text;

namespace Softphone.Cli;

/// <summary>
/// Takes the keys of SRTP out of what goes into a capture (RFC 4568 §6.1): each octet behind "inline:", up to what ends a key, becomes an x,
/// so that lengths stay those of the message. One for each direction of a stream, whose pieces may divide a key anywhere.
/// </summary>
internal struct KeyMask
{
    private int _matched;
    private bool _isInKey;

    private static ReadOnlySpan<byte> Word => "inline:"u8;

    /// <summary>How much of the word is left of a match when the next octet is another: "inlin" ends in "in".</summary>
    private static ReadOnlySpan<byte> Left => [0, 0, 0, 0, 1, 2, 0];

    /// <summary>Whether a message that is whole holds a key.</summary>
    public static bool IsIn(ReadOnlySpan<byte> message)
    {
        // The word has no colon but its last octet, so that what stands before one that did not end it is of no more use.
        while (message.IndexOf((byte)':') is >= 0 and var at)
        {
            if (at >= Word.Length - 1 && Ascii.EqualsIgnoreCase(message.Slice(at - Word.Length + 1, Word.Length), Word)) return true;
            message = message[(at + 1)..];
        }

        return false;
    }

    public void Apply(Span<byte> octets)
    {
        foreach (ref var octet in octets)
        {
            if (_isInKey)
            {
                if (octet is (byte)'|' or (byte)';' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') _isInKey = false;
                else octet = (byte)'x';
                continue;
            }

            var letter = (byte)(octet | 0x20);
            while (_matched > 0 && letter != Word[_matched]) _matched = Left[_matched];
            if (letter == Word[_matched]) _matched++;
            if (_matched < Word.Length) continue;
            (_matched, _isInKey) = (0, true);
        }
    }
}
