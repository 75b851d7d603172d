using System.Buffers.Binary;
using Softphone.Core;

namespace Softphone.Cli;

/// <summary>
/// A payload as a packet on the wire: the machine sees neither IP nor UDP nor TCP headers, so they are made up from the two
/// addresses, with right lengths and checksums (RFC 791, RFC 8200, RFC 768, RFC 9293).
/// </summary>
internal static class WirePacket
{
    /// <summary>IPv6 and TCP.</summary>
    public const int LongestHeaders = 60;

    /// <summary>What an IPv4 packet holds beside the headers of IP and UDP.</summary>
    public const int LongestUdpPayload = 65_507;

    private const byte TcpProtocol = 6;
    private const byte UdpProtocol = 17;
    private const byte PushAndAck = 0x18;

    /// <returns>The packet: the part of the buffer that was written.</returns>
    public static ReadOnlySpan<byte> Udp(Span<byte> buffer, in Address from, in Address to, ReadOnlySpan<byte> payload)
    {
        var length = 8 + payload.Length;
        var start = WriteIp(buffer, UdpProtocol, from.Ip, to.Ip, length, out var pseudoHeader);
        var udp = buffer.Slice(start, length);
        BinaryPrimitives.WriteUInt16BigEndian(udp, from.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], to.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)length);
        udp[6..8].Clear();
        payload.CopyTo(udp[8..]);
        var checksum = Checksum(Sum(udp) + pseudoHeader);
        // In UDP a zero says that there is no checksum.
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], checksum == 0 ? ushort.MaxValue : checksum);
        return buffer[..(start + length)];
    }

    /// <param name="buffer">Where to write.</param>
    /// <param name="from">The sender.</param>
    /// <param name="to">The receiver.</param>
    /// <param name="sequence">The number of the first octet of the payload.</param>
    /// <param name="acknowledged">The number of the octet expected next from the receiver.</param>
    /// <param name="payload">A piece of the stream, not empty.</param>
    /// <returns>The packet: the part of the buffer that was written.</returns>
    public static ReadOnlySpan<byte> Tcp(
        Span<byte> buffer, in Address from, in Address to, uint sequence, uint acknowledged, ReadOnlySpan<byte> payload)
    {
        var length = 20 + payload.Length;
        var start = WriteIp(buffer, TcpProtocol, from.Ip, to.Ip, length, out var pseudoHeader);
        var tcp = buffer.Slice(start, length);
        tcp[..20].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(tcp, from.Port);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], to.Port);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[8..], acknowledged);
        tcp[12] = 5 << 4;
        tcp[13] = PushAndAck;
        BinaryPrimitives.WriteUInt16BigEndian(tcp[14..], ushort.MaxValue);
        payload.CopyTo(tcp[20..]);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[16..], Checksum(Sum(tcp) + pseudoHeader));
        return buffer[..(start + length)];
    }

    /// <summary>Writes the IP header; gives its length, and the sum that its addresses, protocol and length add to the next header's checksum.</summary>
    private static int WriteIp(Span<byte> ip, byte protocol, IpAddress from, IpAddress to, int length, out ulong pseudoHeader)
    {
        pseudoHeader = (ulong)(protocol + length);
        if (from.IsV4)
        {
            ip[..20].Clear();
            ip[0] = 0x45;
            BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(20 + length));
            ip[6] = 0x40;
            ip[8] = 64;
            ip[9] = protocol;
            from.WriteTo(ip[12..]);
            to.WriteTo(ip[16..]);
            BinaryPrimitives.WriteUInt16BigEndian(ip[10..], Checksum(Sum(ip[..20])));
            pseudoHeader += Sum(ip[12..20]);
            return 20;
        }

        ip[..8].Clear();
        ip[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(ip[4..], (ushort)length);
        ip[6] = protocol;
        ip[7] = 64;
        from.WriteTo(ip[8..]);
        to.WriteTo(ip[24..]);
        pseudoHeader += Sum(ip[8..40]);
        return 40;
    }

    private static ulong Sum(ReadOnlySpan<byte> octets)
    {
        ulong sum = 0;
        for (; octets.Length >= 2; octets = octets[2..]) sum += BinaryPrimitives.ReadUInt16BigEndian(octets);
        return octets.IsEmpty ? sum : sum + ((ulong)octets[0] << 8);
    }

    /// <summary>RFC 1071: the carries added back in, and the complement of that.</summary>
    private static ushort Checksum(ulong sum)
    {
        while (sum > ushort.MaxValue) sum = (sum & ushort.MaxValue) + (sum >> 16);
        return (ushort)~sum;
    }
}
