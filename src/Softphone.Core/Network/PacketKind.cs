namespace Softphone.Core;

/// <summary>What shares a media port (RFC 7983 §7).</summary>
public enum PacketKind
{
    Unknown,
    Stun,
    Zrtp,
    Dtls,

    /// <summary>TURN ChannelData.</summary>
    Channel,
    Rtp,
    Rtcp,
}
