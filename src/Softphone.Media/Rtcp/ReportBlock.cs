using System.Buffers.Binary;

namespace Softphone.Media;

/// <summary>What one receiver says of one source (RFC 3550 §6.4.1).</summary>
/// <param name="Ssrc">The source it is about.</param>
/// <param name="FractionLost">Lost since the report before, in 1/256.</param>
/// <param name="CumulativeLost">Lost since the start, 24 bits signed.</param>
/// <param name="ExtendedHighest">Highest sequence number received, cycles in the upper half.</param>
/// <param name="Jitter">In units of the RTP clock.</param>
/// <param name="LastSr">Middle 32 bits of the NTP time of the last sender report; 0 for none.</param>
/// <param name="DelaySinceLastSr">In 1/65536 s.</param>
public readonly record struct ReportBlock(
    uint Ssrc,
    byte FractionLost,
    int CumulativeLost,
    uint ExtendedHighest,
    uint Jitter,
    uint LastSr,
    uint DelaySinceLastSr)
{
    public const int Length = 24;

    /// <summary>Reads <see cref="Length"/> octets.</summary>
    public static ReportBlock Read(ReadOnlySpan<byte> block) => new(
        BinaryPrimitives.ReadUInt32BigEndian(block),
        block[4],
        BinaryPrimitives.ReadInt32BigEndian(block[4..]) << 8 >> 8,
        BinaryPrimitives.ReadUInt32BigEndian(block[8..]),
        BinaryPrimitives.ReadUInt32BigEndian(block[12..]),
        BinaryPrimitives.ReadUInt32BigEndian(block[16..]),
        BinaryPrimitives.ReadUInt32BigEndian(block[20..]));

    /// <summary>Writes <see cref="Length"/> octets.</summary>
    public void Write(Span<byte> block)
    {
        BinaryPrimitives.WriteUInt32BigEndian(block, Ssrc);
        BinaryPrimitives.WriteInt32BigEndian(block[4..], CumulativeLost);
        block[4] = FractionLost;
        BinaryPrimitives.WriteUInt32BigEndian(block[8..], ExtendedHighest);
        BinaryPrimitives.WriteUInt32BigEndian(block[12..], Jitter);
        BinaryPrimitives.WriteUInt32BigEndian(block[16..], LastSr);
        BinaryPrimitives.WriteUInt32BigEndian(block[20..], DelaySinceLastSr);
    }
}
