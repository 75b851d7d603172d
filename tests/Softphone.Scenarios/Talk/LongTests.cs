using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;
using Softphone.Sdp;

namespace Softphone.Scenarios;

/// <summary>What time does: allocations, permissions, channels, bindings and registrations run out unless they are kept.</summary>
public sealed class LongTests
{
    private static readonly NatBehavior _forgetful = NatBehavior.PortRestricted with { UdpLifetime = TimeSpan.FromSeconds(30) };

    [Fact]
    [Rfc("8656", "9", Line = "T20")]
    [Rfc("8656", "12", Line = "T27")]
    public void RelayedCall_OfElevenMinutes_LosesNothing()
    {
        using var bench = new CallBench(new DemoOptions { NatA = NatBehavior.Symmetric, NatB = NatBehavior.Symmetric });
        bench.Connect(new CallOptions { Duration = TimeSpan.FromMinutes(11) });
        var (alice, bob) = bench.UntilEnded(700);
        foreach (var side in new[] { alice, bob })
        {
            bench.That(side is { Status: 200, Fault: null, Path: "relay", Audio: AudioOutcome.TwoWay }, side.ToString());
            bench.That(side.Media!.Rx is { Lost: 0, Packets: > 32_900 }, side.Media.Rx.ToString());
        }

        bench.ShutDown();
    }

    [Fact]
    [Rfc("8839", "4.4.1.1.1", Line = "I11")]
    public void RelaysAfterBothDescriptions_BetweenSymmetricNats_AreToldByAnotherOffer()
    {
        // 800 ms a round trip: the mapped address is in time, the relay after the budget and its extension.
        using var bench = new CallBench(
            new DemoOptions { NatA = NatBehavior.Symmetric, NatB = NatBehavior.Symmetric, Latency = TimeSpan.FromMilliseconds(400) },
            new BenchOptions { Adjust = (_, o) => o with { Nat = o.Nat with { GatherBudget = TimeSpan.FromMilliseconds(850) } } });
        bench.Register();
        bench.Dial(new CallOptions { Duration = TimeSpan.FromSeconds(30) });
        var (alice, bob) = bench.UntilEnded(60);
        bench.That(alice is { Status: 200, Path: "relay", Audio: AudioOutcome.TwoWay } && bob.Audio == AudioOutcome.TwoWay, $"{alice} {bob}");
        bench.ShutDown();
    }

    [Fact]
    [Rfc("5626", "4.4.2")]
    public void IdlePhone_BehindAForgetfulNat_IsStillReachable()
    {
        using var bench = new CallBench(
            new DemoOptions { NatA = _forgetful, NatB = _forgetful }, new BenchOptions { Adjust = (_, o) => o with { SipTransports = SipTransports.Udp } });
        bench.Register();
        bench.Run(900);
        bench.Dial(new CallOptions { Duration = TimeSpan.FromSeconds(2) });
        var (alice, bob) = bench.UntilEnded(20);
        bench.That(alice is { Status: 200, Audio: AudioOutcome.TwoWay } && bob.Audio == AudioOutcome.TwoWay, alice.ToString());
        bench.ShutDown();
    }

    [Theory]
    [InlineData(RtcpMuxPolicy.Offer)]
    [InlineData(RtcpMuxPolicy.Off)]
    [Rfc("7675", "5.1", Line = "I72")]
    public void HeldCall_BehindForgetfulNats_ComesBackAfterFiveMinutes(RtcpMuxPolicy mux)
    {
        using var bench = new CallBench(new DemoOptions { NatA = _forgetful, NatB = _forgetful }, new BenchOptions { Mux = mux });
        bench.Connect();
        bench.Run(1);
        bench.Alice.Do((m, now) => m.Hold(now, bench.Call, true));
        bench.Run(300);
        bench.That(CallBench.States(bench.Alice).Last() == CallState.Held, "no longer held");
        bench.Alice.Do((m, now) => m.Hold(now, bench.Call, false));
        bench.Run(1);
        var (a, b) = Heard();
        bench.Run(2);
        var (c, d) = Heard();
        bench.That(c - a > 90 && d - b > 90, $"after resume alice heard {c - a}, bob {d - b}");
        bench.HangUp();
        bench.UntilEnded(3);
        bench.ShutDown();

        (long, long) Heard() => (
            bench.Alice.Machine.Snapshot(bench.Now, bench.Call)!.Media!.Rx.Packets,
            bench.Bob.Machine.Snapshot(bench.Now, bench.BobsCall())!.Media!.Rx.Packets);
    }

    [Fact]
    [Rfc("8445", "5.1.1.4", Line = "I11")]
    public void Ringing_ForAMinute_BehindForgetfulNats_StillFindsAPath()
    {
        using var bench = new CallBench(new DemoOptions { NatA = _forgetful, NatB = _forgetful }, new BenchOptions { Ringing = TimeSpan.FromSeconds(65) });
        bench.Register().Dial(new CallOptions { Duration = TimeSpan.FromSeconds(2) });
        var (alice, bob) = bench.UntilEnded(90);
        bench.That(alice is { Status: 200, Audio: AudioOutcome.TwoWay, Fault: null } && bob.Audio == AudioOutcome.TwoWay, alice.ToString());
        bench.ShutDown();
    }
}
