namespace Softphone.Nat;

/// <summary>What goes by the port of RTP beside RTP, as it was agreed on.</summary>
internal sealed class PortUse
{
    /// <summary>RTCP (RFC 5761).</summary>
    public bool IsShared { get; set; }

    /// <summary>Handshakes that give SRTP its keys (RFC 5764).</summary>
    public bool TakesDtls { get; set; }
}
