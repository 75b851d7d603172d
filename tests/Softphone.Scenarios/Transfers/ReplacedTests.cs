using Softphone.Core;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>A peer calls in place of a call that is up (RFC 3891), and means it, or gave up meanwhile and was answered all the same.</summary>
public sealed class ReplacedTests
{
    [Theory]
    [InlineData(0, true)]
    [InlineData(0.1, true)]
    [InlineData(0.25, false)]
    [Rfc("3891", "3")]
    [Rfc("3261", "15")]
    public void Replacement_TakenBackAfterItsAnswer_TheOldCallGoesOn(double after, bool isOurs)
    {
        using var bench = Called(isOurs);
        var old = bench.Call;
        Replace(bench, (now, session) =>
        {
            if (after == 0) bench.Peer.Agent.Hangup(now, session);
            else bench.Demo.World.At(now + TimeSpan.FromSeconds(after), () => bench.Peer.Do((agent, at) => agent.Hangup(at, session)));
        });
        bench.Run(3);
        bench.That(bench.Alice.Machine.ActiveCalls == 1 && bench.Alice.Machine.Snapshot(bench.Now, old) is not null, "the old call is the one that is left");
        bench.That(!bench.Alice.Events.OfType<PhoneEvent.CallReplaced>().Any(), "nothing was replaced");
        var (ours, theirs) = (Heard(bench, old), bench.Peer.Heard);
        bench.Run(2);
        bench.That(Heard(bench, old) - ours > 90 && bench.Peer.Heard - theirs > 90, $"alice heard {Heard(bench, old) - ours}, the peer {bench.Peer.Heard - theirs}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("3891", "3")]
    public void Replacement_ThatIsMeant_TakesThePlaceWithinASecond(bool isOurs)
    {
        using var bench = Called(isOurs);
        var old = bench.Call;
        Replace(bench, (_, _) => { });
        bench.Until(() => bench.Alice.Events.OfType<PhoneEvent.CallReplaced>().Any(r => r.Call == old), 1, "the old call is replaced");
        bench.Run(1);
        bench.That(bench.Alice.Machine.ActiveCalls == 1, $"{bench.Alice.Machine.ActiveCalls} calls");
    }

    [Fact]
    [Rfc("3891", "3")]
    public void Replacements_TwoInARow_TheNewerOneStays()
    {
        using var bench = Called(isOurs: true);
        Replace(bench, (_, _) => { });
        bench.Run(0.1);
        Replace(bench, (_, _) => { });
        bench.Run(3);
        bench.That(bench.Alice.Machine.ActiveCalls == 1, $"{bench.Alice.Machine.ActiveCalls} calls");
        bench.That(bench.Alice.Events.OfType<PhoneEvent.CallReplaced>().Count() == 1, "one took the place");
    }

    /// <summary>A server repeats an INVITE that was taken back, and it comes after the one that was meant: its answer is met by ACK and BYE.</summary>
    [Theory]
    [InlineData(0.02, 0)]
    [InlineData(0.1, 0.05)]
    [InlineData(0.29, 0.1)]
    [Rfc("3891", "3")]
    [Rfc("3261", "15")]
    public void Replacements_TheLaterOneWasTakenBack_TheEarlierOneStays(double apart, double answered)
    {
        using var bench = Called(isOurs: true);
        var old = bench.Call;
        SessionId late = default;
        var isLate = false;
        var meant = Replace(bench, (_, _) => { });
        bench.Run(apart);
        late = Replace(bench, (now, session) =>
        {
            isLate = true;
            bench.Demo.World.At(now + TimeSpan.FromSeconds(answered), () => bench.Peer.Do((agent, at) => agent.Hangup(at, late)));
        });
        bench.Run(3);
        bench.That(isLate, "the late one was answered");
        bench.That(bench.Alice.Machine.ActiveCalls == 1, $"{bench.Alice.Machine.ActiveCalls} calls");
        var replaced = bench.Alice.Events.OfType<PhoneEvent.CallReplaced>().Single();
        bench.That(replaced.Call == old && !bench.Peer.Events.OfType<SipEvent.Ended>().Any(e => e.Session == meant), "the one that was meant took the place");
        var (ours, theirs) = (Heard(bench, replaced.By), bench.Peer.Heard);
        bench.Run(2);
        bench.That(Heard(bench, replaced.By) - ours > 90 && bench.Peer.Heard - theirs > 90, $"alice heard {Heard(bench, replaced.By) - ours}, the peer {bench.Peer.Heard - theirs}");
    }

    /// <summary>The first of two is the one that was taken back: the second takes the place of the old call all the same.</summary>
    [Theory, InlineData(0.02, 0.1), InlineData(0.15, 0.2)]
    [Rfc("3891", "3")]
    public void Replacements_TheEarlierOneWasTakenBack_TheLaterOneStays(double apart, double hangsUp)
    {
        using var bench = Called(isOurs: true);
        var old = bench.Call;
        var first = Replace(bench, (_, _) => { });
        bench.Run(apart);
        var second = Replace(bench, (_, _) => { });
        bench.Run(hangsUp);
        bench.Peer.Do((agent, now) => agent.Hangup(now, first));
        bench.Run(3);
        bench.That(bench.Alice.Machine.ActiveCalls == 1, $"{bench.Alice.Machine.ActiveCalls} calls");
        var replaced = bench.Alice.Events.OfType<PhoneEvent.CallReplaced>().Single();
        bench.That(replaced.Call == old && !bench.Peer.Events.OfType<SipEvent.Ended>().Any(e => e.Session == second), "the one that was meant took the place");
        var ours = Heard(bench, replaced.By);
        bench.Run(2);
        bench.That(Heard(bench, replaced.By) - ours > 90, $"alice heard {Heard(bench, replaced.By) - ours}");
    }

    private static long Heard(PeerBench bench, CallId call) => bench.Alice.Machine.Snapshot(bench.Now, call)!.Media!.Rx.Packets;

    private static PeerBench Called(bool isOurs)
    {
        var bench = new PeerBench();
        if (isOurs) bench.Dial(_ => bench.Peer.Describe());
        else bench.BeCalled(bench.Peer.Describe());
        bench.Run(0.5);
        bench.Talk();
        return bench;
    }

    private static SessionId Replace(PeerBench bench, Action<Instant, SessionId> answered)
    {
        SessionId call = default;
        bench.Peer.Happened = (now, e) =>
        {
            if (e is SipEvent.Answered taken && taken.Session == call) answered(now, call);
        };
        bench.Peer.Do((agent, now) =>
        {
            var replaces = agent.ReplacedBy(bench.Peer.Session)!;
            var options = new InviteOptions { Headers = [new(HeaderName.Replaces, replaces.ToString()), new(HeaderName.Require, "replaces")] };
            call = agent.Invite(now, bench.Peer.Account, SipUri.Parse("sip:alice@198.51.100.2"), System.Text.Encoding.ASCII.GetBytes(bench.Peer.Describe(version: 9)), options);
        });
        return call;
    }
}
