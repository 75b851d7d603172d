using Softphone.Lab;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>Both ends lose their addresses at once, so that neither's offer reaches the other: the caller calls anew in place of the old call.</summary>
public sealed class RecoveryTests
{
    [Theory]
    [InlineData("port-restricted")]
    [InlineData("symmetric")]
    [Rfc("3891", "3", Line = "sip F3")]
    public void BothMove_OldAddressesGone_TheTalkGoesOn(string nat)
    {
        using var move = new MoveBench(NatBehavior.Named(nat));
        move.Talk();
        var (a, b) = (move.Bench.Demo.HostA, move.Bench.Demo.HostB);
        a.Detach(MoveBench.AliceHome);
        b.Detach(MoveBench.BobHome);
        a.Attach(move.LanC, MoveBench.AliceElsewhere);
        b.Attach(move.LanD, MoveBench.BobElsewhere);
        var bench = move.Bench;
        bench.Until(() => Replaced(bench.Alice) is not null && Replaced(bench.Bob) is not null, 12, "one call takes the place of the other on both sides");
        bench.Run(3);
        var (alices, bobs) = (Replaced(bench.Alice)!.By, Replaced(bench.Bob)!.By);
        var (before, there) = (Heard(bench.Alice, alices), Heard(bench.Bob, bobs));
        bench.Run(3);
        bench.That(Heard(bench.Alice, alices) - before > 140 && Heard(bench.Bob, bobs) - there > 140, "both hear each other");
        bench.That(bench.Bob.Events.OfType<PhoneEvent.IncomingCall>().Count() == 1, "bob's phone did not ring again");
        bench.That(bench.Alice.Machine.ActiveCalls == 1 && bench.Bob.Machine.ActiveCalls == 1, "one call each");
        bench.Alice.Do((m, now) => m.Hangup(now, alices));
        bench.Run(2);
        bench.That(bench.Bob.Machine.ActiveCalls == 0, "over for both");

        PhoneEvent.CallReplaced? Replaced(VirtualPhone phone) => phone.Events.OfType<PhoneEvent.CallReplaced>().SingleOrDefault();
        long Heard(VirtualPhone phone, CallId call) => phone.Machine.Snapshot(bench.Now, call)?.Media?.Rx.Packets ?? 0;
    }

    [Fact]
    [Rfc("3891", "3", Line = "sip F3")]
    public void BothMove_PeerComesBackToNoNetwork_TheCallEndsWithItsReason()
    {
        using var move = new MoveBench();
        move.Talk();
        move.Bench.Demo.HostA.Detach(MoveBench.AliceHome);
        move.Bench.Demo.HostB.Detach(MoveBench.BobHome);
        move.Bench.Demo.HostA.Attach(move.LanC, MoveBench.AliceElsewhere);
        move.Bench.Until(() => move.Bench.Alice.Machine.ActiveCalls == 0, 45, "over for alice");
        var first = move.Bench.Alice.Events.OfType<PhoneEvent.CallEnded>().First(e => e.Call == move.Bench.Call);
        move.Bench.That(CallBench.States(move.Bench.Alice).Count(s => s == CallState.Dialing) == 1, "nobody is told of attempts that come to nothing");
        move.Bench.That(first.Summary is { Fault.Layer: Softphone.Core.Layer.Ice }, first.Summary.ToString());
        move.Bench.That(!move.Bench.Alice.Events.OfType<PhoneEvent.CallReplaced>().Any(), "nothing took its place");
    }
}
