using Softphone.Audio;
using Softphone.Lab;
using Softphone.Phone;
using Softphone.Sdp;

namespace Softphone.Scenarios;

/// <summary>What the line between the phones may do without harm, and what is really heard.</summary>
public sealed class LineTests
{
    private static readonly short[] _alice = Speech.Load("alice");
    private static readonly short[] _bob = Speech.Load("bob");

    [Theory]
    [InlineData("port-restricted", "port-restricted", 0, 0, 20, "opus")]
    [InlineData("symmetric", "symmetric", 0, 0, 20, "pcmu")]
    [InlineData("restricted-cone", "symmetric", 0, 30, 100, "G722")]
    [InlineData("port-restricted", "full-cone", 0.05, 10, 20, "opus")]
    [InlineData("symmetric", "port-restricted", 0.10, 10, 20, "pcma")]
    public void Line_WithLossAndJitter_SpeechIsHeardOnBothEnds(string a, string b, double loss, int jitterMs, int latencyMs, string codec)
    {
        PcmSink aliceHears = new(TimeSpan.FromSeconds(30)), bobHears = new(TimeSpan.FromSeconds(30));
        Assert.True(SdpCodec.TryFind(codec, out var offered));
        using var bench = new CallBench(
            new DemoOptions
            {
                NatA = NatBehavior.Named(a),
                NatB = NatBehavior.Named(b),
                Loss = loss,
                Jitter = TimeSpan.FromMilliseconds(jitterMs),
                Latency = TimeSpan.FromMilliseconds(latencyMs),
            },
            new BenchOptions
            {
                Codecs = [offered],
                Ringing = TimeSpan.FromSeconds(1),
                Bob = new CallOptions { Source = new PcmSource(_bob), Sink = bobHears },
            });
        bench.Register().Dial(new CallOptions { Source = new PcmSource(_alice), Sink = aliceHears, Duration = TimeSpan.FromSeconds(7) });
        var (alice, bob) = bench.UntilEnded(60);

        bench.That(alice is { Status: 200, Audio: AudioOutcome.TwoWay, Fault: null }, $"alice: {alice.Audio} {alice.Fault}");
        bench.That(bob is { Status: 200, Audio: AudioOutcome.TwoWay, Fault: null }, $"bob: {bob.Audio} {bob.Fault}");
        var (byAlice, byBob) = (SpeechMatch.Find(_bob, aliceHears.Samples), SpeechMatch.Find(_alice, bobHears.Samples));
        bench.That(byAlice.IsHeard, $"alice did not hear bob: {byAlice}");
        bench.That(byBob.IsHeard, $"bob did not hear alice: {byBob}");
        var crossed = SpeechMatch.Find(_alice, aliceHears.Samples);
        bench.That(!crossed.IsHeard, $"alice heard herself: {crossed}");
    }

    [Theory]
    [InlineData("port-restricted", false, "host")]
    [InlineData("symmetric", false, "host")]
    [InlineData("full-cone", true, "relay")]
    [InlineData("symmetric", true, "relay")]
    public void SameNat_LanOrIsolatedClients_PathExpected(string nat, bool isolated, string path)
    {
        using var bench = new CallBench(new DemoOptions { NatA = NatBehavior.Named(nat), IsSameNat = true, IsolatesClients = isolated });
        bench.Register().Dial(new CallOptions { Duration = TimeSpan.FromSeconds(2) });
        var (alice, bob) = bench.UntilEnded(30);
        bench.That(alice is { Status: 200, Audio: AudioOutcome.TwoWay, Fault: null } && alice.Path == path, $"alice: {alice.Path} {alice.Audio}");
        bench.That(bob is { Status: 200, Audio: AudioOutcome.TwoWay, Fault: null } && bob.Path == path, $"bob: {bob.Path} {bob.Audio}");
        bench.ShutDown();
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.10)]
    public void Loss_ManySeeds_CallCompletesWithAudioBothWays(double loss)
    {
        for (ulong seed = 1; seed <= 6; seed++)
        {
            using var bench = new CallBench(
                new DemoOptions { NatA = NatBehavior.PortRestricted, NatB = NatBehavior.RestrictedCone, Loss = loss, Jitter = TimeSpan.FromMilliseconds(15), Seed = seed },
                new BenchOptions { Mux = seed % 2 == 0 ? RtcpMuxPolicy.Off : RtcpMuxPolicy.Offer });
            bench.Register().Dial(new CallOptions { Duration = TimeSpan.FromSeconds(5) });
            var (alice, bob) = bench.UntilEnded(60);
            bench.That(alice is { Status: 200, Audio: AudioOutcome.TwoWay, Fault: null }, $"alice: {alice.Audio} {alice.Fault}");
            bench.That(bob is { Audio: AudioOutcome.TwoWay, Fault: null }, $"bob: {bob.Audio} {bob.Fault}");
            bench.That(alice.Media!.Rx.Packets > 150 && bob.Media!.Rx.Packets > 150, $"heard {alice.Media.Rx} and {bob.Media!.Rx}");
        }
    }
}
