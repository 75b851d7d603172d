using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>Calls between two whole agents.</summary>
public sealed class CallTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Rfc("3261", "13", Line = "sip I2")]
    public void Call_AnsweredAndHungUp_LeavesNothing(bool tcp)
    {
        var (net, alice, bob, session, called) = Up(tcp: tcp);
        Assert.Equal(180, alice.Last<SipEvent.Progress>().Status);
        var answered = alice.Last<SipEvent.Answered>();
        Assert.Equal(("v=0 answer", false, session), (Text(answered.Sdp), answered.IsOffer, answered.Session));
        Assert.Equal("v=0 offer", Text(bob.Last<SipEvent.Incoming>().Offer));
        alice.Agent.Hangup(net.Now, session, "Q.850;cause=16;text=\"Bye now\"");
        net.Run(0.1);
        Assert.Equal((EndCause.Local, 200), (alice.Last<SipEvent.Ended>().Cause, alice.Last<SipEvent.Ended>().Status));
        var ended = bob.Last<SipEvent.Ended>();
        Assert.Equal((called, EndCause.Remote, 200, "Bye now"), (ended.Session, ended.Cause, ended.Status, ended.Reason));
        net.Run(60);
        Assert.True(alice.Agent.IsIdle && bob.Agent.IsIdle);
        Assert.Null(alice.Agent.NextTimeout);
        Assert.Null(bob.Agent.NextTimeout);
        Assert.Equal(tcp, net.Ladder.All(m => m.IsStream));
    }

    [Fact]
    [Rfc("3261", "15", Line = "sip I6")]
    public void Call_HungUpByCallee_EndsBoth()
    {
        var (net, alice, bob, _, called) = Up();
        bob.Agent.Hangup(net.Now, called);
        net.Run(60);
        Assert.Equal(EndCause.Remote, alice.Last<SipEvent.Ended>().Cause);
        Assert.Equal(EndCause.Local, bob.Last<SipEvent.Ended>().Cause);
        Assert.True(alice.Agent.IsIdle && bob.Agent.IsIdle);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [Rfc("3261", "17", Line = "sip X1")]
    public void Call_OverABadWire_StillWorks(ulong seed)
    {
        var net = new SipNet(seed) { Loss = 0.3, Doubling = 0.2, Delay = TimeSpan.FromMilliseconds(40) };
        var alice = net.Agent(Alice);
        var bob = net.Agent(Bob);
        var account = alice.Account($"sip:alice@{Alice}");
        bob.Account($"sip:bob@{Bob}");
        AnswerCalls(bob);
        var session = alice.Agent.Invite(net.Now, account, Uri($"sip:bob@{Bob}"), Sdp("offer"));
        net.Run(20);
        Assert.Equal(1, alice.Count<SipEvent.Answered>());
        Assert.Equal(1, bob.Count<SipEvent.Incoming>());
        Assert.Equal(1, bob.Count<SipEvent.Confirmed>());
        alice.Agent.Offer(net.Now, session, Sdp("hold"));
        net.Run(0.1);
        while (bob.Count<SipEvent.OfferReceived>() == 0 && net.Now < new Instant(60_000_000_000)) net.Run(0.1);
        bob.Agent.AnswerOffer(net.Now, bob.Last<SipEvent.OfferReceived>().Session, Sdp("held"));
        net.Run(30);
        Assert.Equal("v=0 held", Text(Assert.Single(alice.Events.OfType<SipEvent.OfferAnswered>()).Sdp));
        alice.Agent.Hangup(net.Now, session);
        net.Run(100);
        Assert.Equal(1, alice.Count<SipEvent.Ended>());
        Assert.Equal(1, bob.Count<SipEvent.Ended>());
        Assert.True(alice.Agent.IsIdle && bob.Agent.IsIdle);
        Assert.Null(alice.Agent.NextTimeout);
        Assert.Null(bob.Agent.NextTimeout);
    }

    [Theory]
    [InlineData(486, "busy", Layer.Sip)]
    [InlineData(603, "declined", Layer.Sip)]
    [InlineData(480, "not available", Layer.Sip)]
    [InlineData(488, "media", Layer.Sdp)]
    [Rfc("3261", "21", Line = "sip I7")]
    public void Call_Refused_SaysWhy(int status, string text, Layer layer)
    {
        var net = new SipNet();
        var alice = net.Agent(Alice);
        var bob = net.Agent(Bob);
        bob.Account($"sip:bob@{Bob}");
        bob.Happened = happened =>
        {
            if (happened is SipEvent.Incoming incoming)
                bob.Agent.Reject(net.Now, incoming.Session, status, null, [new("Warning", "305 bob \"Incompatible media format\"")]);
        };
        alice.Agent.Invite(net.Now, alice.Account($"sip:alice@{Alice}"), Uri($"sip:bob@{Bob}"), Sdp("offer"));
        net.Run(1);
        var ended = alice.Last<SipEvent.Ended>();
        Assert.Equal((EndCause.Remote, status, layer), (ended.Cause, ended.Status, ended.Fault!.Layer));
        Assert.Contains(text, ended.Fault.What);
        Assert.Equal((EndCause.Local, status), (bob.Last<SipEvent.Ended>().Cause, bob.Last<SipEvent.Ended>().Status));
        net.Run(60);
        Assert.True(alice.Agent.IsIdle && bob.Agent.IsIdle);
    }

    [Fact]
    [Rfc("3261", "9.1", Line = "sip I4")]
    [Rfc("3261", "9.2", Line = "sip I5")]
    public void Call_CancelledWhileRinging_EndsWith487OnBothSides()
    {
        var net = new SipNet();
        var alice = net.Agent(Alice);
        var bob = net.Agent(Bob);
        bob.Account($"sip:bob@{Bob}");
        bob.Happened = happened =>
        {
            if (happened is SipEvent.Incoming incoming) bob.Agent.Progress(net.Now, incoming.Session, 180);
        };
        var session = alice.Agent.Invite(net.Now, alice.Account($"sip:alice@{Alice}"), Uri($"sip:bob@{Bob}"), Sdp("offer"));
        net.Run(1);
        alice.Agent.Hangup(net.Now, session, "SIP;cause=200;text=\"Call completed elsewhere\"");
        net.Run(1);
        Assert.Equal((EndCause.Local, 487), (alice.Last<SipEvent.Ended>().Cause, alice.Last<SipEvent.Ended>().Status));
        var ended = bob.Last<SipEvent.Ended>();
        Assert.Equal((EndCause.Remote, 487, true), (ended.Cause, ended.Status, ended.ElsewhereAnswered));
        Assert.Contains(net.Ladder, m => m.Message is SipResponse { Status: 487 });
        net.Run(60);
        Assert.True(alice.Agent.IsIdle && bob.Agent.IsIdle);
        Assert.Null(bob.Agent.NextTimeout);
    }

    [Fact]
    [Rfc("3261", "13.2.1", Line = "sip I8")]
    public void Call_DelayedOffer_IsAnsweredInTheAck()
    {
        var net = new SipNet();
        var alice = net.Agent(Alice);
        var bob = net.Agent(Bob);
        bob.Account($"sip:bob@{Bob}");
        AnswerCalls(bob);
        var session = alice.Agent.Invite(net.Now, alice.Account($"sip:alice@{Alice}"), Uri($"sip:bob@{Bob}"), default);
        net.Run(1);
        Assert.True(bob.Last<SipEvent.Incoming>().Offer.IsEmpty);
        var answered = alice.Last<SipEvent.Answered>();
        Assert.True(answered.IsOffer);
        Assert.Equal(0, bob.Count<SipEvent.Confirmed>());
        alice.Agent.AnswerOffer(net.Now, session, Sdp("late answer"));
        net.Run(1);
        Assert.Equal("v=0 late answer", Text(bob.Last<SipEvent.Confirmed>().Sdp));
        alice.Agent.Hangup(net.Now, session);
        net.Run(60);
        Assert.True(alice.Agent.IsIdle && bob.Agent.IsIdle);
    }

    [Fact]
    [Rfc("3261", "14", Line = "sip I9")]
    public void Offer_Refused_LeavesTheSessionUp()
    {
        var (net, alice, bob, session, called) = Up();
        alice.Agent.Offer(net.Now, session, Sdp("video"));
        net.Run(0.1);
        bob.Agent.RejectOffer(net.Now, bob.Last<SipEvent.OfferReceived>().Session, 488);
        net.Run(1);
        Assert.Equal(488, alice.Last<SipEvent.OfferFailed>().Status);
        Assert.Equal(0, alice.Count<SipEvent.Ended>());
        bob.Agent.Offer(net.Now, called, Sdp("hold"));
        net.Run(0.1);
        alice.Agent.AnswerOffer(net.Now, session, Sdp("held"));
        net.Run(1);
        Assert.Equal("v=0 held", Text(bob.Last<SipEvent.OfferAnswered>().Sdp));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [Rfc("3261", "14.1", Line = "sip I10")]
    public void Offers_FromBothSidesAtOnce_BothGetThroughAfter491(ulong seed)
    {
        var (net, alice, bob, session, called) = Up(seed);
        AnswerOffers(net, alice);
        AnswerOffers(net, bob);
        alice.Agent.Offer(net.Now, session, Sdp("from alice"));
        bob.Agent.Offer(net.Now, called, Sdp("from bob"));
        net.Run(10);
        Assert.Equal(2, net.Ladder.Count(m => m.Message is SipResponse { Status: 491 }));
        Assert.Equal(1, alice.Count<SipEvent.OfferAnswered>());
        Assert.Equal(1, bob.Count<SipEvent.OfferAnswered>());
        Assert.Equal(0, alice.Count<SipEvent.OfferFailed>() + bob.Count<SipEvent.OfferFailed>());
    }

    [Fact]
    [Rfc("3261", "14.1", Line = "sip I10")]
    public void Offers_ThreeInARow_OnlyTheNewestWaits()
    {
        var (net, alice, bob, session, _) = Up();
        AnswerOffers(net, bob);
        alice.Agent.Offer(net.Now, session, Sdp("one"));
        alice.Agent.Offer(net.Now, session, Sdp("two"));
        alice.Agent.Offer(net.Now, session, Sdp("three"));
        net.Run(5);
        Assert.Equal(["v=0 one", "v=0 three"], bob.Events.OfType<SipEvent.OfferReceived>().Select(e => Text(e.Sdp)));
        Assert.Equal(2, alice.Count<SipEvent.OfferAnswered>());
    }

    [Fact]
    [Rfc("3261", "14.1", Line = "sip I10")]
    public void Glare_BackOff_IsInTheBandOfItsRole()
    {
        var chance = new SeededEntropy(5);
        for (var i = 0; i < 2000; i++)
        {
            var owner = Glare.BackOff(isCaller: true, chance).TotalMilliseconds;
            var other = Glare.BackOff(isCaller: false, chance).TotalMilliseconds;
            Assert.InRange(owner, 2100, 4000);
            Assert.InRange(other, 0, 2000);
            Assert.Equal(0, (owner + other) % 10);
        }
    }

    [Fact]
    [Rfc("6086", "4")]
    public void Info_InDialog_ReachesThePeer()
    {
        var (net, alice, bob, session, _) = Up();
        alice.Agent.Info(net.Now, session, "application/dtmf-relay", "Signal=5"u8.ToArray());
        net.Run(1);
        var info = bob.Last<SipEvent.InfoReceived>();
        Assert.Equal(("application/dtmf-relay", "Signal=5"), (info.ContentType, Text(info.Body)));
    }

    [Fact]
    [Rfc("8839", "7.1")]
    public void Progress_Retransmitted_IsRepeatedUntilStopped()
    {
        var net = new SipNet();
        var alice = net.Agent(Alice);
        var bob = net.Agent(Bob);
        bob.Account($"sip:bob@{Bob}");
        bob.Happened = happened =>
        {
            if (happened is SipEvent.Incoming incoming) bob.Agent.Progress(net.Now, incoming.Session, 183, Sdp("early"), retransmit: true);
        };
        alice.Agent.Invite(net.Now, alice.Account($"sip:alice@{Alice}"), Uri($"sip:bob@{Bob}"), Sdp("offer"));
        net.Run(3);
        Assert.Equal(3, Sent183());
        bob.Agent.StopProgressRetransmission(bob.Last<SipEvent.Incoming>().Session);
        net.Run(30);
        Assert.Equal(3, Sent183());
        net.Run(60);
        Assert.Equal(4, Sent183());
        Assert.Equal("v=0 early", Text(Assert.Single(alice.Events.OfType<SipEvent.Progress>()).Sdp));

        int Sent183() => net.Ladder.Count(m => m.Message is SipResponse { Status: 183 });
    }

    [Fact]
    [Rfc("3261", "9.1", Line = "sip I4")]
    public void RingTimeout_Passes_CancelsAndSaysSo()
    {
        var (net, alice, peer, _) = Calling(options: new InviteOptions { RingTimeout = TimeSpan.FromSeconds(10) });
        peer.Answer(peer.Last(SipMethod.Invite), 180);
        peer.OnRequest = cancel => peer.Answer(cancel, 200);
        net.Run(11);
        Assert.Equal(1, peer.Count(SipMethod.Cancel));
        Assert.Equal((EndCause.Error, 408), (alice.Last<SipEvent.Ended>().Cause, alice.Last<SipEvent.Ended>().Status));
    }

    [Fact]
    [Rfc("3261", "19.1.1", Line = "sip U6")]
    public void Invite_To_IsFreeOfWhatOnlyRoutes()
    {
        var net = new SipNet();
        var alice = net.Agent(Alice);
        var peer = new Script(net, Server);
        alice.Agent.Invite(net.Now, alice.Account("sip:alice@Example.com:5080"), Uri($"sip:+49123;npdi@{Server};transport=udp;user=phone"), Sdp("offer"));
        net.Run(0.1);
        var invite = peer.Last(SipMethod.Invite);
        Assert.Equal("<sip:+49123;npdi@192.0.2.9;user=phone>", invite.Headers.Get(HeaderName.To));
        Assert.StartsWith("<sip:alice@example.com>;tag=", invite.Headers.Get(HeaderName.From));
        Assert.Equal($"sip:+49123;npdi@{Server};transport=udp;user=phone", invite.RequestUri.ToString());
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [Rfc("3323", "4.1.1.3", Line = "sip F9")]
    [Rfc("3325", "9.3")]
    public void Call_OfAPrivateAccount_NamesItNowhere(bool byAccount, bool byCall)
    {
        var isHidden = byAccount || byCall;
        var (net, alice, peer, session) = Calling(options: new InviteOptions { Anonymous = byCall }, isPrivate: byAccount);
        peer.OnRequest = request => peer.Answer(request, 200, null, request.Method == SipMethod.Invite ? "v=0 yes" : "");
        peer.Answer(peer.Last(SipMethod.Invite), 200, sdp: "v=0 answer");
        net.Run(0.1);
        alice.Agent.Offer(net.Now, session, Sdp("more"));
        net.Run(0.1);
        alice.Agent.Refer(net.Now, session, Uri("sip:carol@example.com"));
        peer.Send(InDialog(peer, peer.Requests[0], SipMethod.Update, 1, ""));
        net.Run(0.1);
        alice.Agent.Hangup(net.Now, session);
        net.Run(0.1);
        Assert.Equal(isHidden ? "id" : null, peer.Requests[0].Headers.Get(HeaderName.Privacy));
        Assert.Equal([SipMethod.Invite, SipMethod.Ack, SipMethod.Invite, SipMethod.Ack, SipMethod.Refer, SipMethod.Bye], peer.Requests.Select(r => r.Method));
        var told = peer.Requests.Concat<SipMessage>(peer.Responses).SelectMany(message => message.Headers).Where(header => header.Value.Contains("alice", StringComparison.OrdinalIgnoreCase)).Select(header => header.Name);
        Assert.Equal(!isHidden, told.Any());
    }

    [Theory]
    [InlineData(480, "Q.850;cause=18", "(nobody answers)")]
    [InlineData(503, "Q.850;cause=34;text=\"No circuit available\"", "(No circuit available)")]
    [InlineData(486, "SIP;cause=486", "is busy")]
    [InlineData(404, "Q.850;cause=1, SIP;cause=404", "(the number is not in use)")]
    [Rfc("6432", "3", Line = "sip I15")]
    public void Refusal_WithTheWordOfATelephoneNetwork_TellsIt(int status, string reason, string words)
    {
        var (net, alice, peer, _) = Calling();
        peer.Answer(peer.Last(SipMethod.Invite), status, headers: [(HeaderName.Reason, reason)]);
        net.Run(0.1);
        Assert.EndsWith(words, alice.Last<SipEvent.Ended>().Fault!.What, StringComparison.Ordinal);
    }

    [Fact]
    [Rfc("3323", "4.1")]
    public void Invite_Anonymous_HidesTheCaller()
    {
        var (_, _, peer, _) = Calling(options: new InviteOptions { Anonymous = true, Headers = [new("Subject", "hello")] });
        var invite = peer.Last(SipMethod.Invite);
        Assert.StartsWith("Anonymous <sip:anonymous@anonymous.invalid>;tag=", invite.Headers.Get(HeaderName.From));
        Assert.Equal("id", invite.Headers.Get(HeaderName.Privacy));
        Assert.Equal("hello", invite.Headers.Get(HeaderName.Subject));
    }

    [Fact]
    [Rfc("3261", "7.3", Line = "sip M18")]
    public void Misuse_ThatWouldForgeLines_IsRefusedAndLeavesNothing()
    {
        var (net, alice, bob, session, _) = Up();
        var account = alice.Account("sip:alice@example.com");
        Assert.Throws<ArgumentException>(() => alice.Agent.Invite(net.Now, account, Uri($"sip:bob@{Bob}"), Sdp("x"), new InviteOptions { Headers = [new("X", "a\r\nY: b")] }));
        Assert.Throws<ArgumentException>(() => alice.Agent.Hangup(net.Now, session, "SIP;cause=200\r\nX: y"));
        Assert.Throws<ArgumentException>(() => alice.Agent.Request(net.Now, account, SipMethod.Bye, Uri($"sip:bob@{Bob}")));
        alice.Agent.Hangup(net.Now, session);
        net.Run(60);
        Assert.True(alice.Agent.IsIdle && bob.Agent.IsIdle);
    }

    [Fact]
    public void Shutdown_WithACallUp_IsDoneInTwoSecondsEvenWhenNobodyAnswers()
    {
        var (net, alice, bob, _, _) = Up();
        alice.Agent.Shutdown(net.Now);
        net.Run(0.1);
        Assert.True(alice.Agent.IsIdle);
        Assert.Equal(1, bob.Count<SipEvent.Ended>());
        var (net2, alice2, _, _, _) = Up();
        net2.Loss = 1;
        alice2.Agent.Shutdown(net2.Now);
        net2.Run(1);
        Assert.False(alice2.Agent.IsIdle);
        net2.Run(1.1);
        Assert.True(alice2.Agent.IsIdle);
    }

    private static void AnswerOffers(SipNet net, SipNode node) => node.Happened = happened =>
    {
        if (happened is SipEvent.OfferReceived received) node.Agent.AnswerOffer(net.Now, received.Session, Sdp("yes"));
    };
}
