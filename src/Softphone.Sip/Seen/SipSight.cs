using System.Diagnostics.CodeAnalysis;
using Softphone.Core;

namespace Softphone.Sip;

/// <summary>Makes what a trace has of a message out of octets that somebody else sent to somebody else, such as those of a capture.</summary>
public static class SipSight
{
    /// <summary>
    /// Reads the one message of a datagram, or of a stream as it was cut. Whatever the octets are, it does not throw. The secrets in it are
    /// masked as those of our own messages are.
    /// </summary>
    /// <param name="at">When it passed.</param>
    /// <param name="transport">By what.</param>
    /// <param name="from">Who sent it.</param>
    /// <param name="to">Who was to get it.</param>
    /// <param name="octets">The message.</param>
    /// <param name="seen">Sent by <see cref="SipTrace.Message.Local"/>, without a source: no phone of ours had to do with it.</param>
    /// <param name="error">Why it is no message.</param>
    public static bool TryRead(
        Instant at, Transport transport, Address from, Address to, ReadOnlySpan<byte> octets, [NotNullWhen(true)] out SipTrace.Message? seen, out ParseError error)
    {
        seen = null;
        if (!SipParser.TryParse(octets, out var message, out error)) return false;
        seen = Of(at, transport, from, to, message);
        return true;
    }

    /// <summary>The same of a message that was read already.</summary>
    public static SipTrace.Message Of(Instant at, Transport transport, Address from, Address to, SipMessage message) =>
        new(at, "", true, PathId.None, transport, from, to, Masking.MaskUris(message.StartLine), message.Headers.CallId ?? "", message.ToMaskedString(), false);
}
