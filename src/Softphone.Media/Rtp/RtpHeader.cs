using System.Buffers.Binary;

namespace Softphone.Media;

/// <summary>The fixed part of an RTP header (RFC 3550 §5.1).</summary>
/// <param name="PayloadType">0 to 127.</param>
/// <param name="Sequence">Counts packets, modulo 2^16.</param>
/// <param name="Timestamp">Sampling instant of the first sample, in units of the format's clock.</param>
/// <param name="Ssrc">The source.</param>
/// <param name="Marker">On audio: the first packet of a talkspurt (RFC 3551 §4.1).</param>
public readonly record struct RtpHeader(byte PayloadType, ushort Sequence, uint Timestamp, uint Ssrc, bool Marker = false)
{
    /// <summary>Octets that <see cref="Write"/> takes.</summary>
    public const int Length = 12;

    /// <summary>Writes version 2 without padding, extension or contributing sources.</summary>
    public void Write(Span<byte> packet)
    {
        packet[0] = 2 << 6;
        packet[1] = (byte)((Marker ? 0x80 : 0) | (PayloadType & 0x7F));
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], Timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], Ssrc);
    }
}
