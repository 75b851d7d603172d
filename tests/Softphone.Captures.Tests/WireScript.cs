using System.Buffers.Binary;
using System.Text;
using Softphone.Captures;
using Softphone.Core;
using Softphone.Media;

namespace Softphone.Captures.Tests;

/// <summary>Composes a capture packet by packet, at times that the test says, and reads it.</summary>
internal sealed class WireScript
{
    public static DateTimeOffset Epoch { get; } = new(2026, 11, 21, 3, 4, 5, TimeSpan.Zero);

    private readonly List<(double At, byte[] Packet)> _packets = [];
    private ushort _id;

    /// <summary>Seconds since the beginning; what is sent next is sent then.</summary>
    public double Now { get; set; }

    public WireScript Udp(string from, string to, string payload) => Udp(from, to, Encoding.UTF8.GetBytes(payload.ReplaceLineEndings("\r\n")));

    public WireScript Udp(string from, string to, ReadOnlySpan<byte> payload)
    {
        var (source, target) = (Address.Parse(from), Address.Parse(to));
        return Add(Ip(source.Ip, target.Ip, 17, UdpOf(source, target, payload)));
    }

    public WireScript Add(byte[] packet)
    {
        _packets.Add((Now, packet));
        return this;
    }

    /// <summary>A datagram cut into fragments of so many octets.</summary>
    public IReadOnlyList<byte[]> Fragments(string from, string to, byte[] payload, int size)
    {
        var (source, target) = (Address.Parse(from), Address.Parse(to));
        var whole = UdpOf(source, target, payload);
        _id++;
        var cut = new List<byte[]>();
        for (var at = 0; at < whole.Length; at += size)
            cut.Add(Ip(source.Ip, target.Ip, 17, whole.AsSpan(at, Math.Min(size, whole.Length - at)).ToArray(), at, at + size < whole.Length));
        return cut;
    }

    public WireScript Tcp(string from, string to, uint sequence, uint acknowledged, string payload, bool isSyn = false) =>
        Tcp(from, to, sequence, acknowledged, Encoding.UTF8.GetBytes(payload.ReplaceLineEndings("\r\n")), isSyn);

    public WireScript Tcp(string from, string to, uint sequence, uint acknowledged, ReadOnlySpan<byte> octets, bool isSyn = false)
    {
        var (source, target) = (Address.Parse(from), Address.Parse(to));
        var tcp = new byte[20 + octets.Length];
        BinaryPrimitives.WriteUInt16BigEndian(tcp, source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(tcp.AsSpan(2), target.Port);
        BinaryPrimitives.WriteUInt32BigEndian(tcp.AsSpan(4), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(tcp.AsSpan(8), acknowledged);
        tcp[12] = 5 << 4;
        tcp[13] = (byte)(0x10 | (isSyn ? 2 : 0));
        octets.CopyTo(tcp.AsSpan(20));
        return Add(Ip(source.Ip, target.Ip, 6, tcp));
    }

    /// <summary>Audio from now on, a packet each 20 ms; the clock goes on.</summary>
    public WireScript Rtp(string from, string to, double seconds, byte type = 0, uint ssrc = 1, int step = 160, Func<int, bool>? isLost = null, ushort first = 100, double every = 0.02)
    {
        var began = Now;
        for (var i = 0; i * every < seconds; i++)
        {
            Now = began + i * every;
            if (isLost?.Invoke(i) == true) continue;
            var packet = new byte[12 + 160];
            new RtpHeader(type, (ushort)(first + i), (uint)(i * step), ssrc, i == 0).Write(packet);
            Udp(from, to, packet);
        }

        Now = began + seconds;
        return this;
    }

    /// <summary>Both at once.</summary>
    public WireScript Talk(string a, string b, double seconds, byte type = 0)
    {
        var began = Now;
        Rtp(a, b, seconds, type, ssrc: 11);
        Now = began;
        return Rtp(b, a, seconds, type, ssrc: 22);
    }

    public byte[] Pcap(LinkType link = LinkType.Raw, Func<byte[], byte[]>? frame = null)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        foreach (var number in new[] { 0xA1B2C3D4u, 0x00040002u, 0u, 0u, 262_144u, (uint)link }) writer.Write(number);
        foreach (var (at, packet) in _packets.OrderBy(p => p.At))
        {
            var octets = frame?.Invoke(packet) ?? packet;
            writer.Write((uint)(Microseconds(at) / 1_000_000));
            writer.Write((uint)(Microseconds(at) % 1_000_000));
            writer.Write(octets.Length);
            writer.Write(octets.Length);
            writer.Write(octets);
        }

        return stream.ToArray();
    }

    public byte[] Pcapng(byte resolution = 6)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        Block(0x0A0D0D0A, w =>
        {
            w.Write(0x1A2B3C4Du);
            w.Write(1u);
            w.Write(-1L);
        });
        Block(1, w =>
        {
            w.Write((ushort)LinkType.Raw);
            w.Write((ushort)0);
            w.Write(0u);
            w.Write((ushort)9);
            w.Write((ushort)1);
            w.Write((uint)resolution);
            w.Write(0u);
        });
        Block(0xBAD, w => w.Write(7u));
        foreach (var (at, packet) in _packets.OrderBy(p => p.At))
            Block(6, w =>
            {
                var ticks = Microseconds(at) * (resolution == 9 ? 1000ul : 1);
                w.Write(0u);
                w.Write((uint)(ticks >> 32));
                w.Write((uint)ticks);
                w.Write(packet.Length);
                w.Write(packet.Length);
                w.Write(packet);
                w.Write(new byte[(4 - packet.Length % 4) % 4]);
            });
        return stream.ToArray();

        void Block(uint type, Action<BinaryWriter> body)
        {
            using var inner = new MemoryStream();
            using var w = new BinaryWriter(inner);
            body(w);
            w.Flush();
            var length = (uint)inner.Length + 12;
            writer.Write(type);
            writer.Write(length);
            writer.Write(inner.ToArray());
            writer.Write(length);
        }
    }

    private static ulong Microseconds(double at) => (ulong)(Epoch - DateTimeOffset.UnixEpoch).TotalSeconds * 1_000_000 + (ulong)Math.Round(at * 1e6);

    public Capture Read() => Read(Pcap());

    public static Capture Read(byte[] file) => Read(file, out _);

    public static Capture Read(byte[] file, out CaptureReader reader)
    {
        Assert.True(CaptureReader.TryOpen(new MemoryStream(file), out var opened, out var error), error.ToString());
        reader = opened;
        var analysis = new CaptureAnalysis();
        while (reader.TryRead(out var frame)) analysis.Take(frame);
        return analysis.Finish();
    }

    private static byte[] UdpOf(Address from, Address to, ReadOnlySpan<byte> payload)
    {
        var udp = new byte[8 + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(udp, from.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(2), to.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(4), (ushort)udp.Length);
        payload.CopyTo(udp.AsSpan(8));
        return udp;
    }

    private byte[] Ip(IpAddress from, IpAddress to, byte protocol, byte[] payload, int offset = -1, bool hasMore = false)
    {
        if (from.IsV4)
        {
            var v4 = new byte[20 + payload.Length];
            v4[0] = 0x45;
            BinaryPrimitives.WriteUInt16BigEndian(v4.AsSpan(2), (ushort)v4.Length);
            BinaryPrimitives.WriteUInt16BigEndian(v4.AsSpan(4), _id);
            if (offset >= 0) BinaryPrimitives.WriteUInt16BigEndian(v4.AsSpan(6), (ushort)(offset / 8 | (hasMore ? 0x2000 : 0)));
            v4[8] = 64;
            v4[9] = protocol;
            from.WriteTo(v4.AsSpan(12));
            to.WriteTo(v4.AsSpan(16));
            payload.CopyTo(v4, 20);
            return v4;
        }

        var extra = offset >= 0 ? 8 : 0;
        var v6 = new byte[40 + extra + payload.Length];
        v6[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(v6.AsSpan(4), (ushort)(payload.Length + extra));
        v6[6] = extra > 0 ? (byte)44 : protocol;
        v6[7] = 64;
        from.WriteTo(v6.AsSpan(8));
        to.WriteTo(v6.AsSpan(24));
        if (extra > 0)
        {
            v6[40] = protocol;
            BinaryPrimitives.WriteUInt16BigEndian(v6.AsSpan(42), (ushort)(offset | (hasMore ? 1 : 0)));
            BinaryPrimitives.WriteUInt32BigEndian(v6.AsSpan(44), _id);
        }

        payload.CopyTo(v6, 40 + extra);
        return v6;
    }
}
