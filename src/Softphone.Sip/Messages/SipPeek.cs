using System.Text;

namespace Softphone.Sip;

/// <summary>Finds a value in a message that is not read: for a decision about octets by the thousand, a glance must do.</summary>
internal static class SipPeek
{
    private const int LongestName = 16;

    /// <summary>The first Call-ID, in its long or its compact form; empty when there is none.</summary>
    public static ReadOnlySpan<byte> CallIdOf(ReadOnlySpan<byte> message)
    {
        while (true)
        {
            var end = message.IndexOf((byte)'\n');
            if (end < 0) return default;
            message = message[(end + 1)..];
            var colon = message[..Math.Min(message.Length, LongestName)].IndexOf((byte)':');
            if (colon < 0) continue;
            var name = message[..colon].TrimEnd(" \t"u8);
            if (!Ascii.EqualsIgnoreCase(name, "call-id"u8) && !Ascii.EqualsIgnoreCase(name, "i"u8)) continue;
            var value = message[(colon + 1)..];
            var stop = value.IndexOfAny((byte)'\r', (byte)'\n');
            return (stop < 0 ? value : value[..stop]).Trim(" \t"u8);
        }
    }
}
