namespace Softphone.Sip;

/// <summary>By what a flow is kept alive, each tried when the one before it is not answered.</summary>
internal enum KeepaliveMeans
{
    /// <summary>What RFC 5626 §3.5 has for the transport: STUN on a datagram flow, a double CRLF on a stream.</summary>
    Native,

    /// <summary>OPTIONS to the registrar: any answer shows that the flow lives, and its Via how the server sees us (RFC 3581 §4).</summary>
    Request,

    /// <summary>CRLF, which nobody answers.</summary>
    Blind,
}
