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
    [Rfc("3550", "8.2", Line = "media R22")]
    public void Source_Changed_TakesOverAfterTwoPacketsAndDropsTheOld()
    {
        using var pair = new MediaPair();
        pair.Run(1);
        var old = pair.RtpFromAlice.Last().Header;
        pair.Deaf = true;
        var payload = new byte[2 + 2 * 960];
        new PcmCodec().Encode(new short[960], payload);
        for (ushort i = 0; i < 20; i++)
        {
            pair.ToBob(MediaPath.Rtp, Packet(new RtpHeader(111, (ushort)(500 + i), (uint)(7 + i * 960), 0xABCD, i == 0), payload));
            pair.ToBob(MediaPath.Rtp, Packet(old with { Sequence = (ushort)(old.Sequence + 1 + i) }, payload));
            pair.Run(0.02);
        }

        var changed = Assert.Single(pair.BobEvents.OfType<MediaEvent.SourceChanged>());
        Assert.Equal(old.Ssrc, changed.From);
        Assert.Equal(0xABCDu, changed.To);
        Assert.InRange(pair.Bob.Snapshot(pair.Now).Drops.UnknownSource, 18, 21);
    }

    [Fact]
    [Rfc("3550", "8.2", Line = "media R22")]
    public void Source_Changed_IsHeardWithoutAClick()
    {
        using var pair = new MediaPair { Speaking = false };
        pair.Run(1);
        pair.Deaf = true;
        var frame = new short[960];
        var payload = new byte[2 + 2 * 960];
        var from = pair.BobHeard.Count;
        for (ushort i = 0; i < 50; i++)
        {
            for (var n = 0; n < frame.Length; n++) frame[n] = (short)(12_000 * Math.Sin(2 * Math.PI * 200 * (i * 960 + n) / 48_000 + 1.5));
            new PcmCodec().Encode(frame, payload);
            pair.ToBob(MediaPath.Rtp, Packet(new RtpHeader(111, (ushort)(500 + i), (uint)(i * 960), (uint)(i < 25 ? 1 : 2), false), payload));
            pair.Run(0.02);
        }

        // A sine of that level moves by at most 315 from sample to sample; a seam may double that.
        var heard = pair.BobHeard.Skip(from).ToArray();
        Assert.Contains(heard, s => s > 10_000);
        var steepest = 0;
        for (var i = 1; i < heard.Length; i++) steepest = Math.Max(steepest, Math.Abs(heard[i] - heard[i - 1]));
        Assert.InRange(steepest, 0, 1000);
    }

    [Theory]
    [InlineData(20, 150)]
    [InlineData(150, 20)]
    [Rfc("8445", "12.2", Line = "I85")]
    public void Path_OfAnotherDelay_KeepsSourceAndStatisticsAndMovesThePlayout(int before, int after)
    {
        using var pair = new MediaPair { Delay = TimeSpan.FromMilliseconds(before) };
        pair.Run(10);
        var old = pair.Bob.Snapshot(pair.Now);
        var (ssrc, reports) = (pair.Bob.Ssrc, pair.FromBob.Count(d => d.Path == MediaPath.Rtcp));
        pair.Delay = TimeSpan.FromMilliseconds(after);
        pair.Run(30);

        var now = pair.Bob.Snapshot(pair.Now);
        Assert.Equal(ssrc, pair.Bob.Ssrc);
        Assert.DoesNotContain(pair.BobTrace.Entries, e => e is MediaTrace.Collision or MediaTrace.SourceChanged);
        Assert.DoesNotContain(pair.BobEvents, e => e is MediaEvent.SourceChanged or MediaEvent.MediaTimeout);
        Assert.InRange(now.Rx.Packets - old.Rx.Packets, 1480, 1510);
        Assert.Equal(0, now.Rx.LossPercent);
        Assert.True(pair.FromBob.Count(d => d.Path == MediaPath.Rtcp) > reports + 3);

        // The gap is made up once, a quarter of a second at most; then the new path is the measure and the playout is as short as it was.
        Assert.InRange(now.Jitter.Concealed - old.Jitter.Concealed, 0, 12_000);
        Assert.InRange(now.PlayoutMs, 1, old.PlayoutMs + 20);
        var settled = now.Jitter.Concealed;
        pair.Run(5);
        Assert.Equal(settled, pair.Bob.Snapshot(pair.Now).Jitter.Concealed);
    }

    [Fact]
    [Rfc("3550", "8.2", Line = "media R21")]
    public void Collision_OfSources_LeavesOursByByeOnceInTenSeconds()
    {
        using var pair = new MediaPair();
        pair.Run(1);
        var before = pair.Bob.Ssrc;
        for (ushort i = 0; i < 5; i++) pair.ToBob(MediaPath.Rtp, Packet(new RtpHeader(111, i, i, pair.Bob.Ssrc), [1, 2, 3]));

        Assert.NotEqual(before, pair.Bob.Ssrc);
        Assert.Single(pair.BobTrace.Entries.OfType<MediaTrace.Collision>());
        Assert.True(RtcpReader.TryOpen(pair.FromBob.Last(d => d.Path == MediaPath.Rtcp).Bytes, out var reader, out _));
        var left = false;
        while (reader.TryNext(out var packet)) left |= packet.Ends(before);
        Assert.True(left);
    }

    [Fact]
    [Rfc("8083", "4", Line = "media R28")]
    public void Silence_OfThePeer_IsReportedOnceAndSoIsItsEnd()
    {
        using var pair = new MediaPair();
        pair.Run(2);
        pair.Deaf = true;
        pair.Run(8);
        var timeout = Assert.Single(pair.BobEvents.OfType<MediaEvent.MediaTimeout>());
        Assert.InRange(timeout.SilentFor.TotalSeconds, 5, 5.1);

        pair.Deaf = false;
        pair.Run(1);
        var resumed = Assert.Single(pair.BobEvents.OfType<MediaEvent.Resumed>());
        Assert.InRange(resumed.After.TotalSeconds, 7.9, 8.2);
    }

    [Fact]
    [Rfc("8083", "4", Line = "media R28")]
    public void Silence_WhileWeOnlySend_IsNoTimeout()
    {
        using var pair = new MediaPair(bob: MediaPair.Options() with { Direction = AudioDirection.SendOnly }) { Deaf = true };
        pair.Run(20);
        Assert.Empty(pair.BobEvents.OfType<MediaEvent.MediaTimeout>());
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

    private static byte[] Packet(RtpHeader header, ReadOnlySpan<byte> payload)
    {
        var bytes = new byte[RtpHeader.Length + payload.Length];
        header.Write(bytes);
        payload.CopyTo(bytes.AsSpan(RtpHeader.Length));
        return bytes;
    }
}
