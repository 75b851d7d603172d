using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>A person is asked before the phone calls whom a peer names (RFC 3515 §5.1).</summary>
public sealed class ReferralQuestionTests
{
    private const int Seconds = 15;

    [Theory]
    [InlineData(ReferralPolicy.Ask)]
    [InlineData(ReferralPolicy.Follow)]
    [Rfc("3515", "2.4.2", Line = "sip F4")]
    public void Stranger_WhateverTheProfileSays_NothingIsCalledBeforeAPersonSaysSo(ReferralPolicy policy)
    {
        using var bench = Called(policy);
        Refer(bench, "sip:+900123456@203.0.113.77:7066;maddr=203.0.113.78;transport=udp");
        bench.Until(() => bench.Alice.Events.OfType<PhoneEvent.TransferAsked>().Any(), 5, "a question");
        bench.Run(5);
        bench.That(bench.Alice.Machine.ActiveCalls == 1 && Invites(bench).Count == 1, "nobody was called");
        var question = bench.Alice.Events.OfType<PhoneEvent.TransferAsked>().Single().Question;
        bench.That(question is { IsByServer: false, Scheme: "sip", User: "+900123456", Host: "203.0.113.77:7066", MayBeAbroad: true, TakesPlace: false, By: "" }, question.ToString());
        bench.That(question.Parameters.Contains("maddr=203.0.113.78", StringComparison.Ordinal) && question.Target.Contains("maddr", StringComparison.Ordinal), question.ToString());
        bench.That(bench.Peer.Events.OfType<SipEvent.ReferAnswered>().Single().Status == 202, "202 in the meantime");
    }

    [Theory]
    [InlineData("sip:0049301234@203.0.113.77", true)]
    [InlineData("sip:%2b49-30.1234@203.0.113.77", true)]
    [InlineData("sip:(+49)301234@203.0.113.77", true)]
    [InlineData("sips:030123@203.0.113.77", false)]
    [InlineData("sip:bob+trunk@203.0.113.77", false)]
    [InlineData("sip:203.0.113.77", false)]
    public void Question_SaysWhatMayBeAbroad(string target, bool isAbroad)
    {
        using var bench = Called(ReferralPolicy.Ask);
        Refer(bench, target);
        bench.Until(() => bench.Alice.Events.OfType<PhoneEvent.TransferAsked>().Any(), 5, "a question");
        var question = bench.Alice.Events.OfType<PhoneEvent.TransferAsked>().Single().Question;
        bench.That(question.MayBeAbroad == isAbroad && target.StartsWith(question.Scheme + ":", StringComparison.Ordinal), question.ToString());
    }

    [Fact]
    [Rfc("3515", "2.4.5", Line = "sip F4")]
    public void Declined_ThePeerIsToldAndTheCallGoesOn()
    {
        using var bench = Called(ReferralPolicy.Ask);
        Refer(bench, "sip:x@203.0.113.77");
        bench.Until(() => bench.Peer.Events.OfType<SipEvent.ReferNews>().Any(), 5, "NOTIFY");
        bench.That(bench.Peer.Events.OfType<SipEvent.ReferNews>().Single() is { Status: 100, IsOver: false }, "100 while it is asked");
        bench.Alice.Do((m, now) => m.DecideTransfer(now, bench.Call, follows: false));
        bench.Run(1);
        bench.That(bench.Peer.Events.OfType<SipEvent.ReferNews>().Last() is { Status: 603, IsOver: true }, "603");
        bench.That(bench.Alice.Events.OfType<PhoneEvent.TransferRequested>().Single() is { NewCall: null, Outcome: ReferralOutcome.Declined }, "declined");
        bench.That(bench.Alice.Machine.ActiveCalls == 1 && bench.State == CallState.Connected, "the call goes on");
    }

    [Fact]
    [Rfc("3515", "2.4.5", Line = "sip F4")]
    public void NobodyDecides_ItIsDeclinedByItself()
    {
        using var bench = Called(ReferralPolicy.Ask);
        Refer(bench, "sip:x@203.0.113.77");
        bench.Run(29);
        bench.That(!bench.Alice.Events.OfType<PhoneEvent.TransferRequested>().Any(), "time to think");
        bench.Run(3);
        bench.That(bench.Alice.Events.OfType<PhoneEvent.TransferRequested>().Single() is { NewCall: null, Outcome: ReferralOutcome.Undecided }, "declined");
        bench.That(bench.Peer.Events.OfType<SipEvent.ReferNews>().Last() is { Status: 603, IsOver: true }, "603");
        bench.Alice.Do((m, now) => m.DecideTransfer(now, bench.Call, follows: true));
        bench.Run(1);
        bench.That(Invites(bench).Count == 1, "too late");
    }

    [Fact]
    public void OneCall_AsksThreeTimesAtMost()
    {
        using var bench = Called(ReferralPolicy.Ask);
        for (var i = 1; i <= 5; i++)
        {
            Refer(bench, $"sip:x{i}@203.0.113.77");
            bench.Run(0.5);
            if (i <= 3)
            {
                bench.That(bench.Alice.Events.OfType<PhoneEvent.TransferAsked>().Count() == i, $"question {i}");
                bench.Alice.Do((m, now) => m.DecideTransfer(now, bench.Call, follows: false));
                bench.Run(0.5);
            }
        }

        bench.That(bench.Alice.Events.OfType<PhoneEvent.TransferAsked>().Count() == 3, "no more questions");
        bench.That(bench.Peer.Events.OfType<SipEvent.ReferAnswered>().Last().Status == 603, "declined without one");
        bench.That(bench.Alice.Machine.ActiveCalls == 1 && Invites(bench).Count == 1, "nobody was called");
    }

    [Fact]
    [Rfc("3515", "2.4.2", Line = "sip F4")]
    public void Accepted_TheNewCallTakesItsPlace()
    {
        using var bench = new TransferBench(adjust: (_, o) => o with { Referrals = ReferralPolicy.Ask });
        var (alices, bobs) = bench.Connect("alice", "bob");
        bench["alice"].Phone.Do((m, now) => m.Transfer(now, alices, TransferBench.Uri("carol")));
        bench.Until(() => bench["bob"].Phone.Events.OfType<PhoneEvent.TransferAsked>().Any(), Seconds, "a question");
        bench.Run(3);
        bench.That(!bench["carol"].Calls.Any(), "carol is not called yet");
        var question = bench["bob"].Phone.Events.OfType<PhoneEvent.TransferAsked>().Single().Question;
        bench.That(question is { IsByServer: true, User: "carol", Host: "lab.test", By: "", MayBeAbroad: false }, question.ToString());
        bench["bob"].Phone.Do((m, now) => m.DecideTransfer(now, bobs, follows: true));
        bench.Until(() => bench["alice"].State(alices) == CallState.Ended, Seconds, "alice is out");
        bench.Run(2);
        bench.OnlyTheseTalk("bob", "carol");
        bench.ShutDown();
    }

    /// <summary>Some phones hang up as soon as they have their 202 (RFC 5589 §6.1): the question stands.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("5589", "6.1", Line = "sip F2")]
    public void PeerHangsUpMeanwhile_TheQuestionStands(bool follows)
    {
        using var bench = new TransferBench(adjust: (_, o) => o with { Referrals = ReferralPolicy.Ask });
        var (alices, bobs) = bench.Connect("alice", "bob");
        bench["alice"].Phone.Do((m, now) => m.Transfer(now, alices, TransferBench.Uri("carol")));
        bench.Until(() => bench["bob"].Phone.Events.OfType<PhoneEvent.TransferAsked>().Any(), Seconds, "a question");
        bench["alice"].Phone.Do((m, now) => m.Hangup(now, alices));
        bench.Until(() => bench["bob"].State(bobs) == CallState.Ended, 2, "over");
        bench.Run(5);
        bench["bob"].Phone.Do((m, now) => m.DecideTransfer(now, bobs, follows, bench["bob"].Options));
        bench.Run(3);
        bench.That(bench["carol"].Calls.Any() == follows, "carol is called when bob said so");
        if (follows) bench.OnlyTheseTalk("bob", "carol");
        bench.ShutDown();
    }

    [Fact]
    public void WeHangUp_TheQuestionIsOver()
    {
        using var bench = Called(ReferralPolicy.Ask);
        Refer(bench, "sip:x@203.0.113.77");
        bench.Until(() => bench.Alice.Events.OfType<PhoneEvent.TransferAsked>().Any(), 5, "a question");
        bench.Alice.Do((m, now) => m.Hangup(now, bench.Call));
        bench.Run(2);
        bench.That(bench.Alice.Events.OfType<PhoneEvent.TransferRequested>().Single() is { NewCall: null, Outcome: ReferralOutcome.HungUp }, "declined");
        bench.Alice.Do((m, now) => m.DecideTransfer(now, bench.Call, follows: true));
        bench.Run(2);
        bench.That(bench.Alice.Machine.ActiveCalls == 0 && Invites(bench).Count == 1, "nobody is called");
    }

    [Fact]
    public void TwoCalls_AreAskedAboutEachForItself()
    {
        using var bench = new TransferBench(adjust: (_, o) => o with { Referrals = ReferralPolicy.Ask });
        var (alices, first) = bench.Connect("alice", "bob");
        var (carols, second) = bench.Connect("carol", "bob");
        bench["alice"].Phone.Do((m, now) => m.Transfer(now, alices, TransferBench.Uri("nobody")));
        bench["carol"].Phone.Do((m, now) => m.Transfer(now, carols, TransferBench.Uri("nowhere")));
        bench.Until(() => bench["bob"].Phone.Events.OfType<PhoneEvent.TransferAsked>().Count() == 2, Seconds, "two questions");
        bench["bob"].Phone.Do((m, now) => m.DecideTransfer(now, second, follows: false));
        bench["bob"].Phone.Do((m, now) => m.DecideTransfer(now, first, follows: true));
        bench.Run(3);
        bench.That(bench["carol"].Phone.Events.OfType<PhoneEvent.TransferChanged>().Last() is { State: TransferState.Failed, Status: 603 }, "carol's is declined");
        bench.That(bench["alice"].Phone.Events.OfType<PhoneEvent.TransferChanged>().Last() is { State: TransferState.Failed, Status: 404 }, "alice's is tried");
    }

    [Fact]
    [Rfc("3892", "2.1", Line = "sip F4")]
    public void ReferredBy_OfAStranger_IsNotPassedOn()
    {
        using var bench = Called(ReferralPolicy.Ask);
        Refer(bench, "sip:x@203.0.113.77");
        bench.Until(() => bench.Alice.Events.OfType<PhoneEvent.TransferAsked>().Any(), 5, "a question");
        bench.Alice.Do((m, now) => m.DecideTransfer(now, bench.Call, follows: true));
        bench.Until(() => Invites(bench).Count == 2, 5, "the INVITE");
        bench.That(!Invites(bench)[1].Contains("Referred-By", StringComparison.OrdinalIgnoreCase), Invites(bench)[1]);
    }

    [Fact]
    [Rfc("3892", "2.1", Line = "sip F4")]
    public void ReferredBy_OfOnesOwnServersCall_IsPassedOn()
    {
        using var bench = new TransferBench();
        var (alices, _) = bench.Connect("alice", "bob");
        bench["alice"].Phone.Do((m, now) => m.Transfer(now, alices, TransferBench.Uri("carol")));
        bench.Until(() => bench["carol"].Calls.Any(), Seconds, "carol is called");
        var invite = bench["carol"].Phone.Machine.Trace.Entries.OfType<SipTrace.Message>().First(m => m.Text.StartsWith("INVITE ", StringComparison.Ordinal));
        bench.That(invite.Text.Contains("Referred-By: <sip:alice@lab.test>", StringComparison.Ordinal), invite.Text);
    }

    private static PeerBench Called(ReferralPolicy policy)
    {
        // The peer is no server of hers.
        var bench = new PeerBench(adjust: o => o with { Referrals = policy }, domain: "203.0.113.99");
        bench.Dial(_ => bench.Peer.Describe());
        bench.Run(0.2);
        return bench;
    }

    private static void Refer(PeerBench bench, string target) => bench.Peer.Do((agent, now) => agent.Refer(now, bench.Peer.Session, SipUri.Parse(target)));

    private static List<string> Invites(PeerBench bench) =>
        [.. bench.Alice.Machine.Trace.Entries.OfType<SipTrace.Message>().Where(m => m is { IsSent: true, IsRepeat: false } && m.Text.StartsWith("INVITE ", StringComparison.Ordinal)).Select(m => m.Text)];
}
