using System.Buffers.Binary;
using Softphone.Core;

namespace Softphone.Media;

/// <summary>A view of one RTP packet in the buffer it arrived in (RFC 3550 §5.1, §5.3.1).</summary>
public readonly ref struct RtpPacket
{
    private RtpPacket(RtpHeader header, int contributors, ushort profile, ReadOnlySpan<byte> extension, ReadOnlySpan<byte> payload)
    {
        Header = header;
        Contributors = contributors;
        ExtensionProfile = profile;
        Extension = extension;
        Payload = payload;
    }

    public RtpHeader Header { get; }

    /// <summary>How many contributing sources the header lists.</summary>
    public int Contributors { get; }

    /// <summary>The first 16 bits of the header extension; 0 when there is none.</summary>
    public ushort ExtensionProfile { get; }

    /// <summary>The extension's data, without its own header.</summary>
    public ReadOnlySpan<byte> Extension { get; }

    /// <summary>What the payload type describes, without padding.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Whether a datagram on a multiplexed port is RTCP: second octet 192 to 223 (RFC 5761 §4).</summary>
    public static bool IsRtcp(ReadOnlySpan<byte> datagram) => datagram.Length >= 2 && datagram[1] is >= 192 and <= 223;

    /// <summary>Reads a packet. Every length it states must lie inside the datagram.</summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out RtpPacket packet, out ParseError error)
    {
        packet = default;
        if (datagram.Length < RtpHeader.Length) return No("shorter than an RTP header", datagram.Length, out error);
        if (datagram[0] >> 6 != 2) return No("RTP version is not 2", 0, out error);
        var contributors = datagram[0] & 0x0F;
        var at = RtpHeader.Length + 4 * contributors;
        if (at > datagram.Length) return No("contributing sources past the end", RtpHeader.Length, out error);
        ushort profile = 0;
        var extension = ReadOnlySpan<byte>.Empty;
        if ((datagram[0] & 0x10) != 0)
        {
            if (at + 4 > datagram.Length) return No("header extension past the end", at, out error);
            profile = BinaryPrimitives.ReadUInt16BigEndian(datagram[at..]);
            var length = 4 * BinaryPrimitives.ReadUInt16BigEndian(datagram[(at + 2)..]);
            at += 4;
            if (at + length > datagram.Length) return No("header extension past the end", at, out error);
            extension = datagram.Slice(at, length);
            at += length;
        }

        var end = datagram.Length;
        if ((datagram[0] & 0x20) != 0)
        {
            var padding = datagram[^1];
            if (padding == 0 || at + padding > end) return No("padding count does not fit", end - 1, out error);
            end -= padding;
        }

        var header = new RtpHeader(
            (byte)(datagram[1] & 0x7F),
            BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]),
            BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(datagram[8..]),
            (datagram[1] & 0x80) != 0);
        packet = new RtpPacket(header, contributors, profile, extension, datagram[at..end]);
        error = default;
        return true;
    }

    private static bool No(string what, int offset, out ParseError error)
    {
        error = new ParseError(what, offset);
        return false;
    }
}
