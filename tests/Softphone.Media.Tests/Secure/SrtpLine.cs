using Softphone.Core;

namespace Softphone.Media.Tests;

/// <summary>A sender and a receiver with keys by a seed, and the packets between them.</summary>
internal sealed class SrtpLine : IDisposable
{
    public SrtpLine(SrtpSuite? suite = null, string mki = "", ulong lifetime = SrtpKey.MostPackets)
    {
        Key = KeyOf(1, suite, mki, lifetime);
        Sender = new SrtpSender(Key);
        Receiver = new SrtpReceiver([Key]);
    }

    public SrtpKey Key { get; }

    public SrtpSender Sender { get; set; }

    public SrtpReceiver Receiver { get; }

    public static TheoryData<string> Suites => [.. SrtpSuite.All.Select(s => s.Name)];

    public static SrtpKey KeyOf(ulong seed, SrtpSuite? suite = null, string mki = "", ulong lifetime = SrtpKey.MostPackets)
    {
        suite ??= SrtpSuite.AesCm128Tag80;
        var octets = new byte[suite.KeyLength + suite.SaltLength];
        new SeededEntropy(seed).Fill(octets);
        return new SrtpKey(suite, octets, Convert.FromHexString(mki), lifetime);
    }

    /// <summary>A plain packet whose payload tells its number.</summary>
    public static byte[] Plain(long number, uint ssrc = 0xCAFE, int payload = 160)
    {
        var packet = new byte[RtpHeader.Length + payload];
        new RtpHeader(0, (ushort)number, (uint)(160 * number), ssrc, false).Write(packet);
        for (var i = 0; i < payload; i++) packet[RtpHeader.Length + i] = (byte)(number + i);
        return packet;
    }

    public static byte[] PlainReport(uint ssrc = 0xCAFE)
    {
        var packet = new byte[64];
        var writer = new RtcpWriter(packet);
        writer.ReceiverReport(ssrc, []);
        writer.Cname(ssrc, "someone");
        return packet[..writer.Length];
    }

    public byte[] Protect(ReadOnlySpan<byte> plain)
    {
        var buffer = new byte[plain.Length + SrtpSuite.MostOverhead];
        plain.CopyTo(buffer);
        Assert.True(Sender.TryProtect(buffer, plain.Length, out var length));
        return buffer[..length];
    }

    public byte[] Protect(long number, uint ssrc = 0xCAFE) => Protect(Plain(number, ssrc));

    public byte[] ProtectReport(uint ssrc = 0xCAFE)
    {
        var plain = PlainReport(ssrc);
        var buffer = new byte[plain.Length + SrtpSuite.MostOverhead];
        plain.CopyTo(buffer, 0);
        Assert.True(Sender.TryProtectRtcp(buffer, plain.Length, out var length));
        return buffer[..length];
    }

    /// <summary>Opens a copy, so that the same packet can come again.</summary>
    public SrtpVerdict Open(ReadOnlySpan<byte> packet, out byte[] plain)
    {
        var copy = packet.ToArray();
        var verdict = Receiver.Open(copy, out var length);
        plain = verdict == SrtpVerdict.Taken ? copy[..length] : [];
        return verdict;
    }

    public SrtpVerdict Open(ReadOnlySpan<byte> packet) => Open(packet, out _);

    public SrtpVerdict OpenReport(ReadOnlySpan<byte> packet) => Receiver.OpenRtcp(packet.ToArray(), out _);

    public void Dispose()
    {
        Sender.Dispose();
        Receiver.Dispose();
    }
}
