using Softphone.Core;

namespace Softphone.Sip;

/// <summary>Writes and reads the STUN Binding messages of a keepalive (RFC 5626 §3.5.2). Its owner lends it, since STUN is no matter of SIP.</summary>
public interface IBindingCodec
{
    /// <summary>Octets of a transaction id.</summary>
    const int IdLength = 12;

    /// <summary>Writes a Binding request; returns its length.</summary>
    int Write(Span<byte> buffer, ReadOnlySpan<byte> id);

    /// <summary>Reads a success response: whose it is, and the address that the server saw the request come from.</summary>
    bool TryRead(ReadOnlySpan<byte> datagram, Span<byte> id, out Address mapped);
}
