using System.Buffers.Binary;
using Softphone.Core;

namespace Softphone.Media;

/// <summary>The payload of one telephone-event packet (RFC 4733 §2.3).</summary>
/// <param name="Code">0-9 digits, 10 *, 11 #, 12-15 A-D, 16 hook flash.</param>
/// <param name="End">The event is over.</param>
/// <param name="Volume">In -dBm0, 0 to 63.</param>
/// <param name="Duration">So far, in units of the event's clock.</param>
public readonly record struct TelephoneEvent(byte Code, bool End, byte Volume, ushort Duration)
{
    public const int Length = 4;

    private const string Keys = "0123456789*#ABCD!";

    /// <summary>The key, or '\0' for an event that is none.</summary>
    public char Key => Code < Keys.Length ? Keys[Code] : '\0';

    /// <summary>The event of a key; lower case letters count as upper case.</summary>
    public static bool TryCode(char key, out byte code)
    {
        var at = Keys.IndexOf(char.ToUpperInvariant(key), StringComparison.Ordinal);
        code = (byte)Math.Max(0, at);
        return at >= 0;
    }

    /// <summary>Reads the first event of a payload; a redundant payload (§2.4) holds it last, which plain senders never do.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out TelephoneEvent value, out ParseError error)
    {
        value = default;
        error = default;
        if (payload.Length < Length)
        {
            error = new ParseError("telephone-event shorter than 4 octets", payload.Length);
            return false;
        }

        value = new TelephoneEvent(
            payload[0], (payload[1] & 0x80) != 0, (byte)(payload[1] & 0x3F), BinaryPrimitives.ReadUInt16BigEndian(payload[2..]));
        return true;
    }

    public void Write(Span<byte> payload)
    {
        payload[0] = Code;
        payload[1] = (byte)((End ? 0x80 : 0) | (Volume & 0x3F));
        BinaryPrimitives.WriteUInt16BigEndian(payload[2..], Duration);
    }
}
