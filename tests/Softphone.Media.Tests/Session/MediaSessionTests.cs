using Softphone.Core;

namespace Softphone.Media.Tests;

public sealed class MediaSessionTests
{
    [Fact]
    [Rfc("3550", "5.1", Line = "media R3")]
    public void Capture_Continuous_SendsOnePacketAPtimeWithOneMarker()
    {
        using var pair = new MediaPair();
        pair.Run(1);

        var packets = pair.RtpFromAlice.Select(p => p.Header).ToArray();
        Assert.Equal(50, packets.Length);
        Assert.True(packets[0].Marker);
        Assert.DoesNotContain(packets[1..], p => p.Marker);
        for (var i = 1; i < packets.Length; i++)
        {
            Assert.Equal((ushort)(packets[i - 1].Sequence + 1), packets[i].Sequence);
            Assert.Equal(packets[i - 1].Timestamp + 960, packets[i].Timestamp);
        }
    }

    [Theory]
    [Rfc("3551", "4.5.2", Line = "media R17")]
    [InlineData("G722", 9)]
    [InlineData("PCMU", 0)]
    public void Capture_EightKilohertzClock_StepsByIt(string codec, byte payloadType)
    {
        using var pair = new MediaPair(MediaPair.Options(codec, payloadType, 8000));
        pair.Run(0.5);

        var packets = pair.RtpFromAlice.Select(p => p.Header).ToArray();
        Assert.All(packets, p => Assert.Equal(payloadType, p.PayloadType));
        Assert.Equal(160u, packets[1].Timestamp - packets[0].Timestamp);
        Assert.NotEmpty(pair.BobEvents.OfType<MediaEvent.FirstAudio>());
    }

    [Fact]
    [Rfc("3550", "5.1", Line = "media R2")]
    public void Identity_OfTwoSessions_IsRandom()
    {
        using var pair = new MediaPair();
        pair.Run(0.1);

        var alice = pair.RtpFromAlice.First().Header;
        var bob = MediaPair.Rtp(pair.FromBob).First().Header;
        Assert.NotEqual(alice.Ssrc, bob.Ssrc);
        Assert.NotEqual(alice.Sequence, bob.Sequence);
        Assert.NotEqual(alice.Timestamp, bob.Timestamp);
    }

    [Fact]
    public void Speech_OverACleanWire_IsHeardUnchanged()
    {
        using var pair = new MediaPair();
        pair.Run(5);

        var statistics = pair.Bob.Snapshot(pair.Now).Jitter;
        Assert.Equal(0, statistics.Concealed);

        // The last second, after the delay has settled, is a piece of the original to the sample.
        var heard = pair.BobHeard.ToArray()[^48_000..];
        var original = new short[6 * 48_000];
        Speech.Fill(0, original);
        Assert.True(original.AsSpan().IndexOf(heard) >= 0);
    }

    [Fact]
    public void FirstAudio_Once_NamesArrivalAndPlayout()
    {
        using var pair = new MediaPair();
        pair.Run(2);

        var first = Assert.Single(pair.BobEvents.OfType<MediaEvent.FirstAudio>());
        Assert.InRange((first.ReceivedAt - Instant.Zero).TotalMilliseconds, 30, 60);
        Assert.InRange((first.PlayedAt - first.ReceivedAt).TotalMilliseconds, 0, 50);
    }

    [Fact]
    [Rfc("3264", "8.4", Line = "media R30")]
    public void Hold_AndResume_KeepsTheClockAndRtcp()
    {
        using var pair = new MediaPair();
        pair.Run(1);
        var before = pair.RtpFromAlice.Last().Header;
        pair.Alice.SetDirection(pair.Now, AudioDirection.Inactive);
        var sent = pair.FromAlice.Count;
        pair.Run(12);

        Assert.All(pair.FromAlice.Skip(sent), d => Assert.Equal(MediaPath.Rtcp, d.Path));
        Assert.NotEmpty(pair.FromAlice.Skip(sent));

        pair.Alice.SetDirection(pair.Now, AudioDirection.SendReceive);
        sent = pair.FromAlice.Count;
        pair.Run(0.1);
        var after = MediaPair.Rtp(pair.FromAlice.Skip(sent)).First().Header;
        Assert.True(after.Marker);
        Assert.Equal((ushort)(before.Sequence + 1), after.Sequence);
        Assert.Equal(before.Ssrc, after.Ssrc);
        Assert.Equal(before.Timestamp + 12 * 48_000 + 960, after.Timestamp);
    }

    [Fact]
    [Rfc("6263", "4.6", Line = "media R30")]
    public void Hold_Long_SendsEmptyPacketsOfAnUnknownType()
    {
        using var pair = new MediaPair();
        pair.Run(1);
        pair.Alice.SetDirection(pair.Now, AudioDirection.ReceiveOnly);
        var sent = pair.FromAlice.Count;
        pair.Run(31);

        var kept = MediaPair.Rtp(pair.FromAlice.Skip(sent)).ToArray();
        Assert.Equal(2, kept.Length);
        Assert.All(kept, p => Assert.Empty(p.Payload));
        Assert.All(kept, p => Assert.Equal(127, p.Header.PayloadType));

        // An unknown type is no loss and no audio.
        var rx = pair.Bob.Snapshot(pair.Now);
        Assert.Equal(2, rx.Drops.UnknownPayloadType);
        Assert.Equal(0, rx.Rx.Lost);
    }

    [Fact]
    public void Mute_KeepsPacketsGoingAndSendsSilence()
    {
        using var pair = new MediaPair();
        pair.Run(1);
        pair.Alice.SetMuted(true);
        var sent = pair.FromAlice.Count;
        pair.Run(1);

        var muted = MediaPair.Rtp(pair.FromAlice.Skip(sent)).Skip(1).ToArray();
        Assert.InRange(muted.Length, 48, 50);
        Assert.All(muted, p => Assert.All(p.Payload[2..], b => Assert.Equal(0, b)));
        Assert.Equal(LevelMeter.Floor, pair.Bob.Snapshot(pair.Now).Rx.LevelDbfs, 40.0);
    }

    [Fact]
    [Rfc("3550", "5.1", Line = "media R2")]
    public void Update_ToAnotherCodec_KeepsSourceSequenceAndTimestamp()
    {
        using var pair = new MediaPair();
        pair.Run(1);
        var before = pair.RtpFromAlice.Last().Header;
        pair.Alice.Update(pair.Now, MediaPair.Options("PCMU", 0, 8000));
        pair.Run(2);

        var after = pair.RtpFromAlice.Select(p => p.Header).First(p => p.PayloadType == 0);
        Assert.Equal(before.Ssrc, after.Ssrc);
        Assert.Equal((ushort)(before.Sequence + 1), after.Sequence);

        // The new clock counts on from where the old one stood.
        Assert.InRange(after.Timestamp - before.Timestamp, 160u, 960u);
        Assert.False(after.Marker);
        var rx = pair.Bob.Snapshot(pair.Now);
        Assert.Equal("PCMU", rx.ReceiveCodec);
        Assert.Equal(0, rx.Rx.Lost);
        Assert.InRange(rx.Rx.JitterMs, 0, 1);
        Assert.DoesNotContain(pair.BobEvents, e => e is MediaEvent.SourceChanged);
    }

    [Fact]
    public void Ptime_OfTwenty_AcceptsOtherPtimesOfThePeer()
    {
        using var pair = new MediaPair(MediaPair.Options() with { PtimeMs = 60 });
        pair.Run(4);

        Assert.Equal(66, pair.RtpFromAlice.Count());
        Assert.InRange(pair.Bob.Snapshot(pair.Now).ConcealedPercent, 0, 1);
    }

    [Fact]
    [Rfc("3550", "5.1", Line = "media R20")]
    public void Garbage_OfAnyKind_IsCountedAndDropped()
    {
        using var pair = new MediaPair();
        var chance = new SeededEntropy(99);
        var bytes = new byte[200];
        for (var i = 0; i < 20_000; i++)
        {
            var packet = bytes.AsSpan(0, chance.NextInt(200));
            chance.Fill(packet);
            if (packet.Length > 0 && i % 2 == 0) packet[0] = (byte)(0x80 | packet[0] & 0x3F);
            if (packet.Length > 1 && i % 4 == 0) packet[1] = (byte)(200 + i % 8);
            pair.ToBob(i % 3 == 0 ? MediaPath.Rtcp : MediaPath.Rtp, packet);
        }

        pair.Run(1);
        Assert.NotEmpty(pair.BobEvents.OfType<MediaEvent.FirstAudio>());
        Assert.InRange(pair.Bob.Snapshot(pair.Now).Drops.Malformed, 1000, 20_000);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.05, 30)]
    [InlineData(0.2, 60)]
    public void Snapshot_OnALossyWire_TellsLossJitterAndQuality(double loss, double jitterMs)
    {
        using var pair = new MediaPair { Loss = loss, Jitter = TimeSpan.FromMilliseconds(jitterMs) };
        pair.Run(60);

        var bob = pair.Bob.Snapshot(pair.Now);
        Assert.InRange(bob.Rx.LossPercent, loss * 70, loss * 130 + 0.01);
        Assert.InRange(bob.Rx.JitterMs, jitterMs / 8, jitterMs / 2 + 0.1);
        Assert.InRange(bob.RttMs!.Value, 39, 60 + 2 * jitterMs);
        Assert.InRange(bob.PlayoutMs, 1, 200);
        var best = EModel.Mos(93.2);
        Assert.InRange(bob.Mos!.Value, loss > 0.1 ? 1.5 : loss > 0 ? 3.0 : best - 0.15, best);
        Assert.InRange(bob.Rx.LevelDbfs, -60, -10);
        Assert.Equal("opus", bob.Codec);
        Assert.Equal("opus", bob.ReceiveCodec);

        // The sender learns the same by RTCP.
        Assert.InRange(pair.Alice.Snapshot(pair.Now).Tx.LossPercent, loss * 60, loss * 140 + 0.01);
    }

    [Fact]
    public void Loss_ReportedByThePeer_TurnsErrorCorrectionOnAndOffAgain()
    {
        using var pair = new MediaPair { Loss = 0.1 };
        pair.Run(30);
        Assert.Contains(pair.AliceTrace.Entries, e => e is MediaTrace.ErrorCorrection { On: true });
        Assert.True(pair.Bob.Snapshot(pair.Now).Jitter.Recovered > 0);

        pair.Loss = 0;
        pair.Run(60);
        Assert.Contains(pair.AliceTrace.Entries, e => e is MediaTrace.ErrorCorrection { On: false });
    }

    [Fact]
    [Rfc("3550", "6.6", Line = "media R10")]
    public void Close_SaysGoodbyeAndThenNothing()
    {
        using var pair = new MediaPair();
        pair.Run(1);
        pair.Alice.Close(pair.Now);
        pair.Drain();
        var sent = pair.FromAlice.Count;
        pair.Run(1);

        Assert.Equal(sent, pair.FromAlice.Count);
        Assert.Null(pair.Alice.NextTimeout);
        Assert.Single(pair.BobEvents.OfType<MediaEvent.PeerBye>());
        Assert.NotNull(pair.Bob.NextTimeout);
    }

    [Fact]
    [Rfc("3550", "6.3.7", Line = "media R10")]
    public void Close_BeforeAnythingWasSent_SaysNothing()
    {
        using var pair = new MediaPair();
        pair.Alice.Close(pair.Now);
        pair.Drain();
        Assert.Empty(pair.FromAlice);
    }

    [Fact]
    public void Trace_OfAQuietCall_HoldsTransitionsOnly()
    {
        using var pair = new MediaPair();
        pair.Run(60);
        Assert.InRange(pair.BobTrace.Entries.Count, 2, 3);
    }

    [Fact]
    public void Sessions_OfOneSeed_RunAlike()
    {
        static short[] Heard()
        {
            using var pair = new MediaPair(seed: 42) { Loss = 0.1, Jitter = TimeSpan.FromMilliseconds(50) };
            pair.Run(10);
            return [.. pair.BobHeard];
        }

        Assert.Equal(Heard(), Heard());
    }

    [Fact]
    public void SteadyState_PerPacket_AllocatesNothing()
    {
        var chance = new SeededEntropy(5);
        using var alice = new MediaSession(MediaPair.Options(), new PcmCodec(), chance.Fork(), Instant.Zero);
        using var bob = new MediaSession(MediaPair.Options(), new PcmCodec(), chance.Fork(), Instant.Zero);
        var buffer = new byte[Limits.Datagram];
        var pcm = new short[480];
        var now = Instant.Zero;

        void Run(int ticks)
        {
            for (var i = 0; i < ticks; i++)
            {
                now += TimeSpan.FromMilliseconds(10);
                Speech.Fill(i * 480, pcm);
                alice.Capture(now, pcm);
                alice.Advance(now);
                bob.Advance(now);

                // Every 25th packet is lost, so that concealment runs too.
                while (alice.TryTransmit(buffer, out var t))
                    if (i % 50 != 0) bob.Receive(new Datagram(now, t.Path, default, buffer.AsSpan(0, t.Length)));
                while (bob.TryTransmit(buffer, out var t)) alice.Receive(new Datagram(now, t.Path, default, buffer.AsSpan(0, t.Length)));
                bob.Playout(now, pcm);
                while (bob.TryEvent(out _)) { }
            }
        }

        Run(3000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(1500);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    internal static byte[] Packet(RtpHeader header, ReadOnlySpan<byte> payload)
    {
        var bytes = new byte[RtpHeader.Length + payload.Length];
        header.Write(bytes);
        payload.CopyTo(bytes.AsSpan(RtpHeader.Length));
        return bytes;
    }
}
