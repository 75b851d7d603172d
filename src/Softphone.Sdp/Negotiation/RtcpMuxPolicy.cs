namespace Softphone.Sdp;

/// <summary>Whether RTCP shares the port of RTP (RFC 5761).</summary>
public enum RtcpMuxPolicy
{
    /// <summary>Never offered, never accepted.</summary>
    Off,

    /// <summary>Offered, and accepted when the peer offers it.</summary>
    Offer,

    /// <summary>The only way (RFC 8858); a stream without it is refused.</summary>
    Require,
}
