using Softphone.Lab;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>Three whole phones: one hands its call on, and the other two go on talking (RFC 5589).</summary>
public sealed class TransferTests
{
    private const int Seconds = 15;

    [Theory]
    [InlineData("none")]
    [InlineData("port-restricted")]
    [InlineData("symmetric")]
    [Rfc("5589", "6.1", Line = "sip F2")]
    [Rfc("3515", "2.4.4", Line = "sip F2")]
    public void Blind_TheOtherTwoTalk_AndWeAreOut(string nat)
    {
        using var bench = new TransferBench(NatBehavior.Named(nat));
        var (alices, bobs) = bench.Connect("alice", "bob");
        bench.OnlyTheseTalk("alice", "bob");

        bench["alice"].Phone.Do((m, now) => m.Transfer(now, alices, TransferBench.Uri("carol")));
        bench.Until(() => bench["alice"].State(alices) == CallState.Ended, Seconds, "alice is out");
        bench.Run(2);
        bench.OnlyTheseTalk("bob", "carol");

        bench.That(bench["alice"].Transfers.SequenceEqual([TransferState.Asked, TransferState.Accepted, TransferState.Ringing, TransferState.Done]), string.Join(' ', bench["alice"].Transfers));
        var summary = bench["alice"].Summary(alices)!;
        bench.That(summary is { Status: 200, Cause: CallEndCause.Local, Reason: "transferred to sip:carol@lab.test" }, summary.ToString());
        var asked = bench["bob"].Phone.Events.OfType<PhoneEvent.TransferRequested>().Single();
        bench.That(asked.Call == bobs && asked.Target == "sip:carol@lab.test" && asked.By == "sip:alice@lab.test", asked.ToString());
        var replaced = bench["bob"].Phone.Events.OfType<PhoneEvent.CallReplaced>().Single();
        bench.That(replaced.Call == bobs && replaced.By == asked.NewCall, replaced.ToString());
        bench.That(bench["bob"].State(bobs) == CallState.Ended && bench["bob"].Phone.Machine.ActiveCalls == 1, "bob has the new call alone");
        bench.ShutDown();
    }

    [Fact]
    [Rfc("5589", "6.3", Line = "sip F2")]
    public void Blind_NobodyTakesIt_TheCallIsAsItWas()
    {
        using var bench = new TransferBench(adjust: (name, o) => name == "carol" ? o with { Answering = new AnswerPolicy.Refuse(486) } : o);
        var (alices, bobs) = bench.Connect("alice", "bob");
        bench["alice"].Phone.Do((m, now) => m.Transfer(now, alices, TransferBench.Uri("carol")));
        bench.Until(() => bench["alice"].Transfers.LastOrDefault() == TransferState.Failed, Seconds, "the transfer fails");
        bench.That(bench["alice"].Phone.Events.OfType<PhoneEvent.TransferChanged>().Last() is { Status: 486, Reason: "Busy Here" }, "the status of carol's phone is told");
        bench.Run(1);
        bench.That(bench["alice"].State(alices) == CallState.Connected && bench["bob"].State(bobs) == CallState.Connected, "both are off hold again");
        bench.OnlyTheseTalk("alice", "bob");
        bench.That(!bench["bob"].Phone.Events.OfType<PhoneEvent.CallReplaced>().Any(), "nothing was replaced");
        bench.ShutDown();
    }

    [Fact]
    [Rfc("5589", "6.3", Line = "sip F2")]
    public void Blind_OfACallOnHold_LeavesItOnHoldWhenItFails()
    {
        using var bench = new TransferBench();
        var (alices, bobs) = bench.Connect("alice", "bob");
        bench["alice"].Phone.Do((m, now) => m.Hold(now, alices, true));
        bench.Run(1);
        bench["alice"].Phone.Do((m, now) => m.Transfer(now, alices, TransferBench.Uri("nobody")));
        bench.Until(() => bench["alice"].Transfers.LastOrDefault() == TransferState.Failed, Seconds, "the transfer fails");
        bench.Run(1);
        bench.That(bench["alice"].Phone.Machine.Snapshot(bench.Now, alices)!.IsHeldHere, "alice still holds");
        bench.That(bench["bob"].Phone.Machine.Snapshot(bench.Now, bobs)!.IsHeldThere, "bob is still held");
    }

    [Fact]
    [Rfc("3515", "2.4.2", Line = "sip F4")]
    public void Blind_PeerFollowsNobody_IsToldSo()
    {
        using var bench = new TransferBench(adjust: (_, o) => o with { Referrals = ReferralPolicy.Refuse });
        var (alices, bobs) = bench.Connect("alice", "bob");
        bench["alice"].Phone.Do((m, now) => m.Transfer(now, alices, TransferBench.Uri("carol")));
        bench.Until(() => bench["alice"].Transfers.LastOrDefault() == TransferState.Failed, Seconds, "the transfer fails");
        bench.That(bench["alice"].Phone.Events.OfType<PhoneEvent.TransferChanged>().Last().Status == 603, "declined");
        bench.That(bench["bob"].Phone.Events.OfType<PhoneEvent.TransferRequested>().Single() is { NewCall: null }, "bob is told that somebody asked");
        bench.Run(1);
        bench.That(bench["bob"].State(bobs) == CallState.Connected, "the call goes on");
        bench.OnlyTheseTalk("alice", "bob");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("symmetric")]
    [Rfc("5589", "7.1", Line = "sip F3")]
    [Rfc("3891", "3", Line = "sip F3")]
    public void Attended_TheOtherTwoTalk_AndWeAreOut(string nat)
    {
        using var bench = new TransferBench(NatBehavior.Named(nat));
        var (first, bobs) = bench.Connect("alice", "bob");
        bench["alice"].Phone.Do((m, now) => m.Hold(now, first, true));
        bench.Run(1);
        var (second, carols) = bench.Connect("alice", "carol");

        bench["alice"].Phone.Do((m, now) => m.TransferTo(now, first, second));
        bench.Until(() => bench["alice"].State(first) == CallState.Ended && bench["alice"].State(second) == CallState.Ended, Seconds, "alice is out of both");
        bench.Run(2);
        bench.OnlyTheseTalk("bob", "carol");

        bench.That(bench["alice"].Transfers.Last() == TransferState.Done, string.Join(' ', bench["alice"].Transfers));
        var replaced = bench["carol"].Phone.Events.OfType<PhoneEvent.CallReplaced>().Single();
        bench.That(replaced.Call == carols && bench["carol"].State(replaced.By) == CallState.Connected, replaced.ToString());
        bench.That(bench["carol"].Phone.Events.OfType<PhoneEvent.IncomingCall>().Count() == 1, "carol's phone did not ring again");
        bench.That(bench["carol"].Phone.Machine.Snapshot(bench.Now, replaced.By)!.Peer == "sip:bob@lab.test", "carol sees bob");
        bench.That(bench["bob"].State(bobs) == CallState.Ended && bench["bob"].Phone.Machine.ActiveCalls == 1 && bench["carol"].Phone.Machine.ActiveCalls == 1, "one call each");
        bench.ShutDown();
    }

    [Fact]
    [Rfc("5589", "7.6", Line = "sip F3")]
    public void Attended_OtherStillRings_ThePeerCallsThereItself()
    {
        using var bench = new TransferBench(adjust: (name, o) => name == "carol" ? o with { Answering = new AnswerPolicy.Manual() } : o);
        var (first, _) = bench.Connect("alice", "bob");
        CallId second = default;
        bench["alice"].Phone.Do((m, now) => second = m.Call(now, bench["alice"].Account, TransferBench.Uri("carol"), bench["alice"].Options));
        bench.Until(() => bench["alice"].State(second) == CallState.Ringing, 5, "carol rings");
        bench["alice"].Phone.Do((m, now) => m.TransferTo(now, first, second));
        bench.Until(() => bench["alice"].Transfers.LastOrDefault() == TransferState.Ringing, Seconds, "carol rings for bob");
        bench["carol"].Phone.Do((m, now) => m.Answer(now, bench["carol"].Phone.Events.OfType<PhoneEvent.IncomingCall>().Last().Call, bench["carol"].Options));
        bench.Until(() => bench["alice"].State(first) == CallState.Ended, Seconds, "alice is out");
        bench.Run(2);
        bench.OnlyTheseTalk("bob", "carol");
        bench.ShutDown();
    }

    [Fact]
    [Rfc("5589", "6.1", Line = "sip F2")]
    public void Transferor_HangsUpAtOnce_TheTransferGoesOn()
    {
        using var bench = new TransferBench();
        var (alices, bobs) = bench.Connect("alice", "bob");
        bench["alice"].Phone.Do((m, now) => m.Transfer(now, alices, TransferBench.Uri("carol")));
        bench.Until(() => bench["alice"].Transfers.LastOrDefault() == TransferState.Accepted, Seconds, "accepted");
        bench["alice"].Phone.Do((m, now) => m.Hangup(now, alices));
        bench.Until(() => bench["bob"].State(bobs) == CallState.Ended, 2, "bob's call with alice is over");
        bench.That(bench["bob"].Phone.Events.OfType<PhoneEvent.CallReplaced>().Single().Call == bobs, "its audio has gone on to the new one");
        bench.Until(() => bench["carol"].Calls.Any() && bench["carol"].State(bench["carol"].Calls.Last()) == CallState.Connected, Seconds, "carol answers");
        bench.Run(2);
        bench.OnlyTheseTalk("bob", "carol");
        bench.ShutDown();
    }

    [Fact]
    [Rfc("3515", "4", Line = "sip F4")]
    public void Refer_ToOurselves_IsNotFollowed()
    {
        using var bench = new TransferBench();
        var (alices, _) = bench.Connect("alice", "bob");
        bench["alice"].Phone.Do((m, now) => m.Transfer(now, alices, TransferBench.Uri("bob")));
        bench.Until(() => bench["alice"].Transfers.LastOrDefault() == TransferState.Failed, Seconds, "refused");
        bench.That(bench["alice"].Phone.Events.OfType<PhoneEvent.TransferChanged>().Last().Status == 482, "a loop");
    }
}
