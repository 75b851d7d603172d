using System.Buffers.Binary;

namespace Softphone.Fuzz;

/// <summary>Sound captures made of what is in the corpus and of what a phone heard in a call: datagrams and streams, each link, both formats.</summary>
internal static class CaptureSeeds
{
    private const int Longest = 20_000;

    public static IReadOnlyList<byte[]> All { get; } = Make();

    private static List<byte[]> Make()
    {
        var call = CallWorld.Overheard(CallWorld.Aim.Phone);
        var (udp, tcp) = (call.Select((o, i) => Ip(17, Udp(o, i))).ToList(), Streams([.. Corpus.SipMessages.Take(3)]));
        var few = Corpus.SipMessages.Take(3).Concat(Corpus.Stun).Concat(Corpus.Rtp).Select((o, i) => Ip(17, Udp(o, i))).ToList();
        return
        [
            Pcap(101, udp),
            Pcap(101, [.. tcp, .. udp.Take(20)]),
            Pcap(1, few, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0x81, 0, 0, 5, 8, 0]),
            Pcap(113, few, [0, 0, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, 8, 0]),
            Pcap(276, few, [8, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0]),
            Pcap(0, few, [2, 0, 0, 0]),
            Pcapng(udp),
            Pcapng(Fragments(Udp(Corpus.SipMessages[0], 0))),
        ];
    }

    private static byte[] Udp(byte[] payload, int turn)
    {
        var (from, to) = turn % 2 == 0 ? (5060, 40000) : (40000, 5060);
        byte[] head = [(byte)(from >> 8), (byte)from, (byte)(to >> 8), (byte)to, (byte)((payload.Length + 8) >> 8), (byte)(payload.Length + 8), 0, 0];
        return [.. head, .. payload];
    }

    private static List<byte[]> Streams(IReadOnlyList<byte[]> messages)
    {
        var packets = new List<byte[]>();
        var sequence = 1000;
        foreach (var message in messages)
            for (var at = 0; at < message.Length; at += 200)
            {
                var piece = message.AsSpan(at, Math.Min(200, message.Length - at)).ToArray();
                byte[] head = [0x13, 0xC4, 0x9C, 0x40, 0, 0, (byte)(sequence >> 8), (byte)sequence, 0, 0, 0, 1, 0x50, 0x18, 0xFF, 0xFF, 0, 0, 0, 0];
                packets.Add(Ip(6, [.. head, .. piece]));
                sequence += piece.Length;
            }

        return packets;
    }

    private static List<byte[]> Fragments(byte[] datagram)
    {
        var pieces = new List<byte[]>();
        for (var at = 0; at < datagram.Length; at += 400) pieces.Add(Ip(17, datagram.AsSpan(at, Math.Min(400, datagram.Length - at)).ToArray(), at / 8 | (at + 400 < datagram.Length ? 0x2000 : 0)));
        return pieces;
    }

    private static byte[] Ip(byte protocol, byte[] payload, int fragment = 0)
    {
        var total = 20 + payload.Length;
        byte[] head = [0x45, 0, (byte)(total >> 8), (byte)total, 0, 7, (byte)(fragment >> 8), (byte)fragment, 64, protocol, 0, 0, 198, 51, 100, 1, 203, 0, 113, 5];
        return [.. head, .. payload];
    }

    private static byte[] Pcap(uint link, IEnumerable<byte[]> packets, byte[]? header = null)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        foreach (var number in new[] { 0xA1B2C3D4u, 0x00040002u, 0u, 0u, 262_144u, link }) writer.Write(number);
        var at = 0u;
        foreach (var packet in packets)
        {
            byte[] frame = [.. header ?? [], .. packet];
            if (stream.Length + frame.Length > Longest) break;
            at += 20_000;
            foreach (var number in new[] { 1_795_230_245 + at / 1_000_000, at % 1_000_000, (uint)frame.Length, (uint)frame.Length }) writer.Write(number);
            writer.Write(frame);
        }

        return stream.ToArray();
    }

    private static byte[] Pcapng(IEnumerable<byte[]> packets)
    {
        using var stream = new MemoryStream();
        Block(stream, 0x0A0D0D0A, [0x4D, 0x3C, 0x2B, 0x1A, 1, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255]);
        Block(stream, 1, [101, 0, 0, 0, 0, 0, 4, 0]);
        var at = 0u;
        foreach (var packet in packets)
        {
            if (stream.Length + packet.Length > Longest) break;
            var body = new byte[20 + ((packet.Length + 3) & ~3)];
            BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(8), at += 20_000);
            BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(12), (uint)packet.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(16), (uint)packet.Length);
            packet.CopyTo(body, 20);
            Block(stream, 6, body);
        }

        return stream.ToArray();
    }

    private static void Block(MemoryStream stream, uint type, byte[] body)
    {
        Span<byte> number = stackalloc byte[4];
        foreach (var part in new[] { type, (uint)(12 + body.Length) })
        {
            BinaryPrimitives.WriteUInt32LittleEndian(number, part);
            stream.Write(number);
        }

        stream.Write(body);
        BinaryPrimitives.WriteUInt32LittleEndian(number, (uint)(12 + body.Length));
        stream.Write(number);
    }
}
