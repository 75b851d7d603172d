namespace Softphone.Media.Tests;

/// <summary>Keys through two whole sessions.</summary>
public sealed class KeyTests
{
    [Theory]
    [Rfc("4733", "2.5.1", Line = "media R18")]
    [InlineData("opus", 111, 48_000, 110, 48_000)]
    [InlineData("PCMU", 0, 8000, 101, 8000)]
    [InlineData("opus", 111, 48_000, 101, 8000)]
    public void Keys_OverACall_ArriveOnceEachInOrder(string codec, byte type, int clock, byte eventType, int eventClock)
    {
        using var pair = new MediaPair(MediaPair.Options(codec, type, clock) with { SendEvents = new EventFormat(eventType, eventClock) });
        pair.Run(1);
        Assert.True(pair.Alice.SendDtmf(pair.Now, "1ww2#*"));
        pair.Run(4);

        var keys = pair.BobEvents.OfType<MediaEvent.DtmfReceived>().ToArray();
        Assert.Equal("12#*", string.Concat(keys.Select(k => k.Digit)));
        Assert.All(keys, k => Assert.Equal((160, "rfc4733"), (k.DurationMs, k.Via)));
        Assert.Single(pair.AliceEvents.OfType<MediaEvent.DtmfSent>());
        var packets = pair.RtpFromAlice.Where(p => p.Header.PayloadType == eventType).Select(p => p.Header).ToArray();
        Assert.Equal(40, packets.Length);
        Assert.Equal(4, packets.Select(p => p.Timestamp).Distinct().Count());
    }

    [Theory]
    [Rfc("4733", "2.5.2", Line = "media R18")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Keys_OverALossyWire_ArriveOnceEachInOrder(ulong seed)
    {
        using var pair = new MediaPair(seed: seed) { Loss = 0.3, Jitter = TimeSpan.FromMilliseconds(60) };
        pair.Run(1);
        pair.Alice.SendDtmf(pair.Now, "0123456789*#ABCD");
        pair.Run(6);
        Assert.Equal("0123456789*#ABCD", string.Concat(pair.BobEvents.OfType<MediaEvent.DtmfReceived>().Select(k => k.Digit)));
    }

    [Fact]
    [Rfc("4733", "2.1", Line = "media R18")]
    public void Key_Sent_ReplacesAudioWhoseTimestampsGoOn()
    {
        using var pair = new MediaPair();
        pair.Run(1);
        pair.Alice.SendDtmf(pair.Now, "5");
        pair.Run(1);

        var packets = pair.RtpFromAlice.Select(p => p.Header).ToArray();
        for (var i = 1; i < packets.Length; i++) Assert.Equal((ushort)(packets[i - 1].Sequence + 1), packets[i].Sequence);
        var audio = packets.Where(p => p.PayloadType == 111).ToArray();
        Assert.All(audio, p => Assert.Equal(0u, (p.Timestamp - audio[0].Timestamp) % 960));
        Assert.Equal(99u * 960, audio[^1].Timestamp - audio[0].Timestamp);
        Assert.Single(audio, p => p.Marker);

        // The hole that the key left in the audio is neither loss nor concealment.
        var bob = pair.Bob.Snapshot(pair.Now);
        Assert.Equal(0, bob.Rx.Lost);
        Assert.InRange(bob.Jitter.Concealed, 0, 960);
        Assert.InRange(bob.Jitter.Comfort, 8 * 960, 11 * 960);
        Assert.InRange(bob.Rx.JitterMs, 0, 0.5);
    }

    /// <summary>What a bridge, a transfer or a hold does to a stream: another source, numbers that begin anew, or a clock that jumps.</summary>
    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(1, 20_000, -700_000)]
    [InlineData(0, 20_000, -123_456)]
    [InlineData(0, -12_000, 1_900_000_000)]
    [InlineData(0, 0, -12_000)]
    [InlineData(0, 0, -1_000_000)]
    [InlineData(0, 0, 2_000_000)]
    [Rfc("4733", "2.5.2")]
    public void Keys_AfterTheStreamChanged_AreHeardOnceEach(int source, int sequence, int timestamp)
    {
        using var pair = new MediaPair { Deaf = true };
        var (ssrc, number, at) = (77u, 40_000, 900_000u);
        foreach (var keys in new[] { "47", "7", "#4" })
        {
            for (var i = 0; i < 10; i++) Audio();
            foreach (var key in keys)
            {
                TelephoneEvent.TryCode(key, out var code);
                var start = at;
                for (var i = 1; i <= 9; i++) Key(code, start, i > 6, Math.Min(i, 6) * 160);
                for (var i = 0; i < 4; i++) Audio();
            }

            (ssrc, number, at) = (ssrc + (uint)source, number + sequence, at + (uint)timestamp);
        }

        Assert.Equal("477#4", string.Concat(pair.BobEvents.OfType<MediaEvent.DtmfReceived>().Select(k => k.Digit)));
        var jitter = pair.Bob.Snapshot(pair.Now).Jitter;
        Assert.True(jitter.PacketsPlayed > 30, $"{jitter}");

        void Audio() => Say(new RtpHeader(0, (ushort)number++, Next(), ssrc), new byte[160]);

        void Key(byte code, uint start, bool isEnd, int duration)
        {
            var payload = new byte[TelephoneEvent.Length];
            new TelephoneEvent(code, isEnd, 10, (ushort)duration).Write(payload);
            Next();
            Say(new RtpHeader(101, (ushort)number++, start, ssrc), payload);
        }

        void Say(RtpHeader header, byte[] payload)
        {
            pair.ToBob(MediaPath.Rtp, MediaSessionTests.Packet(header, payload));
            pair.Run(0.02);
        }

        uint Next() => (at += 160) - 160;
    }

    [Fact]
    public void Keys_ThatThePeerDoesNotTake_AreRefused()
    {
        using var pair = new MediaPair(MediaPair.Options() with { SendEvents = null });
        Assert.False(pair.Alice.SendDtmf(pair.Now, "1"));
    }

    [Theory]
    [InlineData("opus", 111, 48_000)]
    [InlineData("PCMU", 0, 8000)]
    public void Keys_InBand_SoundInPlaceOfTheVoice(string codec, byte type, int clock)
    {
        using var pair = new MediaPair(MediaPair.Options(codec, type, clock) with { SendEvents = null, KeysInBand = true }, MediaPair.Options() with { HearsKeys = true });
        pair.Run(1);
        var before = pair.BobHeard.Count;
        Assert.True(pair.Alice.SendDtmf(pair.Now, "5!wd"));
        pair.Run(3);
        Assert.Single(pair.AliceEvents.OfType<MediaEvent.DtmfSent>());
        Assert.All(pair.RtpFromAlice, p => Assert.Equal(type, p.Header.PayloadType));

        var keys = pair.BobEvents.OfType<MediaEvent.DtmfReceived>().ToArray();
        Assert.Equal([('5', "inband"), ('D', "inband")], keys.Select(k => (k.Digit, k.Via)));
        Assert.All(keys, k => Assert.InRange(k.DurationMs, 130, 175));

        // A key sounds for 160 ms, behind it come 40 ms of silence.
        var heard = pair.BobHeard.Skip(before).ToArray();
        var five = Loudest(heard, 0, 770, 1336);
        var d = Loudest(heard, five.At + 12_000, 941, 1633);
        Assert.InRange(five.Dbfs, -13, -11.5);
        Assert.InRange(d.Dbfs, -13, -11.5);
        // The tone, its silence, the hook flash that is none, the gaps after each and the pause.
        Assert.InRange((d.At - five.At) / 48.0, 960, 1080);
        Assert.InRange(Sines.Level(heard.AsSpan(five.At, 4800), 200), -200, -30);
        Assert.Equal(pair.RtpFromAlice.Count() * 960, (int)(pair.RtpFromAlice.Last().Header.Timestamp - pair.RtpFromAlice.First().Header.Timestamp) * (48_000 / clock) + 960);
    }

    [Fact]
    public void Keys_OnHold_WaitForTheirTime()
    {
        using var pair = new MediaPair();
        pair.Run(1);
        pair.Alice.SetDirection(pair.Now, AudioDirection.Inactive);
        pair.Alice.SendDtmf(pair.Now, "8");
        pair.Run(2);
        Assert.Empty(pair.BobEvents.OfType<MediaEvent.DtmfReceived>());
        pair.Alice.SetDirection(pair.Now, AudioDirection.SendReceive);
        pair.Run(1);
        Assert.Equal('8', Assert.Single(pair.BobEvents.OfType<MediaEvent.DtmfReceived>()).Digit);
    }

    /// <summary>Where in what was heard both frequencies are loudest over 100 ms, and how loud the weaker is.</summary>
    private static (int At, double Dbfs) Loudest(short[] heard, int from, double row, double column)
    {
        var best = (At: 0, Dbfs: -200.0);
        for (var at = from; at + 4800 <= heard.Length; at += 240)
        {
            var level = Math.Min(Sines.Level(heard.AsSpan(at, 4800), row), Sines.Level(heard.AsSpan(at, 4800), column));
            if (level > best.Dbfs + 0.05) best = (at, level);
        }

        return best;
    }
}
