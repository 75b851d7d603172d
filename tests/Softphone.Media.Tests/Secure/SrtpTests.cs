using Softphone.Core;

namespace Softphone.Media.Tests;

public sealed class SrtpTests
{
    public static TheoryData<string> Suites => SrtpLine.Suites;

    [Theory]
    [MemberData(nameof(Suites))]
    [Rfc("3711", "3.1")]
    [Rfc("4568", "6.2")]
    public void Packet_OfEverySuite_ComesBackAndHidesItsPayload(string name)
    {
        using var line = new SrtpLine(SrtpSuite.Of(name));
        var plain = SrtpLine.Plain(7);
        var packet = line.Protect(plain);

        Assert.Equal(plain.Length + SrtpSuite.Of(name)!.TagLength, packet.Length);
        Assert.Equal(plain[..12], packet[..12]);
        Assert.Equal(-1, packet.AsSpan().IndexOf(plain.AsSpan(12, 8)));
        Assert.Equal(SrtpVerdict.Taken, line.Open(packet, out var opened));
        Assert.Equal(plain, opened);
    }

    [Theory]
    [MemberData(nameof(Suites))]
    [Rfc("3711", "3.4")]
    public void Report_OfEverySuite_ComesBackWithTheLongTag(string name)
    {
        using var line = new SrtpLine(SrtpSuite.Of(name));
        var plain = SrtpLine.PlainReport();
        var packet = line.ProtectReport();

        Assert.Equal(plain.Length + 4 + (SrtpSuite.Of(name)!.IsAead ? 16 : 10), packet.Length);
        Assert.Equal(plain[..8], packet[..8]);
        Assert.Equal(SrtpVerdict.Taken, line.Receiver.OpenRtcp(packet, out var length));
        Assert.Equal(plain, packet[..length]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(9000)]
    public void Payload_OfAnyLength_ComesBack(int octets)
    {
        foreach (var suite in SrtpSuite.All)
        {
            using var line = new SrtpLine(suite);
            var plain = SrtpLine.Plain(1, payload: octets);
            Assert.Equal(SrtpVerdict.Taken, line.Open(line.Protect(plain), out var opened));
            Assert.Equal(plain, opened);
        }
    }

    [Fact]
    [Rfc("3711", "3.1")]
    public void Header_WithContributorsAndExtension_StaysReadable()
    {
        byte[] plain = [0x91, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0xBE, 0xDE, 0, 1, 0x10, 0xAA, 0, 0, 9, 8, 7];
        using var line = new SrtpLine();
        var packet = line.Protect(plain);
        Assert.Equal(plain[..24], packet[..24]);
        Assert.NotEqual(plain[24..27], packet[24..27]);
        Assert.Equal(SrtpVerdict.Taken, line.Open(packet, out var opened));
        Assert.Equal(plain, opened);
    }

    [Theory]
    [MemberData(nameof(Suites))]
    [Rfc("3711", "4.2")]
    public void Packet_WithAnyBitChanged_IsRefusedAndLeftAsItCame(string name)
    {
        using var line = new SrtpLine(SrtpSuite.Of(name));
        var packet = line.Protect(SrtpLine.Plain(7, payload: 20));
        var report = line.ProtectReport();
        for (var bit = 0; bit < packet.Length * 8; bit++)
        {
            var changed = Flipped(packet, bit);
            Assert.NotEqual(SrtpVerdict.Taken, line.Receiver.Open(changed, out _));
            Assert.Equal(Flipped(packet, bit), changed);
        }

        for (var bit = 0; bit < report.Length * 8; bit++) Assert.NotEqual(SrtpVerdict.Taken, line.OpenReport(Flipped(report, bit)));
        Assert.Equal(SrtpVerdict.Taken, line.Open(packet));
        Assert.Equal(SrtpVerdict.Taken, line.OpenReport(report));
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void Packet_CutAnywhere_IsRefused(string name)
    {
        using var line = new SrtpLine(SrtpSuite.Of(name));
        var packet = line.Protect(7);
        var report = line.ProtectReport();
        for (var length = 0; length < packet.Length; length++) Assert.NotEqual(SrtpVerdict.Taken, line.Open(packet.AsSpan(0, length)));
        for (var length = 0; length < report.Length; length++) Assert.NotEqual(SrtpVerdict.Taken, line.OpenReport(report.AsSpan(0, length)));
    }

    [Fact]
    [Rfc("3711", "3.3.2")]
    public void Packet_ThatCameBefore_IsRefused()
    {
        using var line = new SrtpLine();
        var packets = Enumerable.Range(0, 300).Select(n => line.Protect(n)).ToList();
        foreach (var packet in packets) Assert.Equal(SrtpVerdict.Taken, line.Open(packet));
        foreach (var packet in packets) Assert.Equal(SrtpVerdict.Replayed, line.Open(packet));
        var report = line.ProtectReport();
        Assert.Equal(SrtpVerdict.Taken, line.OpenReport(report));
        Assert.Equal(SrtpVerdict.Replayed, line.OpenReport(report));
    }

    [Fact]
    [Rfc("3711", "3.3.2")]
    public void Packet_OfTheLast128_MayComeLate_AndAnOlderOneMayNot()
    {
        using var line = new SrtpLine();
        var packets = Enumerable.Range(0, 200).Select(n => line.Protect(n)).ToList();
        Assert.Equal(SrtpVerdict.Taken, line.Open(packets[199]));
        Assert.Equal(SrtpVerdict.Taken, line.Open(packets[199 - 127]));
        Assert.Equal(SrtpVerdict.Replayed, line.Open(packets[199 - 128]));
        foreach (var n in Enumerable.Range(73, 126).Reverse()) Assert.Equal(SrtpVerdict.Taken, line.Open(packets[n]));
        foreach (var n in Enumerable.Range(0, 200)) Assert.Equal(SrtpVerdict.Replayed, line.Open(packets[n]));
    }

    /// <summary>5 % loss, one in ten late by up to ninety places, three turns of the sequence numbers: what arrives is opened, once.</summary>
    [Theory]
    [InlineData("AES_CM_128_HMAC_SHA1_80")]
    [InlineData("AEAD_AES_128_GCM")]
    [Rfc("3711", "3.3.1")]
    public void Packets_LostAndOutOfOrderOverTurns_AreAllTheirs(string name)
    {
        using var line = new SrtpLine(SrtpSuite.Of(name));
        var chance = new SeededEntropy(11);
        var late = new List<(long At, long Number, byte[] Packet)>();
        var opened = 0;
        for (long n = 30_000; n < 30_000 + 3 * 65_536; n++)
        {
            var packet = line.Protect(SrtpLine.Plain(n, payload: 20));
            if (chance.NextInt(20) == 0) continue;
            if (chance.NextInt(10) == 0) late.Add((n + chance.NextInt(90), n, packet));
            else Check(n, packet);
            foreach (var (_, number, held) in late.Where(l => l.At <= n)) Check(number, held);
            late.RemoveAll(l => l.At <= n);
        }

        Assert.True(opened > 180_000);

        void Check(long number, byte[] packet)
        {
            Assert.Equal(SrtpVerdict.Taken, line.Open(packet, out var plain));
            Assert.Equal(SrtpLine.Plain(number, payload: 20), plain);
            opened++;
        }
    }

    [Theory]
    [InlineData(65_535, 65_540, 65_536)]
    [InlineData(65_530, 65_600, 65_535)]
    [InlineData(60_000, 65_536 + 20_000, 65_536 + 19_990)]
    [InlineData(40_000, 65_536 + 30_000, 65_536 + 29_999)]
    [InlineData(10, 32_777, 32_776)]
    [InlineData(10, 10 + 40_000, 10 + 39_999)]
    [InlineData(10, 10 + 60_000, 10 + 59_999)]
    [Rfc("3711", "3.3.1")]
    public void Counter_OverAHoleAndBack_IsFound(long first, long next, long late)
    {
        using var line = new SrtpLine();
        byte[] held = [];
        for (var n = first; n <= next; n++)
        {
            var packet = line.Protect(n);
            if (n == late) held = packet;
            if (n == first || n == next) Assert.Equal(SrtpVerdict.Taken, line.Open(packet));
        }

        Assert.Equal(SrtpVerdict.Taken, line.Open(held));
    }

    [Fact]
    [Rfc("3711", "3.3.1")]
    public void Counter_AfterTheBeginningWasMissed_IsFound()
    {
        using var line = new SrtpLine();
        for (long n = 65_530; n < 65_540; n++)
        {
            var packet = line.Protect(n);
            if (n >= 65_538) Assert.Equal(SrtpVerdict.Taken, line.Open(packet));
        }
    }

    [Fact]
    [Rfc("3711", "3.3.1")]
    public void Counter_OfAForgedPacket_StaysWhatItWas()
    {
        using var line = new SrtpLine();
        Assert.Equal(SrtpVerdict.Taken, line.Open(line.Protect(40_000)));
        var forged = line.Protect(40_001);
        forged[2] = forged[3] = 0;
        for (var i = 0; i < 1000; i++) Assert.Equal(SrtpVerdict.Forged, line.Open(forged));
        Assert.Equal(SrtpVerdict.Taken, line.Open(line.Protect(40_002)));
    }

    [Fact]
    [Rfc("3711", "3.2.3")]
    public void Source_ThatChanges_HasItsOwnCounterAndWindow()
    {
        using var line = new SrtpLine();
        for (long n = 65_530; n < 65_540; n++) Assert.Equal(SrtpVerdict.Taken, line.Open(line.Protect(n, 1)));
        for (long n = 10; n < 20; n++) Assert.Equal(SrtpVerdict.Taken, line.Open(line.Protect(n, 2)));
        Assert.Equal(SrtpVerdict.Taken, line.Open(line.Protect(65_540, 1)));
        Assert.Equal(SrtpVerdict.Taken, line.OpenReport(line.ProtectReport(1)));
        Assert.Equal(SrtpVerdict.Taken, line.OpenReport(line.ProtectReport(2)));
    }

    [Fact]
    public void Sources_OfAKey_AreBounded()
    {
        using var line = new SrtpLine();
        for (uint ssrc = 1; ssrc <= 128; ssrc++) Assert.Equal(SrtpVerdict.Taken, line.Open(line.Protect(1, ssrc)));
        using var more = new SrtpLine();
        Assert.Equal(SrtpVerdict.TooManySources, line.Open(more.Protect(1, 200)));
        Assert.Equal(SrtpVerdict.TooManySources, line.OpenReport(more.ProtectReport(200)));
        Assert.Equal(SrtpVerdict.Taken, line.Open(line.Protect(2, 1)));
        var buffer = new byte[400];
        SrtpLine.Plain(1, 200).CopyTo(buffer, 0);
        Assert.False(line.Sender.TryProtect(buffer, 172, out _));
    }

    [Theory]
    [MemberData(nameof(Suites))]
    [Rfc("3711", "3.2.1")]
    public void Mki_OfOneOfSeveralKeys_ChoosesIt(string name)
    {
        var suite = SrtpSuite.Of(name);
        SrtpKey[] keys = [SrtpLine.KeyOf(1, suite, "0001"), SrtpLine.KeyOf(2, suite, "0002")];
        using var receiver = new SrtpReceiver(keys);
        long number = 65_000;
        SrtpSender? sender = null;
        foreach (var (key, count) in new[] { (keys[0], 1000), (keys[1], 1000), (keys[0], 1) })
        {
            // The counter goes on from key to key (RFC 3711 §3.3.1).
            sender = new SrtpSender(key, sender);
            for (var i = 0; i < count; i++, number++)
            {
                var buffer = new byte[400];
                SrtpLine.Plain(number).CopyTo(buffer, 0);
                Assert.True(sender.TryProtect(buffer, 172, out var length));
                Assert.Equal(SrtpVerdict.Taken, receiver.Open(buffer.AsSpan(0, length), out length));
                Assert.Equal(SrtpLine.Plain(number), buffer[..length]);
            }

            var report = new byte[400];
            var plain = SrtpLine.PlainReport(number < 66_000 ? 1u : 2u);
            plain.CopyTo(report, 0);
            Assert.True(sender.TryProtectRtcp(report, plain.Length, out var octets));
            if (count > 1) Assert.Equal(SrtpVerdict.Taken, receiver.OpenRtcp(report.AsSpan(0, octets), out _));
        }

        using var stranger = new SrtpLine(suite, "0003");
        Assert.Equal(SrtpVerdict.UnknownKey, receiver.Open(stranger.Protect(5), out _));
        Assert.Equal(SrtpVerdict.UnknownKey, receiver.OpenRtcp(stranger.ProtectReport(), out _));
    }

    /// <summary>A new key in the middle of the second turn: late packets of the old one, then none of them; the counter goes on.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("3711", "3.3.1")]
    [Rfc("3711", "8.1")]
    public void Key_ThatChanges_IsTakenWithAndWithoutTheCounter(bool goesOn)
    {
        using var line = new SrtpLine();
        for (long n = 65_000; n < 66_000; n++) Assert.Equal(SrtpVerdict.Taken, line.Open(line.Protect(n)));
        var late = line.Protect(66_000);
        var later = line.Protect(66_001);
        line.Receiver.Change([SrtpLine.KeyOf(2)]);
        Assert.Equal(SrtpVerdict.Taken, line.Open(late));

        // Some begin at zero with each key, whatever RFC 3711 says.
        line.Sender = new SrtpSender(SrtpLine.KeyOf(2), goesOn ? line.Sender : null);
        for (long n = 66_002; n < 66_200; n++) Assert.Equal(SrtpVerdict.Taken, line.Open(line.Protect(n)));
        Assert.NotEqual(SrtpVerdict.Taken, line.Open(later));
        Assert.Equal([SrtpLine.KeyOf(2)], line.Receiver.Keys);
    }

    [Fact]
    public void Key_ThatStays_KeepsWhatCame()
    {
        using var line = new SrtpLine();
        var packet = line.Protect(1);
        Assert.Equal(SrtpVerdict.Taken, line.Open(packet));
        line.Receiver.Change([SrtpLine.KeyOf(1)]);
        Assert.Equal(SrtpVerdict.Replayed, line.Open(packet));
    }

    [Fact]
    [Rfc("3711", "9.1")]
    public void Sender_WithASequenceNumberThatWasUsed_SendsNothing()
    {
        using var line = new SrtpLine();
        line.Protect(5);
        line.Protect(6);
        var buffer = new byte[400];
        foreach (var number in new[] { 5, 6 })
        {
            SrtpLine.Plain(number).CopyTo(buffer, 0);
            Assert.False(line.Sender.TryProtect(buffer, 172, out _));
        }
    }

    [Fact]
    [Rfc("3711", "9.2")]
    public void Key_ThatDidAllItMay_ProtectsNoMore()
    {
        using var line = new SrtpLine(lifetime: 32);
        for (var n = 0; n < 30; n++) line.Protect(n);
        Assert.True(line.Sender.IsWorn);
        line.Protect(30);
        line.Protect(31);
        var buffer = new byte[400];
        SrtpLine.Plain(32).CopyTo(buffer, 0);
        Assert.False(line.Sender.TryProtect(buffer, 172, out _));
        for (var n = 0; n < 32; n++) line.ProtectReport();
        SrtpLine.PlainReport().CopyTo(buffer, 0);
        Assert.False(line.Sender.TryProtectRtcp(buffer, SrtpLine.PlainReport().Length, out _));
    }

    [Fact]
    [Rfc("3711", "9.2")]
    public void Index_PastTheLastTurn_IsNone()
    {
        const ulong last = SrtpKey.MostPackets - 1;
        Assert.Equal(last, SrtpSource.Guess(last, 0xFFFF));
        Assert.Equal(ulong.MaxValue, SrtpSource.Guess(last, 5));
    }

    [Fact]
    [Rfc("4568", "6.3.3")]
    public void Report_ThatIsNotEncrypted_IsRefused()
    {
        using var line = new SrtpLine();
        var report = line.ProtectReport();
        report[^14] &= 0x7F;
        Assert.Equal(SrtpVerdict.Unencrypted, line.OpenReport(report));
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void Packets_OfAKnownSource_AllocateNothing(string name)
    {
        using var line = new SrtpLine(SrtpSuite.Of(name));
        var plain = SrtpLine.Plain(0);
        var report = SrtpLine.PlainReport();
        var buffer = new byte[plain.Length + SrtpSuite.MostOverhead];
        for (var n = 0; n < 100; n++) Pass(n);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 100; n < 1100; n++) Pass(n);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Pass(int number)
        {
            plain.CopyTo(buffer, 0);
            buffer[2] = (byte)(number >> 8);
            buffer[3] = (byte)number;
            var ok = line.Sender.TryProtect(buffer, plain.Length, out var length);
            buffer[length - 1] ^= 1;
            ok &= line.Receiver.Open(buffer.AsSpan(0, length), out _) == SrtpVerdict.Forged;
            buffer[length - 1] ^= 1;
            ok &= line.Receiver.Open(buffer.AsSpan(0, length), out _) == SrtpVerdict.Taken;
            report.CopyTo(buffer, 0);
            ok &= line.Sender.TryProtectRtcp(buffer, report.Length, out length);
            ok &= line.Receiver.OpenRtcp(buffer.AsSpan(0, length), out _) == SrtpVerdict.Taken;
            if (!ok) Assert.Fail($"packet {number} was not taken");
        }
    }

    [Fact]
    public void Key_AsText_IsNotTold()
    {
        var key = SrtpLine.KeyOf(1);
        Assert.Equal("AES_CM_128_HMAC_SHA1_80 (secret)", key.ToString());
        Assert.Throws<ArgumentException>(() => new SrtpKey(SrtpSuite.AesCm128Tag80, new byte[29]));
        Assert.Throws<ArgumentException>(() => new SrtpKey(SrtpSuite.AesCm128Tag80, new byte[30], new byte[129]));
        Assert.Throws<ArgumentException>(() => new SrtpKey(SrtpSuite.AesCm128Tag80, new byte[30], default, 0));
    }

    private static byte[] Flipped(byte[] packet, int bit)
    {
        var changed = packet.ToArray();
        changed[bit / 8] ^= (byte)(1 << bit % 8);
        return changed;
    }
}
