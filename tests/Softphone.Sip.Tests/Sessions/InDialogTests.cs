using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>Requests within a session that is up, against a scripted peer.</summary>
public sealed class InDialogTests
{
    [Theory]
    [InlineData(481)]
    [InlineData(408)]
    [Rfc("3261", "14.1", Line = "sip I9")]
    public void Offer_Answered481Or408_EndsTheSession(int status)
    {
        var (net, alice, peer, session) = Calling();
        peer.Answer(peer.Last(SipMethod.Invite), 200, sdp: "v=0");
        net.Run(0.1);
        alice.Agent.Offer(net.Now, session, Sdp("hold"));
        net.Run(0.1);
        peer.Answer(peer.Last(SipMethod.Invite), status);
        net.Run(0.1);
        Assert.Equal((EndCause.Error, status), (alice.Last<SipEvent.Ended>().Cause, alice.Last<SipEvent.Ended>().Status));
    }

    [Theory]
    [InlineData(481, false)]
    [InlineData(408, false)]
    [InlineData(408, true)]
    [InlineData(481, true)]
    [InlineData(0, false)]
    public void Kept_Answered481Or408OrNotAtAll_IsLeftToTheOwner(int status, bool moved)
    {
        var (net, alice, peer, session) = Calling();
        var invite = peer.Last(SipMethod.Invite);
        peer.Answer(invite, 200, sdp: "v=0");
        net.Run(0.1);
        alice.Agent.Keep(session);
        alice.Agent.Offer(net.Now, session, Sdp("hold"));
        net.Run(0.1);
        var offer = peer.Last(SipMethod.Invite);
        if (moved)
        {
            // An INFO, since an offer gives way to where the peer has moved.
            peer.Answer(offer, 200, sdp: "v=0");
            net.Run(0.1);
            alice.Agent.Info(net.Now, session, "text/plain", "x"u8.ToArray());
            net.Run(0.1);
            offer = peer.Last(SipMethod.Info);
            var update = InDialog(peer, invite, SipMethod.Update, 7, sdp: "");
            update.Headers.Set(HeaderName.Contact, $"<sip:moved@{Server}>");
            peer.Send(update);
            net.Run(0.1);
        }

        if (status > 0) peer.Answer(offer, status);
        net.Run(status > 0 ? 0.1 : 40);
        var doubted = Assert.Single(alice.Events.OfType<SipEvent.PeerDoubted>());
        Assert.Equal((status == 0 ? 408 : status, moved), (doubted.Status, doubted.IsOutdated));
        Assert.Equal(moved ? 0 : 1, alice.Events.OfType<SipEvent.OfferFailed>().Count());
        Assert.Empty(alice.Events.OfType<SipEvent.Ended>());
        alice.Agent.GiveUp(net.Now, doubted);
        net.Run(0.1);
        Assert.Equal((EndCause.Error, doubted.Status), (alice.Last<SipEvent.Ended>().Cause, alice.Last<SipEvent.Ended>().Status));
        Assert.Equal(doubted.Status == 481 ? 0 : 1, peer.Requests.Count(r => r.Method == SipMethod.Bye));
    }

    [Fact]
    [Rfc("3311", "5.2")]
    public void Update_FromWhereThePeerHasMoved_FreesTheOfferThatWentElsewhere()
    {
        var (net, alice, peer, session) = Calling();
        var invite = peer.Last(SipMethod.Invite);
        peer.Answer(invite, 200, sdp: "v=0");
        net.Run(0.1);
        alice.Agent.Offer(net.Now, session, Sdp("hold"));
        net.Run(0.1);
        var update = InDialog(peer, invite, SipMethod.Update, 7, sdp: "");
        update.Headers.Set(HeaderName.Contact, $"<sip:moved@{Server}>");
        peer.Send(update);
        net.Run(5);
        Assert.Equal("moved", peer.Last(SipMethod.Invite).RequestUri.User);
    }

    [Fact]
    [Rfc("3261", "12.2.1.1", Line = "sip U9")]
    public void Requests_InDialog_CountUpAcrossRetriesAndRoles()
    {
        var (net, alice, peer, session) = Calling();
        peer.Answer(peer.Last(SipMethod.Invite), 200, sdp: "v=0");
        net.Run(0.1);
        alice.Agent.Offer(net.Now, session, Sdp("hold"));
        net.Run(0.1);
        peer.Answer(peer.Last(SipMethod.Invite), 500);
        net.Run(0.1);
        alice.Agent.Offer(net.Now, session, Sdp("resume"));
        net.Run(0.1);
        peer.Answer(peer.Last(SipMethod.Invite), 200, sdp: "v=0");
        net.Run(0.1);
        alice.Agent.Info(net.Now, session, "text/plain", "x"u8.ToArray());
        alice.Agent.Hangup(net.Now, session);
        net.Run(0.1);
        var numbers = peer.Requests.Where(r => r.Method != SipMethod.Ack).Select(r => r.Headers.TryCSeq(out var c) ? c.Number : 0).ToList();
        Assert.Equal(numbers.Order().Distinct(), numbers);
        Assert.Equal(5, numbers.Count);
    }

    [Fact]
    [Rfc("3261", "12.2.1.1", Line = "sip U7")]
    public void Answer_WithNewContact_MovesTheRemoteTarget()
    {
        var (net, alice, peer, session) = Calling();
        peer.Answer(peer.Last(SipMethod.Invite), 200, sdp: "v=0", contact: $"<sip:one@{Server}>");
        net.Run(0.1);
        Assert.Equal("one", peer.Last(SipMethod.Ack).RequestUri.User);
        alice.Agent.Offer(net.Now, session, Sdp("hold"));
        net.Run(0.1);
        peer.Answer(peer.Last(SipMethod.Invite), 200, sdp: "v=0", contact: $"<sip:two@{Server}>");
        net.Run(0.1);
        Assert.Equal("two", peer.Last(SipMethod.Ack).RequestUri.User);
        alice.Agent.Hangup(net.Now, session);
        net.Run(0.1);
        Assert.Equal("two", peer.Last(SipMethod.Bye).RequestUri.User);
    }

    [Fact]
    [Rfc("3261", "12.2.2", Line = "sip U7")]
    public void Reinvite_WithNewContact_MovesTheRemoteTargetOnceAccepted()
    {
        var (net, alice, peer, session) = Calling();
        var invite = peer.Last(SipMethod.Invite);
        peer.Answer(invite, 200, sdp: "v=0");
        net.Run(0.1);
        var reinvite = InDialog(peer, invite, SipMethod.Invite, 7);
        reinvite.Headers.Set(HeaderName.Contact, $"<sip:moved@{Server}>");
        peer.Send(reinvite);
        net.Run(0.1);
        alice.Agent.AnswerOffer(net.Now, session, Sdp("yes"));
        net.Run(0.1);
        peer.Send(InDialog(peer, invite, SipMethod.Ack, 7, sdp: ""));
        net.Run(0.1);
        alice.Agent.Hangup(net.Now, session);
        net.Run(0.1);
        Assert.Equal("moved", peer.Last(SipMethod.Bye).RequestUri.User);
    }

    [Fact]
    [Rfc("3261", "14.2", Line = "sip I10")]
    public void Reinvite_WhileOursIsPending_Gets491()
    {
        var (net, alice, peer, session) = Calling();
        var invite = peer.Last(SipMethod.Invite);
        peer.Answer(invite, 200, sdp: "v=0");
        net.Run(0.1);
        alice.Agent.Offer(net.Now, session, Sdp("hold"));
        peer.Send(InDialog(peer, invite, SipMethod.Invite, 7));
        net.Run(0.1);
        Assert.Equal(491, peer.Responses[^1].Status);
        Assert.Equal(0, alice.Count<SipEvent.OfferReceived>());
    }

    [Fact]
    [Rfc("3261", "14.2", Line = "sip I10")]
    public void Reinvite_WhileTheirsIsOpen_Gets500WithRetryAfter()
    {
        var (net, alice, peer, _) = Calling();
        var invite = peer.Last(SipMethod.Invite);
        peer.Answer(invite, 200, sdp: "v=0");
        net.Run(0.1);
        peer.Send(InDialog(peer, invite, SipMethod.Invite, 7));
        peer.Send(InDialog(peer, invite, SipMethod.Invite, 8));
        net.Run(0.1);
        var refusal = peer.Responses.Last(r => r.Status == 500);
        Assert.InRange(refusal.Headers.RetryAfter!.Value, 0u, 10u);
        Assert.Equal(1, alice.Count<SipEvent.OfferReceived>());
    }

    [Fact]
    [Rfc("3311", "5.2", Line = "sip I13")]
    public void Update_WithAnOffer_IsAnsweredInItsResponse()
    {
        var (net, alice, peer, session) = Calling();
        var invite = peer.Last(SipMethod.Invite);
        peer.Answer(invite, 200, sdp: "v=0");
        net.Run(0.1);
        peer.Send(InDialog(peer, invite, SipMethod.Update, 7));
        net.Run(0.1);
        alice.Agent.AnswerOffer(net.Now, session, Sdp("updated"));
        net.Run(0.1);
        var answer = peer.Responses[^1];
        Assert.Equal((200, "v=0 updated"), (answer.Status, Text(answer.Body)));
        Assert.True(answer.Headers.Has(HeaderName.Contact));
        peer.Send(InDialog(peer, invite, SipMethod.Update, 8, sdp: ""));
        net.Run(0.1);
        Assert.Equal(200, peer.Responses[^1].Status);
        Assert.Equal(1, alice.Count<SipEvent.OfferReceived>());
    }

    [Fact]
    [Rfc("4320", "4.1", Line = "sip X15")]
    [Rfc("4320", "4.2", Line = "sip X15")]
    public void Update_ThatWaitsLong_GetsNeither100Nor408()
    {
        var (net, alice, peer, session) = Calling();
        var invite = peer.Last(SipMethod.Invite);
        peer.Answer(invite, 200, sdp: "v=0");
        net.Run(0.1);
        var update = InDialog(peer, invite, SipMethod.Update, 7);
        for (var i = 0; i < 5; i++)
        {
            peer.Send(update);
            net.Run(10);
        }

        Assert.Empty(peer.Responses);
        Assert.Equal(1, alice.Count<SipEvent.OfferReceived>());
        alice.Agent.AnswerOffer(net.Now, session, Sdp("updated"));
        net.Run(0.1);
        Assert.Equal(200, Assert.Single(peer.Responses).Status);
    }

    [Fact]
    [Rfc("3261", "12.2.2", Line = "sip U10")]
    public void Request_WithALowerNumber_Gets500()
    {
        var (net, alice, peer, _) = Calling();
        var invite = peer.Last(SipMethod.Invite);
        peer.Answer(invite, 200, sdp: "v=0");
        net.Run(0.1);
        peer.Send(InDialog(peer, invite, SipMethod.Info, 7, sdp: ""));
        peer.Send(InDialog(peer, invite, SipMethod.Bye, 6, sdp: ""));
        net.Run(0.1);
        Assert.Equal([200, 500], peer.Responses.Select(r => r.Status));
        Assert.Equal(0, alice.Count<SipEvent.Ended>());
    }

    [Fact]
    [Rfc("3261", "8.1.1.8", Line = "sip U8")]
    public void Contact_OnAStackThatOnlyConnects_IsTheSocketBesideIt()
    {
        var net = new SipNet();
        var alice = net.Agent(Alice, tcp: true, tcpPort: 0);
        var peer = new Script(net, Server);
        var stream = new Script(net, Server, isStream: true);
        var session = alice.Agent.Invite(net.Now, alice.Account($"sip:alice@{Alice}"), Uri($"sip:peer@{Server}"), Sdp("offer"));
        net.Run(0.1);
        peer.Answer(peer.Last(SipMethod.Invite), 200, sdp: "v=0", contact: $"<sip:peer@{Server};transport=tcp>");
        net.Run(0.1);
        alice.Agent.Offer(net.Now, session, Sdp("again"));
        net.Run(0.1);
        Assert.Equal($"<sip:alice@{Alice}:5060>", stream.Last(SipMethod.Invite).Headers.Get(HeaderName.Contact));
    }

    [Fact]
    [Rfc("3261", "11.2", Line = "sip U1")]
    public void Options_InADialog_IsAnswered200()
    {
        var (net, _, peer, _) = Calling();
        var invite = peer.Last(SipMethod.Invite);
        peer.Answer(invite, 200, sdp: "v=0");
        net.Run(0.1);
        peer.Send(InDialog(peer, invite, SipMethod.Options, 7, sdp: ""));
        peer.Send(InDialog(peer, invite, SipMethod.Notify, 8, sdp: ""));
        net.Run(0.1);
        Assert.Equal([200, 489], peer.Responses.Select(r => r.Status));
    }

    [Fact]
    [Rfc("3261", "9.2", Line = "sip I5")]
    public void Cancel_OfAReinvite_LeavesTheSessionAsItWas()
    {
        var (net, alice, peer, session) = Calling();
        var invite = peer.Last(SipMethod.Invite);
        peer.Answer(invite, 200, sdp: "v=0");
        net.Run(0.1);
        var reinvite = InDialog(peer, invite, SipMethod.Invite, 7);
        peer.Send(reinvite);
        net.Run(0.1);
        peer.Send(DerivedRequests.CancelFor(reinvite, null));
        net.Run(0.1);
        Assert.Contains(peer.Responses, r => r.Status == 487 && r.Headers.Get(HeaderName.CSeq) == "7 INVITE");
        Assert.Equal(487, alice.Last<SipEvent.OfferFailed>().Status);
        alice.Agent.AnswerOffer(net.Now, session, Sdp("too late"));
        alice.Agent.Offer(net.Now, session, Sdp("still here"));
        net.Run(0.1);
        Assert.Equal("v=0 still here", Text(peer.Last(SipMethod.Invite).Body));
        Assert.Equal(0, alice.Count<SipEvent.Ended>());
    }

    [Fact]
    [Rfc("3261", "14.2", Line = "sip I8")]
    public void Reinvite_WithoutOffer_AsksForOurs()
    {
        var (net, alice, peer, session) = Calling();
        var invite = peer.Last(SipMethod.Invite);
        peer.Answer(invite, 200, sdp: "v=0");
        net.Run(0.1);
        var reinvite = InDialog(peer, invite, SipMethod.Invite, 7, sdp: "");
        peer.Send(reinvite);
        net.Run(0.1);
        Assert.True(alice.Last<SipEvent.OfferReceived>().Sdp.IsEmpty);
        alice.Agent.AnswerOffer(net.Now, session, Sdp("our offer"));
        net.Run(0.1);
        Assert.Equal("v=0 our offer", Text(peer.Responses[^1].Body));
        peer.Send(InDialog(peer, invite, SipMethod.Ack, 7, sdp: "v=0 their answer"));
        net.Run(0.1);
        Assert.Equal("v=0 their answer", Text(alice.Last<SipEvent.OfferAnswered>().Sdp));
        net.Run(40);
        Assert.Equal(0, alice.Count<SipEvent.Ended>());
    }
}
