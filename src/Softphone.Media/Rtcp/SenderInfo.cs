using System.Buffers.Binary;

namespace Softphone.Media;

/// <summary>The sender's part of a sender report (RFC 3550 §6.4.1).</summary>
/// <param name="Ntp">The instant of the report as an NTP timestamp.</param>
/// <param name="RtpTimestamp">The same instant in units of the RTP clock.</param>
/// <param name="Packets">RTP packets sent.</param>
/// <param name="Octets">Payload octets sent, without headers and padding.</param>
public readonly record struct SenderInfo(ulong Ntp, uint RtpTimestamp, uint Packets, uint Octets)
{
    public const int Length = 20;

    public static SenderInfo Read(ReadOnlySpan<byte> info) => new(
        BinaryPrimitives.ReadUInt64BigEndian(info),
        BinaryPrimitives.ReadUInt32BigEndian(info[8..]),
        BinaryPrimitives.ReadUInt32BigEndian(info[12..]),
        BinaryPrimitives.ReadUInt32BigEndian(info[16..]));

    public void Write(Span<byte> info)
    {
        BinaryPrimitives.WriteUInt64BigEndian(info, Ntp);
        BinaryPrimitives.WriteUInt32BigEndian(info[8..], RtpTimestamp);
        BinaryPrimitives.WriteUInt32BigEndian(info[12..], Packets);
        BinaryPrimitives.WriteUInt32BigEndian(info[16..], Octets);
    }
}
