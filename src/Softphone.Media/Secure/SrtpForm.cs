using System.Buffers.Binary;

namespace Softphone.Media;

/// <summary>The parts of a packet that are read before it is known whose it is.</summary>
internal static class SrtpForm
{
    /// <summary>Octets of the header of RTCP that stay readable (RFC 3711 §3.4).</summary>
    public const int RtcpHeader = 8;

    /// <summary>Octets in front of the payload of RTP, with contributors and extension (RFC 3711 §3.1); 0 where they are not all there.</summary>
    public static int RtpHeaderLength(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < RtpHeader.Length || packet[0] >> 6 != 2) return 0;
        var length = RtpHeader.Length + 4 * (packet[0] & 0x0F);
        if ((packet[0] & 0x10) != 0)
        {
            if (packet.Length < length + 4) return 0;
            length += 4 + 4 * BinaryPrimitives.ReadUInt16BigEndian(packet[(length + 2)..]);
        }

        return packet.Length < length ? 0 : length;
    }

    public static ushort Sequence(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);

    public static uint Ssrc(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt32BigEndian(packet[8..]);

    public static uint RtcpSsrc(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);
}
