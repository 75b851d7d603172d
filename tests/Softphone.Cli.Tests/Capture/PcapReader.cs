using System.Buffers.Binary;
using Softphone.Cli;
using Softphone.Core;

namespace Softphone.Cli.Tests;

/// <summary>Reads back a capture file of IP packets, by the RFCs and not by the code that wrote it.</summary>
internal static class PcapReader
{
    internal sealed record Packet(DateTimeOffset At, byte Protocol, string From, string To, uint Sequence, uint Acknowledged, byte Flags, byte[] Payload);

    public static IReadOnlyList<Packet> Read(string file)
    {
        var octets = File.ReadAllBytes(file);
        Assert.Equal("D4-C3-B2-A1-02-00-04-00-00-00-00-00-00-00-00-00-00-00-04-00-65-00-00-00", BitConverter.ToString(octets, 0, 24));
        var packets = new List<Packet>();
        for (var at = 24; at < octets.Length;)
        {
            var time = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32LittleEndian(octets.AsSpan(at)))
                .AddMicroseconds(BinaryPrimitives.ReadUInt32LittleEndian(octets.AsSpan(at + 4)));
            var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(octets.AsSpan(at + 8));
            Assert.Equal(length, (int)BinaryPrimitives.ReadUInt32LittleEndian(octets.AsSpan(at + 12)));
            packets.Add(Parse(time, octets.AsSpan(at + 16, length)));
            at += 16 + length;
        }

        return packets;
    }

    private static Packet Parse(DateTimeOffset at, ReadOnlySpan<byte> ip)
    {
        var isV4 = ip[0] >> 4 == 4;
        Assert.Equal(ip.Length, BinaryPrimitives.ReadUInt16BigEndian(ip[(isV4 ? 2 : 4)..]) + (isV4 ? 0 : 40));
        if (isV4) Assert.Equal(0xFFFF, Folded([.. ip[..20]]));
        var addresses = isV4 ? ip[12..20] : ip[8..40];
        var protocol = ip[isV4 ? 9 : 6];
        var segment = ip[(isV4 ? 20 : 40)..];
        // A segment with its pseudo header and its checksum adds up to all ones.
        Assert.Equal(0xFFFF, Folded([.. addresses, 0, protocol, (byte)(segment.Length >> 8), (byte)segment.Length, .. segment]));
        var half = addresses.Length / 2;
        var from = new Address(IpAddress.FromBytes(addresses[..half]), BinaryPrimitives.ReadUInt16BigEndian(segment)).ToString();
        var to = new Address(IpAddress.FromBytes(addresses[half..]), BinaryPrimitives.ReadUInt16BigEndian(segment[2..])).ToString();
        if (protocol == 17)
        {
            Assert.Equal(segment.Length, BinaryPrimitives.ReadUInt16BigEndian(segment[4..]));
            Assert.NotEqual(0, BinaryPrimitives.ReadUInt16BigEndian(segment[6..]));
            return new Packet(at, protocol, from, to, 0, 0, 0, segment[8..].ToArray());
        }

        Assert.Equal((6, 0x50), (protocol, segment[12]));
        return new Packet(
            at,
            protocol,
            from,
            to,
            BinaryPrimitives.ReadUInt32BigEndian(segment[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(segment[8..]),
            segment[13],
            segment[20..].ToArray());
    }

    private static int Folded(byte[] octets)
    {
        var sum = 0;
        for (var i = 0; i < octets.Length; i++)
        {
            sum += i % 2 == 0 ? octets[i] << 8 : octets[i];
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return sum;
    }
}
