using System.Buffers.Binary;
using Softphone.Core;

namespace Softphone.Media.Tests;

/// <summary>What holds for every jitter buffer whatever arrives, and its behaviour at the edges.</summary>
public sealed class JitterBufferTests
{
    internal const int Frame = 960;

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AnyTraffic_AtEveryPull_AddsUp(ulong seed)
    {
        var bench = new JitterBench(seed);
        for (var i = 0; i < 1500; i++)
        {
            bench.Mischief();
            var s = bench.Pull(i % 3 == 0 ? 960 : 480);
            Assert.True(
                s.Pulled + s.Buffered == s.Played + s.Recovered + s.Concealed + s.Comfort + s.Idle + s.Inserted - s.Removed,
                $"seed {seed}: samples do not add up: {s}");
            Assert.True(
                s.PacketsPut == s.PacketsPlayed + s.PacketsLate + s.PacketsDuplicate + s.PacketsFlushed + bench.Waiting,
                $"seed {seed}: packets do not add up: {s}, {bench.Waiting} wait");
            Assert.True(s.Concealed >= 0 && s.Comfort >= 0 && s.Buffered >= 0, $"seed {seed}: {s}");
        }

        Assert.True(bench.Buffer.Statistics.PacketsPlayed > 300, $"seed {seed}: {bench.Buffer.Statistics}");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void LossJitterAndDuplicates_InAnyMix_PlayEachPacketOnceInOrder(ulong seed)
    {
        var bench = new JitterBench(seed);
        for (var i = 0; i < 1500; i++)
        {
            bench.Send(lossPercent: 10, duplicatePercent: 10, jitterMs: 80);
            bench.Pull(480);
        }

        Assert.Equal(bench.Decoded.Distinct().Order(), bench.Decoded);
        Assert.True(bench.Decoded.Count > 400);
    }

    [Fact]
    public void Permutation_WithinTheWindow_SoundsTheSame()
    {
        static ulong Play(Func<int, double> extra)
        {
            var delays = new double[500];
            for (var i = 0; i < delays.Length; i++) delays[i] = 10 + extra(i);
            return TraceRun.Play(delays, null, new JitterOptions(TimeSpan.FromMilliseconds(80), TimeSpan.FromMilliseconds(80)), phaseMs: 83).Hash;
        }

        // Fast packets set the baseline alike; between them two neighbours change places.
        var straight = Play(i => i % 4 == 0 ? 0 : 45);
        Assert.Equal(straight, Play(i => (i % 4) switch { 0 => 0, 1 => 45, 2 => 22, _ => 45 }));
        Assert.Equal(straight, Play(i => (i % 4) switch { 0 => 0, 1 => 45, 2 => 45, _ => 2 }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(35)]
    [InlineData(180)]
    public void ConstantDelay_OfAnyLength_ConvergesAndThenStaysUnstretched(double networkMs)
    {
        var bench = new JitterBench(1);
        JitterStatistics settled = default;
        for (var i = 0; i < 2000; i++)
        {
            bench.Send(networkMs: networkMs);
            var s = bench.Pull(480);
            if (i == 1000) settled = s;
        }

        var end = bench.Buffer.Statistics;
        Assert.Equal(settled.Inserted, end.Inserted);
        Assert.Equal(settled.Removed, end.Removed);
        Assert.Equal(0, end.Concealed);
        Assert.InRange(bench.Buffer.Delay.TotalMilliseconds, 10, bench.Buffer.Target.TotalMilliseconds + 10);
    }

    [Fact]
    public void Delay_AfterALongStall_ComesBackBelowTheMaximum()
    {
        var bench = new JitterBench(1);
        for (var i = 0; i < 1000; i++)
        {
            // Everything of the second between 4 and 5 s arrives at its end.
            var ms = i * 10;
            bench.Send(networkMs: ms is >= 4000 and < 5000 ? 5000 - ms : 0);
            bench.Pull(480);
            if (ms is >= 5010 and < 9000) Assert.InRange(bench.Buffer.Delay.TotalMilliseconds, 0, 200 + 20 + 10);
        }

        Assert.True(bench.Buffer.Statistics.PacketsFlushed > 20);
        Assert.InRange(bench.Buffer.Delay.TotalMilliseconds, 0, 60);
    }

    [Fact]
    public void NetworkDelay_SteppingPastTheMaximum_IsFollowed()
    {
        var bench = new JitterBench(1);
        for (var i = 0; i < 2000; i++)
        {
            bench.Send(networkMs: i < 500 ? 10 : 600);
            bench.Pull(480);
        }

        // The step itself is heard as a gap, nothing after it.
        Assert.InRange(bench.Buffer.Statistics.ConcealedPercent, 0, 5);
        Assert.True(bench.Buffer.IsActive);
    }

    [Fact]
    [Rfc("7587", "3.1.3", Line = "media R15")]
    public void Dtx_BetweenTalkspurts_IsComfortAndNoLoss()
    {
        var bench = new JitterBench(1);
        for (var i = 0; i < 3000; i++)
        {
            // A second of speech, then a second in which one octet comes each 400 ms.
            var ms = i * 10 % 2000;
            if (ms < 1000) bench.Send(jitterMs: 10);
            else bench.Quiet(ms % 400 == 0);
            bench.Pull(480);
        }

        var s = bench.Buffer.Statistics;
        Assert.InRange(s.Concealed, 0, 15 * 480);
        Assert.InRange(s.Comfort, 12 * 48_000, 16 * 48_000);
        Assert.Equal(0, s.PacketsLate);
        Assert.InRange(bench.Buffer.Delay.TotalMilliseconds, 10, 60);
    }

    [Fact]
    public void Silence_SentAsAGapOfTimestampsOnly_IsNoLoss()
    {
        var bench = new JitterBench(1);
        for (var i = 0; i < 2020; i++)
        {
            if (i / 50 % 2 == 0) bench.Send();
            else bench.Quiet(false);
            bench.Pull(480);
        }

        Assert.Equal(0, bench.Buffer.Statistics.Concealed);
        Assert.True(bench.Buffer.Statistics.Comfort > 400_000);
    }

    [Fact]
    public void Loss_OfOnePacketWithItsCopyInTheNext_IsRecovered()
    {
        var bench = new JitterBench(1, fec: true);
        for (var i = 0; i < 1000; i++)
        {
            bench.Send(lossPercent: i % 20 == 0 && i > 100 ? 100 : 0);
            bench.Pull(480);
        }

        var s = bench.Buffer.Statistics;
        Assert.True(s.Recovered > 40 * Frame, s.ToString());
        Assert.InRange(s.Concealed, 0, 3 * Frame);
    }

    [Fact]
    public void Loss_WithoutACopy_CostsAsMuchTimeAsWasLost()
    {
        var bench = new JitterBench(1);
        for (var i = 0; i < 1000; i++)
        {
            bench.Send(lossPercent: i % 20 == 0 && i > 100 ? 100 : 0);
            bench.Pull(480);
        }

        // 45 frames were lost; what was made up is that and not more, so the delay stays.
        Assert.InRange(bench.Buffer.Statistics.Concealed, 43 * Frame, 47 * Frame);
        Assert.InRange(bench.Buffer.Delay.TotalMilliseconds, 5, 45);
    }

    [Fact]
    public void Stream_ThatStops_FadesToSilenceAndCountsOneSecondAtMost()
    {
        var bench = new JitterBench(1);
        for (var i = 0; i < 200; i++)
        {
            bench.Send();
            bench.Pull(480);
        }

        for (var i = 0; i < 400; i++) bench.Pull(480);
        Assert.False(bench.Buffer.IsActive);
        Assert.InRange(bench.Buffer.Statistics.Concealed, 48_000, 49_000);
        Assert.All(bench.Output, sample => Assert.Equal(0, sample));

        // When it comes back it plays at once; no packet was missing, so it had only been silent.
        for (var i = 0; i < 20; i++)
        {
            bench.Send();
            bench.Pull(480);
        }

        Assert.True(bench.Buffer.IsActive);
        Assert.Contains(bench.Output, sample => sample != 0);
        Assert.Equal(0, bench.Buffer.Statistics.Concealed);
    }

    [Theory]
    [InlineData(4000, 0)]
    [InlineData(0, 5_000_000)]
    [InlineData(0, -5_000_000)]
    [InlineData(-20_000, 12345)]
    public void Jump_OfSequenceOrTimestamp_IsPlayedOn(int sequence, int timestamp)
    {
        var bench = new JitterBench(1);
        for (var i = 0; i < 1000; i++)
        {
            if (i == 500) bench.Jump(sequence, timestamp);
            bench.Send();
            bench.Pull(480);
        }

        var s = bench.Buffer.Statistics;
        Assert.InRange(s.PacketsPlayed, 485, 500);
        Assert.InRange(s.Concealed, 0, 5000);
    }

    [Fact]
    public void Clock_Changed_MidStream_IsPlayedOn()
    {
        var bench = new JitterBench(1);
        for (var i = 0; i < 1000; i++)
        {
            if (i == 500) bench.Clock = 8000;
            bench.Send();
            bench.Pull(480);
        }

        Assert.InRange(bench.Buffer.Statistics.PacketsPlayed, 490, 500);
        Assert.InRange(bench.Buffer.Delay.TotalMilliseconds, 5, 60);
    }

    [Fact]
    public void Headers_Fuzzed_NeverThrowAndStayBounded()
    {
        var chance = new SeededEntropy(77);
        var buffer = new JitterBuffer(JitterOptions.Default);
        var decoder = new PcmCodec();
        var payload = new byte[100];
        var output = new short[480];
        for (var i = 0; i < 200_000; i++)
        {
            chance.Fill(payload);
            var wild = chance.NextInt(4) == 0;
            var header = new RtpHeader(
                0, (ushort)(wild ? chance.NextUInt32() : (uint)(i + chance.NextInt(300))), wild ? chance.NextUInt32() : (uint)(i * 100), 1, wild);
            var at = new Instant(i * 1_000_000L);
            if (chance.NextInt(50) == 0) buffer.PutOther(header.Sequence);
            buffer.Put(at, header, chance.NextInt(100) == 0 ? 8000 : 48_000, decoder, payload.AsSpan(0, chance.NextInt(100)));
            if (i % 10 == 0) buffer.Pull(at, output);
            Assert.InRange(buffer.Waiting, 0, 256);
        }
    }

    [Fact]
    public void SteadyState_WithLossAndJitter_AllocatesNothing()
    {
        var buffer = new JitterBuffer(JitterOptions.Default);
        var codec = new PcmCodec { Fec = true };
        var pcm = new short[Frame];
        var payload = new byte[4 + 4 * Frame];
        codec.Encode(pcm, payload);
        var length = codec.Encode(pcm, payload);
        var output = new short[480];

        void Run(int from, int count)
        {
            for (var i = from; i < from + count; i++)
            {
                var at = new Instant(i * 10_000_000L);
                Speech.Fill(i * 480, output);

                // Bunches of three packets each 60 ms, of which some never come.
                if (i % 6 == 0)
                    for (var n = 0; n < 3; n++)
                        if ((i / 6 + n) % 11 != 0)
                            buffer.Put(at, new RtpHeader(0, (ushort)(i / 2 + n), (uint)((i / 2 + n) * Frame), 1), 48_000, codec, payload.AsSpan(0, length));
                buffer.Pull(at, output);
            }
        }

        Run(0, 3000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(3000, 3000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(buffer.Statistics.Recovered > 0);
    }

    [Theory]
    [InlineData("wifi", "b10")]
    [InlineData("pareto_reorder", "r10")]
    public void Trace_PlayedTwice_SoundsTheSame(string trace, string mask)
    {
        var options = JitterOptions.Default;
        var first = TraceRun.Play(TraceRun.Delays(trace), TraceRun.Losses(mask), options, true);
        Assert.Equal(first.Hash, TraceRun.Play(TraceRun.Delays(trace), TraceRun.Losses(mask), options, true).Hash);
    }

    [Fact]
    public void Profiles_OnARoughPath_TradeDelayForLateness()
    {
        TraceRun Of(JitterProfile profile) => TraceRun.Play(TraceRun.Delays("wifi"), null, JitterOptions.Default with { Profile = profile });
        var (interactive, balanced, robust) = (Of(JitterProfile.Interactive), Of(JitterProfile.Balanced), Of(JitterProfile.Robust));
        Assert.True(interactive.MeanMs < balanced.MeanMs && balanced.MeanMs < robust.MeanMs, $"{interactive}\n{balanced}\n{robust}");
        Assert.True(interactive.ConcealedPercent > robust.ConcealedPercent);
    }

    public static TheoryData<ulong> Seeds() => [.. Enumerable.Range(1, 12).Select(i => (ulong)i)];
}
