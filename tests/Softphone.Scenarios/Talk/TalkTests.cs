using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;
using Softphone.Sdp;

namespace Softphone.Scenarios;

/// <summary>What two phones do in a call and one after the other.</summary>
public sealed class TalkTests
{
    [Theory]
    [InlineData("pcmu")]
    [InlineData("opus")]
    [Rfc("4733", "2.5")]
    public void Dtmf_BothWays_ArrivesOnceAndInOrder(string codec)
    {
        Assert.True(SdpCodec.TryFind(codec, out var offered));
        using var bench = new CallBench(new DemoOptions { Loss = 0.02 }, new BenchOptions
        {
            Codecs = [offered],
            Bob = new CallOptions { Dtmf = "*9A" },
        });
        bench.Connect(new CallOptions { Dtmf = "1w2#0" });
        bench.Run(6);
        bench.HangUp();
        var (alice, bob) = bench.UntilEnded(5);
        bench.That(bob.Digits == "12#0", $"bob got {bob.Digits}");
        bench.That(alice.Digits == "*9A", $"alice got {alice.Digits}");
    }

    [Theory]
    [InlineData(true, RtcpMuxPolicy.Offer)]
    [InlineData(false, RtcpMuxPolicy.Offer)]
    [InlineData(true, RtcpMuxPolicy.Off)]
    [Rfc("3264", "8.4")]
    [Rfc("8839", "4.4.1", Line = "I19")]
    public void Hold_AndResume_AudioStopsAndComesBackOnTheSamePath(bool byCaller, RtcpMuxPolicy mux)
    {
        using var bench = new CallBench(new DemoOptions(), new BenchOptions { Mux = mux });
        bench.Connect();
        bench.Run(2);
        var (holder, held, call) = byCaller ? (bench.Alice, bench.Bob, bench.Call) : (bench.Bob, bench.Alice, bench.BobsCall());
        var heldCall = byCaller ? bench.BobsCall() : bench.Call;
        holder.Do((m, now) => m.Hold(now, call, true));
        bench.Until(() => CallBench.States(held).Last() == CallState.Held && CallBench.States(holder).Last() == CallState.Held, 3, "both show hold");
        bench.Run(1);
        var before = Heard(bench, holder, call);
        bench.Run(4);
        bench.That(Heard(bench, holder, call) - before <= 1, "the held side went on sending");
        holder.Do((m, now) => m.Hold(now, call, false));
        bench.Until(() => CallBench.States(held).Last() == CallState.Connected && CallBench.States(holder).Last() == CallState.Connected, 3, "both are back");
        var (a, b) = (Heard(bench, holder, call), Heard(bench, held, heldCall));
        bench.Run(2);
        bench.That(Heard(bench, holder, call) - a > 80 && Heard(bench, held, heldCall) - b > 80, $"after resume {Heard(bench, holder, call) - a} and {Heard(bench, held, heldCall) - b}");
        bench.HangUp();
        var (alice, bob) = bench.UntilEnded(5);
        bench.That(alice is { Fault: null, Audio: AudioOutcome.TwoWay } && bob is { Fault: null, Audio: AudioOutcome.TwoWay }, $"{alice} {bob}");
        bench.That(bench.Alice.Events.OfType<PhoneEvent.PathSelected>().Count(p => p.Component == 1) == 1, "the path was chosen again");
        bench.ShutDown();
    }

    [Fact]
    [Rfc("3261", "14.1")]
    public void Hold_ByBothAtOnce_GlareIsSettled()
    {
        using var bench = new CallBench(new DemoOptions());
        bench.Connect();
        bench.Run(1);
        bench.Alice.Do((m, now) => m.Hold(now, bench.Call, true));
        bench.Bob.Do((m, now) => m.Hold(now, bench.BobsCall(), true));
        bench.Run(10);
        bench.That(CallBench.States(bench.Alice).Last() == CallState.Held && CallBench.States(bench.Bob).Last() == CallState.Held, "held on both sides");
        bench.Alice.Do((m, now) => m.Hold(now, bench.Call, false));
        bench.Run(6);
        bench.Bob.Do((m, now) => m.Hold(now, bench.BobsCall(), false));
        bench.Run(6);
        bench.That(CallBench.States(bench.Alice).Last() == CallState.Connected && CallBench.States(bench.Bob).Last() == CallState.Connected, "connected again");
        bench.ShutDown();
    }

    [Fact]
    public void TwoCallsAtOnce_OnePhone_AreIndependent()
    {
        using var bench = new CallBench(new DemoOptions());
        bench.Connect();
        bench.Run(1);
        var first = bench.Call;
        bench.Dial();
        bench.Until(() => bench.Bob.Events.OfType<PhoneEvent.CallChanged>().Count(c => c.State == CallState.Connected) == 2, 10, "the second call is up");
        bench.Run(2);
        var second = bench.Call;
        bench.That(first != second && Heard(bench, bench.Alice, first) > 100 && Heard(bench, bench.Alice, second) > 80, "both calls have audio");
        bench.Alice.Do((m, now) => m.Hangup(now, first));
        bench.Until(() => bench.Bob.Events.OfType<PhoneEvent.CallEnded>().Count() == 1, 3, "the first call is over");
        var heard = Heard(bench, bench.Alice, second);
        bench.Run(2);
        bench.That(Heard(bench, bench.Alice, second) - heard > 80, "the second call went on");
        bench.Alice.Do((m, now) => m.Hangup(now, second));
        bench.Until(() => bench.Bob.Events.OfType<PhoneEvent.CallEnded>().Count() == 2, 3, "the second call is over");
        bench.ShutDown();
    }

    private static long Heard(CallBench bench, VirtualPhone phone, CallId call) => phone.Machine.Snapshot(bench.Now, call)!.Media!.Rx.Packets;
}
