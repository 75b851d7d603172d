using System.Buffers.Binary;

namespace Softphone.Captures;

/// <summary>
/// The headers below ours: links, VLAN tags, IP of both versions, UDP, TCP (ADR 11 says why no library reads them). Every length is held against what was captured, so that any
/// octets may come. Nothing is copied.
/// </summary>
internal static class FrameLayers
{
    private const int UdpHeader = 8;
    private const int V4Header = 20;
    private const int V6Header = 40;
    private const int TcpHeader = 20;
    private const byte Fragment = 44;
    private const ushort EtherV4 = 0x0800;
    private const ushort EtherV6 = 0x86DD;

    /// <summary>More tags and extension headers than this are nobody's.</summary>
    private const int MostHeaders = 8;

    /// <summary>Finds the IP packet in a frame.</summary>
    public static FrameVerdict Read(in CapturedFrame frame, out IpPacket packet)
    {
        packet = default;
        var octets = frame.Buffer.AsSpan(0, frame.Length);
        switch (frame.Link)
        {
            case LinkType.Ethernet:
                return octets.Length < 14 ? FrameVerdict.Broken : ReadTyped(frame, 14, Short(octets, 12), out packet);
            case LinkType.LinuxSll:
                return octets.Length < 16 ? FrameVerdict.Broken : ReadTyped(frame, 16, Short(octets, 14), out packet);
            case LinkType.LinuxSll2:
                return octets.Length < 20 ? FrameVerdict.Broken : ReadTyped(frame, 20, Short(octets, 0), out packet);
            case LinkType.Null or LinkType.Loop:
                // The number of a family differs from system to system, and its octet order too; the packet says by itself which it is.
                return ReadIp(frame, 4, out packet);
            case LinkType.Raw or LinkType.RawOld or LinkType.RawOlder or LinkType.Ipv4 or LinkType.Ipv6:
                return ReadIp(frame, 0, out packet);
            default:
                return FrameVerdict.UnknownLink;
        }
    }

    /// <summary>Reads a UDP header, and gives what follows it (RFC 768).</summary>
    public static bool TryUdp(in IpPacket packet, out Address from, out Address to, out ReadOnlySpan<byte> payload)
    {
        var octets = packet.Payload;
        (from, to) = (default, default);
        payload = default;
        if (octets.Length < UdpHeader) return false;
        (from, to) = (new Address(packet.From, Short(octets, 0)), new Address(packet.To, Short(octets, 2)));
        payload = octets[UdpHeader..Math.Clamp((int)Short(octets, 4), UdpHeader, octets.Length)];
        return true;
    }

    /// <summary>Reads a TCP header, and gives what follows it (RFC 9293 §3.1).</summary>
    public static bool TryTcp(in IpPacket packet, out TcpSegment segment)
    {
        segment = default;
        var octets = packet.Payload;
        if (octets.Length < TcpHeader) return false;
        var (header, flags) = (4 * (octets[12] >> 4), octets[13]);
        if (header < TcpHeader || header > octets.Length) return false;
        segment = new TcpSegment
        {
            From = new Address(packet.From, Short(octets, 0)),
            To = new Address(packet.To, Short(octets, 2)),
            Sequence = BinaryPrimitives.ReadUInt32BigEndian(octets[4..]),
            Acknowledged = BinaryPrimitives.ReadUInt32BigEndian(octets[8..]),
            IsSyn = (flags & 0x02) != 0,
            IsReset = (flags & 0x04) != 0,
            IsAck = (flags & 0x10) != 0,
            Payload = octets[header..],
        };
        return true;
    }

    /// <summary>Behind an EtherType: VLAN tags are passed over (IEEE 802.1Q, 802.1ad), what is no IP is something else.</summary>
    private static FrameVerdict ReadTyped(in CapturedFrame frame, int at, ushort type, out IpPacket packet)
    {
        packet = default;
        for (var tags = 0; type is 0x8100 or 0x88A8 or 0x9100; tags++, at += 4)
        {
            if (at + 4 > frame.Length || tags == MostHeaders) return FrameVerdict.Broken;
            type = Short(frame.Buffer, at + 2);
        }

        return type is EtherV4 or EtherV6 ? ReadIp(frame, at, out packet) : FrameVerdict.Other;
    }

    private static FrameVerdict ReadIp(in CapturedFrame frame, int at, out IpPacket packet)
    {
        packet = default;
        if (at >= frame.Length) return FrameVerdict.Broken;
        return (frame.Buffer[at] >> 4) switch
        {
            4 => ReadV4(frame, at, out packet),
            6 => ReadV6(frame, at, out packet),
            _ => FrameVerdict.Broken,
        };
    }

    private static FrameVerdict ReadV4(in CapturedFrame frame, int at, out IpPacket packet)
    {
        packet = default;
        var octets = frame.Buffer.AsSpan(at, frame.Length - at);
        if (octets.Length < V4Header) return FrameVerdict.Broken;
        var header = 4 * (octets[0] & 0x0F);
        // A segment that the network card was to cut has no length yet.
        var total = Short(octets, 2) is var told and > 0 ? told : octets.Length;
        if (header < V4Header || header > total || header > octets.Length) return FrameVerdict.Broken;
        var fragment = Short(octets, 6);
        packet = new IpPacket(frame.Buffer, at + header, Math.Min(total, octets.Length) - header)
        {
            From = IpAddress.FromBytes(octets.Slice(12, 4)),
            To = IpAddress.FromBytes(octets.Slice(16, 4)),
            Protocol = octets[9],
            IsCut = octets.Length < total,
            Id = Short(octets, 4),
            Offset = 8 * (fragment & 0x1FFF),
            HasMore = (fragment & 0x2000) != 0,
        };
        return FrameVerdict.Ip;
    }

    private static FrameVerdict ReadV6(in CapturedFrame frame, int at, out IpPacket packet)
    {
        packet = default;
        var octets = frame.Buffer.AsSpan(at, frame.Length - at);
        if (octets.Length < V6Header) return FrameVerdict.Broken;
        var total = V6Header + Short(octets, 4);
        var end = Math.Min(total, octets.Length);
        var (next, header, found) = (octets[6], V6Header, new IpPacket());
        for (var i = 0; IsExtension(next); i++)
        {
            if (header + 8 > end || i == MostHeaders) return FrameVerdict.Broken;
            var extension = octets[header..];
            if (next == Fragment)
            {
                var fragment = Short(extension, 2);
                found = found with { Id = BinaryPrimitives.ReadUInt32BigEndian(extension[4..]), Offset = fragment & 0xFFF8, HasMore = (fragment & 1) != 0 };
                (next, header) = (extension[0], header + 8);
                // What follows a later fragment's header is no header (RFC 8200 §4.5).
                if (found.Offset > 0) break;
                continue;
            }

            (next, header) = (extension[0], header + 8 * (extension[1] + 1));
        }

        if (header > end) return FrameVerdict.Broken;
        packet = found with
        {
            Buffer = frame.Buffer,
            Start = at + header,
            Length = end - header,
            From = IpAddress.FromBytes(octets.Slice(8, 16)),
            To = IpAddress.FromBytes(octets.Slice(24, 16)),
            Protocol = next,
            IsCut = octets.Length < total,
        };
        return FrameVerdict.Ip;
    }

    /// <summary>Hop-by-hop, routing, fragment, destination options: what may stand before UDP and TCP in the clear (RFC 8200 §4.1).</summary>
    private static bool IsExtension(byte next) => next is 0 or 43 or Fragment or 60;

    private static ushort Short(ReadOnlySpan<byte> octets, int at) => BinaryPrimitives.ReadUInt16BigEndian(octets[at..]);
}
