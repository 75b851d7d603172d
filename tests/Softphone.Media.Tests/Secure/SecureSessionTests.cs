using System.Buffers.Binary;
using Softphone.Core;

namespace Softphone.Media.Tests;

/// <summary>Whole streams over SRTP in virtual time.</summary>
public sealed class SecureSessionTests
{
    private static readonly SrtpKey AliceKey = SrtpLine.KeyOf(1);
    private static readonly SrtpKey BobKey = SrtpLine.KeyOf(2);

    [Fact]
    [Rfc("3711", "3.1")]
    public void Stream_WithKeys_IsHeardAndNothingOfItIsPlain()
    {
        using var pair = Pair();
        pair.Run(12);

        Assert.Contains(pair.BobEvents, e => e is MediaEvent.FirstAudio);
        var seen = pair.Bob.Snapshot(pair.Now);
        Assert.Equal((0, 0L), (seen.Rx.LossPercent, seen.Drops.Forged));
        Assert.NotNull(seen.RttMs);

        // To who has no key no packet is what it seems: RTP has a longer payload than the codec made, RTCP no sense.
        using var plain = new MediaPair();
        plain.Run(1);
        Assert.All(pair.RtpFromAlice, p => Assert.Equal(plain.RtpFromAlice.First().Payload.Length + 10, p.Payload.Length));
        var reports = pair.FromAlice.Where(d => RtpPacket.IsRtcp(d.Bytes)).ToList();
        Assert.NotEmpty(reports);
        Assert.All(reports, r => Assert.False(RtcpReader.TryOpen(r.Bytes, out _, out _)));
    }

    /// <summary>5 % loss, jitter that changes the order, a turn of the numbers: the same packets are counted and heard as without keys.</summary>
    [Fact]
    [Rfc("3711", "3.3.1", Line = "media S3")]
    public void Stream_OverABadLineAndATurn_LosesWhatTheLineLost()
    {
        using var secured = Bad(Pair(10));
        using var plain = Bad(new MediaPair(Long(null, 10), Long(null, 10)));
        secured.Run(660);
        plain.Run(660);

        Assert.True(secured.RtpFromAlice.Zip(secured.RtpFromAlice.Skip(1)).Any(p => p.First.Header.Sequence == 65_535 && p.Second.Header.Sequence == 0), "the numbers did not turn");
        var (with, without) = (secured.Bob.Snapshot(secured.Now), plain.Bob.Snapshot(plain.Now));
        Assert.Equal(without.Rx.Packets, with.Rx.Packets);
        Assert.Equal(without.Rx.Lost, with.Rx.Lost);
        Assert.Equal(without.Jitter.Played, with.Jitter.Played);
        Assert.Equal(0, with.Drops.Forged + with.Drops.Replayed + with.Drops.Malformed);

        static MediaPair Bad(MediaPair pair)
        {
            pair.Loss = 0.05;
            pair.Jitter = TimeSpan.FromMilliseconds(150);
            return pair;
        }
    }

    [Fact]
    [Rfc("3711", "3.3")]
    public void Packet_OfAStranger_IsCountedAndDoesNothing()
    {
        using var pair = Pair();
        pair.Run(2);
        var before = pair.Bob.Snapshot(pair.Now);
        var sent = pair.FromAlice.Last(d => !RtpPacket.IsRtcp(d.Bytes)).Bytes;
        Assert.True(RtpPacket.TryParse(sent, out var last, out _));
        var forged = SrtpLine.Plain(last.Header.Sequence + 1, last.Header.Ssrc);
        for (var i = 0; i < 10; i++) pair.ToBob(MediaPath.Rtp, forged);
        pair.ToBob(MediaPath.Rtp, sent);
        pair.ToBob(MediaPath.Rtp, sent);
        var goodbye = new byte[64];
        var writer = new RtcpWriter(goodbye);
        writer.ReceiverReport(last.Header.Ssrc, []);
        writer.Bye(last.Header.Ssrc);
        goodbye[^1] = 0x80;
        pair.ToBob(MediaPath.Rtcp, goodbye);
        pair.ToBob(MediaPath.Rtcp, goodbye.AsSpan(0, writer.Length));
        pair.Run(1);

        var after = pair.Bob.Snapshot(pair.Now);
        Assert.InRange(after.Drops.Forged - before.Drops.Forged, 10, 12);
        Assert.InRange(after.Drops.Replayed - before.Drops.Replayed, 1, 2);
        Assert.Equal(0, after.Rx.Lost);
        Assert.DoesNotContain(pair.BobEvents, e => e is MediaEvent.PeerBye or MediaEvent.SourceChanged);
    }

    /// <summary>Keys by a handshake: before them nothing leaves in the clear or otherwise, and the peer's first words, which may overtake our keys, are kept.</summary>
    [Fact]
    [Rfc("5764", "5.1")]
    public void Stream_ThatAwaitsItsKeys_SendsNothingAndKeepsTheFirstPackets()
    {
        var waiting = Long(null) with { AwaitsKeys = true };
        using var pair = new MediaPair(waiting, waiting);
        pair.Run(2);
        Assert.Empty(pair.FromAlice.Concat(pair.FromBob));

        pair.Alice.Update(pair.Now, Long(new MediaSecurity(AliceKey, [BobKey])));
        pair.Run(0.16);
        Assert.Equal(0, pair.Bob.Snapshot(pair.Now).Rx.Packets);
        pair.Bob.Update(pair.Now, Long(new MediaSecurity(BobKey, [AliceKey])));
        Assert.InRange(pair.Bob.Snapshot(pair.Now).Rx.Packets, 6, 8);
        pair.Run(3);
        var seen = pair.Bob.Snapshot(pair.Now);
        Assert.Equal((0L, 0L, 0L), (seen.Rx.Lost, seen.Drops.Forged, seen.Drops.Malformed));
        Assert.Contains(pair.BobHeard, s => s != 0);
    }

    /// <summary>RTCP with a port of its own has a handshake and keys of its own; RTP does not wait for them.</summary>
    [Fact]
    [Rfc("5764", "3")]
    public void Reports_WithKeysOfTheirOwn_WaitForThemAlone()
    {
        var (aliceReports, bobReports) = (SrtpLine.KeyOf(11), SrtpLine.KeyOf(12));
        var alice = Long(new MediaSecurity(AliceKey, [BobKey])) with { AwaitsKeys = true, SecuresReportsApart = true };
        var bob = Long(new MediaSecurity(BobKey, [AliceKey])) with { AwaitsKeys = true, SecuresReportsApart = true };
        using var pair = new MediaPair(alice, bob);
        pair.Run(12);
        Assert.NotEmpty(pair.RtpFromAlice);
        Assert.DoesNotContain(pair.FromAlice, d => RtpPacket.IsRtcp(d.Bytes));
        pair.Alice.Update(pair.Now, alice with { ReportSecurity = new MediaSecurity(aliceReports, [bobReports]) });
        pair.Bob.Update(pair.Now, bob with { ReportSecurity = new MediaSecurity(bobReports, [aliceReports]) });
        pair.Run(12);
        Assert.Contains(pair.FromAlice, d => RtpPacket.IsRtcp(d.Bytes));
        var seen = pair.Bob.Snapshot(pair.Now);
        Assert.Equal((0L, 0L), (seen.Rx.Lost, seen.Drops.Forged));
        Assert.NotNull(seen.RttMs);
    }

    [Fact]
    public void Peer_WithAnotherKey_IsNotHeardAndTheTraceSaysWhy()
    {
        using var pair = new MediaPair(Long(new MediaSecurity(AliceKey, [BobKey])), Long(new MediaSecurity(BobKey, [SrtpLine.KeyOf(3)])));
        pair.Run(8);
        Assert.DoesNotContain(pair.BobEvents, e => e is MediaEvent.FirstAudio);
        Assert.Contains(pair.BobEvents, e => e is MediaEvent.MediaTimeout);
        Assert.Single(pair.BobTrace.Entries.OfType<MediaTrace.KeysDiffer>());
    }

    /// <summary>A re-INVITE gives one side another key; packets under way are still taken.</summary>
    [Fact]
    [Rfc("4568", "7.1.4")]
    public void Key_ThatChangesInTheMiddle_LosesNothing()
    {
        using var pair = Pair();
        pair.Run(3);
        var next = SrtpLine.KeyOf(9, SrtpSuite.AeadAes256Gcm);
        pair.Bob.Update(pair.Now, Long(new MediaSecurity(BobKey, [next])));
        pair.Run(0.1);
        pair.Alice.Update(pair.Now, Long(new MediaSecurity(next, [BobKey])));
        pair.Run(5);
        var seen = pair.Bob.Snapshot(pair.Now);
        Assert.Equal((0L, 0L), (seen.Rx.Lost, seen.Drops.Forged));
        Assert.Equal(["AES_CM_128_HMAC_SHA1_80", "AEAD_AES_256_GCM"], pair.AliceTrace.Entries.OfType<MediaTrace.Secured>().Select(s => s.Suite));
        Assert.DoesNotContain(pair.AliceTrace.Entries, e => e is MediaTrace.SourceChanged);
    }

    /// <summary>A branch that rang with keys, another without, and the first answers: the key goes on where it was, and no index comes twice.</summary>
    [Theory]
    [InlineData("AES_CM_128_HMAC_SHA1_80", 4 + 10)]
    [InlineData("AEAD_AES_128_GCM", 4)]
    [Rfc("3711", "9.1")]
    public void Key_ThatComesAgainAfterPlain_GoesOnWhereItWas(string suite, int wordFromEnd)
    {
        var key = SrtpLine.KeyOf(1, SrtpSuite.Of(suite)!);
        var secured = Long(new MediaSecurity(key, [BobKey]));
        using var pair = new MediaPair(secured, Long(new MediaSecurity(BobKey, [key])));
        pair.Run(20);
        pair.Alice.Update(pair.Now, Long(null));
        pair.Run(0.1);
        pair.Alice.Update(pair.Now, secured);
        pair.Run(20);
        var words = pair.FromAlice.Where(d => RtpPacket.IsRtcp(d.Bytes)).Select(d => BinaryPrimitives.ReadUInt32BigEndian(d.Bytes.AsSpan(d.Bytes.Length - wordFromEnd))).ToList();
        Assert.InRange(words.Count, 4, 40);
        Assert.Equal(words.Distinct(), words);
        Assert.Equal(0, pair.Bob.Snapshot(pair.Now).Drops.Replayed);
        Assert.Equal([suite, "", suite], pair.AliceTrace.Entries.OfType<MediaTrace.Secured>().Select(s => s.Suite));
    }

    [Fact]
    [Rfc("3711", "9.2")]
    public void Key_ThatIsNearlyUsedUp_IsToldOnce()
    {
        var key = SrtpLine.KeyOf(1, lifetime: 160);
        using var pair = new MediaPair(Long(new MediaSecurity(key, [BobKey])), Long(new MediaSecurity(BobKey, [key])));
        pair.Run(2.9);
        Assert.DoesNotContain(pair.AliceEvents, e => e is MediaEvent.KeyWorn);
        pair.Run(3);
        Assert.Single(pair.AliceEvents.OfType<MediaEvent.KeyWorn>());
        Assert.Equal(160, pair.RtpFromAlice.Count());
    }

    [Fact]
    [Rfc("3711", "3.3.1")]
    public void Number_OfTheFirstPacket_IsInTheLowerHalf()
    {
        for (ulong seed = 1; seed < 20; seed++)
        {
            using var session = new MediaSession(Long(new MediaSecurity(AliceKey, [BobKey])), new PcmCodec(), new SeededEntropy(seed), Instant.Zero);
            session.Capture(Instant.Zero, new short[960]);
            var buffer = new byte[4096];
            Assert.True(session.TryTransmit(buffer, out var sent));
            Assert.True(RtpPacket.TryParse(buffer.AsSpan(0, sent.Length), out var packet, out _));
            Assert.InRange(packet.Header.Sequence, 0, 0x7FFF);
        }
    }

    [Fact]
    public void Stream_WithKeys_AllocatesNothingForAPacket()
    {
        var from = new MediaSession(Long(new MediaSecurity(AliceKey, [BobKey])), new PcmCodec(), new SeededEntropy(1), Instant.Zero);
        var to = new MediaSession(Long(new MediaSecurity(BobKey, [AliceKey])), new PcmCodec(), new SeededEntropy(2), Instant.Zero);
        var now = Instant.Zero;
        var buffer = new byte[4096];
        var pcm = new short[960];
        for (var i = 0; i < 300; i++) Pass();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 200; i++) Pass();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        // The first of a source that nobody has proved is not counted.
        Assert.InRange(to.Snapshot(now).Rx.Packets, 499, 500);

        void Pass()
        {
            now += TimeSpan.FromMilliseconds(20);
            from.Capture(now, pcm);
            while (from.TryTransmit(buffer, out var t)) to.Receive(new Datagram(now, t.Path, default, buffer.AsSpan(0, t.Length)));
            to.Playout(now, pcm);
        }
    }

    private static MediaPair Pair(int ptime = 20) =>
        new(Long(new MediaSecurity(AliceKey, [BobKey]), ptime), Long(new MediaSecurity(BobKey, [AliceKey]), ptime));

    private static MediaOptions Long(MediaSecurity? security, int ptime = 20) => MediaPair.Options() with { Security = security, PtimeMs = ptime };
}
