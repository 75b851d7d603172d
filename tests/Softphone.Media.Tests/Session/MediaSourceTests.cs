using Softphone.Core;

namespace Softphone.Media.Tests;

/// <summary>What a session makes of another source, another path, or none.</summary>
public sealed class MediaSourceTests
{
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
            pair.ToBob(MediaPath.Rtp, MediaSessionTests.Packet(new RtpHeader(111, (ushort)(500 + i), (uint)(7 + i * 960), 0xABCD, i == 0), payload));
            pair.ToBob(MediaPath.Rtp, MediaSessionTests.Packet(old with { Sequence = (ushort)(old.Sequence + 1 + i) }, payload));
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
            pair.ToBob(MediaPath.Rtp, MediaSessionTests.Packet(new RtpHeader(111, (ushort)(500 + i), (uint)(i * 960), (uint)(i < 25 ? 1 : 2), false), payload));
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
        for (ushort i = 0; i < 5; i++) pair.ToBob(MediaPath.Rtp, MediaSessionTests.Packet(new RtpHeader(111, i, i, pair.Bob.Ssrc), [1, 2, 3]));

        Assert.NotEqual(before, pair.Bob.Ssrc);
        Assert.Single(pair.BobTrace.Entries.OfType<MediaTrace.Collision>());
        Assert.True(RtcpReader.TryOpen(pair.FromBob.Last(d => d.Path == MediaPath.Rtcp).Bytes, out var reader, out _));
        var left = false;
        while (reader.TryNext(out var packet)) left |= packet.Ends(before);
        Assert.True(left);
    }

    [Theory]
    [InlineData(30, 20_000)]
    [InlineData(55, -9_000)]
    [Rfc("3550", "A.1")]
    public void Source_ThatBeginsAnew_KeepsPacketsAndOctetsInStep(int first, int by)
    {
        using var pair = new MediaPair { Deaf = true };
        var payload = new byte[160];
        for (var i = 0; i < first + 90; i++)
        {
            var sequence = (ushort)(30_000 + i + (i < first ? 0 : by));
            pair.ToBob(MediaPath.Rtp, MediaSessionTests.Packet(new RtpHeader(0, sequence, (uint)(i * 160), 5), payload));
            pair.Run(0.02);
        }

        // The first of a new source and the first after the jump are on probation.
        var rx = pair.Bob.Snapshot(pair.Now).Rx;
        Assert.Equal((first + 88, 160L * (first + 88), 0L), (rx.Packets, rx.Bytes, rx.Lost));
    }

    [Fact]
    [Rfc("3550", "8.2")]
    public void Collision_OfSources_KeepsTheTotalsOfWhatWasSent()
    {
        using var pair = new MediaPair();
        pair.Run(3);
        var before = pair.Bob.Snapshot(pair.Now).Tx;
        pair.ToBob(MediaPath.Rtp, MediaSessionTests.Packet(new RtpHeader(111, 1, 1, pair.Bob.Ssrc), [1, 2, 3]));
        pair.Run(2);
        var after = pair.Bob.Snapshot(pair.Now).Tx;
        Assert.Equal((before.Packets + 100, before.Bytes + 100 * before.Bytes / before.Packets), (after.Packets, after.Bytes));
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
}
