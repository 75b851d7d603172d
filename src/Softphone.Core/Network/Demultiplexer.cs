namespace Softphone.Core;

/// <summary>Tells apart what arrives at one port by its first octets (RFC 7983 §7; RTP from RTCP by RFC 5761 §4).</summary>
public static class Demultiplexer
{
    public static PacketKind Classify(ReadOnlySpan<byte> packet)
    {
        if (packet.IsEmpty) return PacketKind.Unknown;
        return packet[0] switch
        {
            <= 3 => PacketKind.Stun,
            >= 16 and <= 19 => PacketKind.Zrtp,
            >= 20 and <= 63 => PacketKind.Dtls,
            >= 64 and <= 79 => PacketKind.Channel,
            >= 128 and <= 191 => packet.Length < 2 ? PacketKind.Unknown : packet[1] is >= 192 and <= 223 ? PacketKind.Rtcp : PacketKind.Rtp,
            _ => PacketKind.Unknown,
        };
    }
}
