using Softphone.Core;

namespace Softphone.Media.Tests;

/// <summary>Telephone events (RFC 4733): the payload, the sender's packets, and what the receiver makes of those that arrive.</summary>
public sealed class DtmfTests
{
    private const int Frame = 960;

    [Theory]
    [Rfc("4733", "2.3", Line = "media R18")]
    [InlineData("010A0320", 1, false, 10, 800)]
    [InlineData("0B8A0640", 11, true, 10, 1600)]
    [InlineData("10FFFFFF", 16, true, 63, 65_535)]
    public void Payload_ReadAndWritten_IsTheRfcs(string hex, int code, bool end, int volume, int duration)
    {
        var bytes = Convert.FromHexString(hex);
        Assert.True(TelephoneEvent.TryParse(bytes, out var value, out _));
        Assert.Equal((code, end, volume, duration), (value.Code, value.End, value.Volume, value.Duration));
        var written = new byte[4];
        value.Write(written);

        // The reserved bit is ignored on receipt and zero when sent.
        bytes[1] &= 0xBF;
        Assert.Equal(bytes, written);
    }

    [Fact]
    public void Payload_TooShort_IsRefused() => Assert.False(TelephoneEvent.TryParse([1, 2, 3], out _, out _));

    [Fact]
    [Rfc("4733", "3.2", Line = "media R18")]
    public void Keys_OfTheTable_HaveTheirCodes()
    {
        const string keys = "0123456789*#ABCD!";
        for (byte i = 0; i < keys.Length; i++)
        {
            Assert.True(TelephoneEvent.TryCode(keys[i], out var code));
            Assert.Equal(i, code);
            Assert.Equal(keys[i], new TelephoneEvent(i, false, 0, 0).Key);
        }

        Assert.True(TelephoneEvent.TryCode('d', out var d));
        Assert.Equal(15, d);
        Assert.False(TelephoneEvent.TryCode('x', out _));
    }

    [Theory]
    [Rfc("4733", "2.5.1", Line = "media R18")]
    [InlineData(48_000)]
    [InlineData(8000)]
    public void Key_Sent_FreezesItsStartGrowsAndEndsThreeTimes(int clock)
    {
        var packets = Send("5", clock);

        Assert.Equal(10, packets.Count);
        Assert.All(packets, p => Assert.Equal((packets[0].Start, 0u, 5), (p.Start, p.Offset, p.Event.Code)));
        Assert.All(packets, p => Assert.Equal(10, p.Event.Volume));
        Assert.True(packets[0].Marker);
        Assert.DoesNotContain(packets.Skip(1), p => p.Marker);
        var step = clock / 50;
        for (var i = 0; i < 8; i++) Assert.Equal((i + 1) * step, packets[i].Event.Duration);
        Assert.DoesNotContain(packets.Take(7), p => p.Event.End);
        Assert.Equal(3, packets.Count(p => p.Event.End));
        Assert.All(packets.Skip(7), p => Assert.Equal(packets[7].Event, p.Event));
    }

    [Fact]
    [Rfc("4733", "2.5.1.2", Line = "media R18")]
    public void Keys_InARow_LeaveAGap()
    {
        var packets = Send("12", 8000);
        var gap = (packets[10].Start - packets[0].Start) / 48 - 160;
        Assert.InRange(gap, 60, 120);
        Assert.True(packets[10].Marker);
    }

    [Fact]
    public void Pause_InTheKeys_LastsHalfASecondEach()
    {
        var packets = Send("1ww2#", 8000);
        Assert.Equal("12#", string.Concat(packets.Where(p => p.Marker).Select(p => p.Event.Key)));
        var gap = (packets[10].Start - packets[0].Start) / 48 - 160;
        Assert.InRange(gap, 1000, 1200);
    }

    [Fact]
    [Rfc("4733", "2.5.1.3", Line = "media R18")]
    public void Key_PastSixteenBitsOfDuration_IsSplitWithoutABreak()
    {
        var sender = new DtmfSender { ToneLength = TimeSpan.FromSeconds(3) };
        sender.TryEnqueue("7");
        var packets = Drain(sender, 48_000);

        Assert.Equal(3, packets.Select(p => p.Offset).Distinct().Count());
        Assert.All(packets, p => Assert.Equal(0u, p.Offset % 0xFFFF));
        Assert.Equal(1, packets.Count(p => p.Marker));
        Assert.Equal(3, packets.Count(p => p.Event.End));
        Assert.Equal(3 * 48_000u, packets[^1].Offset + packets[^1].Event.Duration);

        var key = Assert.Single(Hear(packets, 48_000));
        Assert.Equal(('7', 3000), key);
    }

    [Theory]
    [InlineData("12x")]
    [InlineData("1 2")]
    public void Keys_WithAnUnknownOne_AreRefusedWhole(string keys)
    {
        var sender = new DtmfSender();
        Assert.False(sender.TryEnqueue(keys));
        Assert.False(sender.IsBusy);
    }

    [Fact]
    public void Keys_PastTheBound_AreRefused()
    {
        var sender = new DtmfSender();
        Assert.True(sender.TryEnqueue(new string('1', DtmfSender.Bound)));
        Assert.False(sender.TryEnqueue("2"));
    }

    [Fact]
    [Rfc("4733", "2.5.2", Line = "media R18")]
    public void Keys_WithAnyPacketsLost_AreHeardOnceEach()
    {
        // Every pattern of losing some of the ten packets of each key, as long as one is left.
        var packets = Send("19", 8000);
        for (var mask = 1; mask < 1 << 10; mask++)
        {
            var arrived = packets.Where((_, i) => (mask >> (i % 10) & 1) != 0).ToList();
            Assert.Equal("19", string.Concat(Hear(arrived, 8000).Select(k => k.Key)));
        }
    }

    [Fact]
    [Rfc("4733", "2.5.2", Line = "media R18")]
    public void Key_WhosePacketsComeInAnyOrder_IsHeardOnce()
    {
        var chance = new SeededEntropy(8);
        var packets = Send("4", 8000);
        for (var round = 0; round < 500; round++)
        {
            var order = packets.OrderBy(_ => chance.NextUInt32()).ToList();
            var key = Assert.Single(Hear(order, 8000));
            Assert.Equal('4', key.Key);
        }
    }

    [Fact]
    [Rfc("4733", "2.5.2", Line = "media R18")]
    public void Key_WhoseEndIsLost_IsOverSoonAfterItsLastPacket()
    {
        var packets = Send("3", 8000).Take(6).ToList();
        var key = Assert.Single(Hear(packets, 8000));
        Assert.Equal(('3', 120), key);
    }

    [Fact]
    public void Event_OfAnotherKind_IsNoKey()
    {
        var receiver = new DtmfReceiver();
        Assert.False(receiver.TryTake(Instant.Zero, 1, 1, 8000, new TelephoneEvent(66, true, 10, 800), out _, out _));
        Assert.Null(receiver.NextTimeout);
    }

    [Fact]
    public void Timestamps_ThatWrap_KeepTheirOrder()
    {
        var receiver = new DtmfReceiver();
        var heard = "";
        foreach (var (sequence, at, code) in new[] { (1, 0xFFFF_F000u, 1), (9, 0x0000_1000u, 2), (2, 0xFFFF_F000u, 1), (17, 0x0000_3000u, 3) })
            if (receiver.TryTake(Instant.Zero, sequence, at, 8000, new TelephoneEvent((byte)code, true, 10, 800), out var key, out _)) heard += key;
        Assert.Equal("123", heard);
    }

    [Theory]
    [InlineData(8000, 20, 480, 3)]
    [InlineData(8000, 20, 800, 5)]
    [InlineData(8000, 30, 1920, 3)]
    [InlineData(48_000, 20, 960, 3)]
    [InlineData(48_000, 20, 7680, 4)]
    [Rfc("4733", "2.2.1")]
    public void Ends_WithTimestampsOfTheirOwn_AreOneKey(int clock, int ptimeMs, int duration, int ends)
    {
        var step = clock * ptimeMs / 1000;
        var packets = new List<(uint, TelephoneEvent)>();
        foreach (var start in new[] { 5000u, 5000u + (uint)duration + (uint)clock / 10 })
        {
            for (var d = step; d < duration; d += step) packets.Add((start, new TelephoneEvent(7, false, 10, (ushort)d)));
            for (var i = 0; i < ends; i++) packets.Add((start + (uint)(i * step), new TelephoneEvent(7, true, 10, (ushort)duration)));
        }

        // The second press of the same key, 100 ms later, is another.
        Assert.Equal([('7', duration * 1000 / clock), ('7', duration * 1000 / clock)], Take(packets, clock, ptimeMs));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("4733", "2.5.1.3")]
    public void Packets_WithTimestampsOfTheirOwn_AreOneKey(bool countsFromTheStart)
    {
        var packets = new List<(uint, TelephoneEvent)>();
        for (var i = 0; i < 8; i++) packets.Add(((uint)(900 + 160 * i), new TelephoneEvent(4, i == 7, 10, (ushort)(countsFromTheStart ? 160 * (i + 1) : 160))));
        Assert.Equal([('4', 160)], Take(packets, 8000, 20));
    }

    [Theory]
    [InlineData(800)]
    [InlineData(801)]
    [InlineData(1200)]
    public void Press_AtTheEndOfTheSameKey_IsAnother(int after)
    {
        var packets = new List<(uint, TelephoneEvent)>();
        foreach (var start in new[] { 0u, (uint)after })
            for (var i = 1; i <= 7; i++) packets.Add((start, new TelephoneEvent(2, i > 5, 10, (ushort)(160 * Math.Min(i, 5)))));
        Assert.Equal("22", string.Concat(Take(packets, 8000, 20).Select(k => k.Key)));
    }

    [Theory]
    [InlineData(-3_000, 8000)]
    [InlineData(-30_000, 8000)]
    [InlineData(-2_000_000_000, 48_000)]
    [InlineData(2_100_000_000, 48_000)]
    public void Clock_SetBackOrForth_KeysGoOn(int jump, int clock)
    {
        var packets = new List<(uint, TelephoneEvent)>();
        var at = 1_005_000u;
        foreach (var code in new byte[] { 1, 2, 2, 3 })
        {
            for (var i = 1; i <= 8; i++) packets.Add((at, new TelephoneEvent(code, i > 5, 10, (ushort)(clock / 50 * Math.Min(i, 5)))));
            at = code == 1 ? at + (uint)jump : at + (uint)clock / 2;
        }

        Assert.Equal("1223", string.Concat(Take(packets, clock, 20).Select(k => k.Key)));
    }

    [Fact]
    public void Stragglers_OfTheClockBefore_AreNoKeys()
    {
        var receiver = new DtmfReceiver();
        var heard = "";
        foreach (var (sequence, at, code) in new[] { (10, 500_000u, 5), (20, 400_000u, 6), (12, 500_000u, 5), (11, 500_160u, 5), (30, 401_000u, 8), (21, 400_000u, 6) })
            if (receiver.TryTake(Instant.Zero, sequence, at, 8000, new TelephoneEvent((byte)code, true, 10, 400), out var key, out _)) heard += key;
        Assert.Equal("568", heard);
    }

    [Theory]
    [InlineData(false, "9")]
    [InlineData(true, "99")]
    public void Source_ThatChanges_KeepsAHeldKeyAndHearsTheNext(bool isOver, string expected)
    {
        var receiver = new DtmfReceiver();
        var heard = "";
        Take(500, 90_000, 800, isOver);
        receiver.ChangeSource();
        Take(3, 7, 320, false);
        Take(4, 7, 480, true);
        Take(5, 7, 480, true);
        Assert.Equal(expected, heard);

        void Take(long sequence, uint at, ushort duration, bool end)
        {
            if (receiver.TryTake(Instant.Zero, sequence, at, 8000, new TelephoneEvent(9, end, 10, duration), out var key, out _)) heard += key;
        }
    }

    private static List<(char Key, int DurationMs)> Take(List<(uint At, TelephoneEvent Event)> packets, int clock, int ptimeMs)
    {
        var receiver = new DtmfReceiver();
        var heard = new List<(char, int)>();
        var now = Instant.Zero;
        var sequence = 65_000L;
        foreach (var (at, value) in packets)
        {
            now += TimeSpan.FromMilliseconds(ptimeMs);
            if (receiver.TryTake(now, sequence++, at, clock, value, out var key, out var ms)) heard.Add((key, ms));
            if (receiver.NextTimeout <= now && receiver.TryExpire(now, out key, out ms)) heard.Add((key, ms));
        }

        if (receiver.NextTimeout is { } due && receiver.TryExpire(due, out var last, out var length)) heard.Add((last, length));
        return heard;
    }

    private static List<DtmfPacket> Send(string keys, int clock)
    {
        var sender = new DtmfSender();
        Assert.True(sender.TryEnqueue(keys));
        return Drain(sender, clock);
    }

    private static List<DtmfPacket> Drain(DtmfSender sender, int clock)
    {
        var packets = new List<DtmfPacket>();
        for (long media = 12_345; sender.IsBusy; media += Frame)
            if (sender.TryNext(media, Frame, clock, out var packet)) packets.Add(packet);
        return packets;
    }

    private static List<(char Key, int DurationMs)> Hear(List<DtmfPacket> packets, int clock)
    {
        var receiver = new DtmfReceiver();
        var heard = new List<(char, int)>();
        var now = Instant.Zero;
        var sequence = 100L;
        foreach (var packet in packets)
        {
            now += TimeSpan.FromMilliseconds(20);
            var timestamp = (uint)(packet.Start * clock / 48_000) + packet.Offset;
            if (receiver.TryTake(now, sequence++, timestamp, clock, packet.Event, out var key, out var ms)) heard.Add((key, ms));
            if (receiver.NextTimeout <= now && receiver.TryExpire(now, out key, out ms)) heard.Add((key, ms));
        }

        if (receiver.NextTimeout is { } due && receiver.TryExpire(due, out var last, out var length)) heard.Add((last, length));
        return heard;
    }
}
