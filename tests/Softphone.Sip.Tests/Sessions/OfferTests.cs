using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>Offers within the session by UPDATE and re-INVITE, and what happens when they meet.</summary>
public sealed class OfferTests
{
    [Fact]
    [Rfc("3311", "5.1", Line = "sip I13")]
    public void Offer_ByUpdate_GoesWithoutAck()
    {
        var (net, alice, bob, session, _) = Up();
        AnswerOffers(net, bob);
        alice.Agent.Offer(net.Now, session, Sdp("new"), byUpdate: true);
        net.Run(1);
        Assert.Equal("v=0 yes", Text(Assert.Single(alice.Events.OfType<SipEvent.OfferAnswered>()).Sdp));
        Assert.Equal(1, net.Ladder.Count(m => m.Message is SipRequest { Method: SipMethod.Update }));
        Assert.Equal(1, net.Ladder.Count(m => m.Message is SipRequest { Method: SipMethod.Invite }));
        alice.Agent.Hangup(net.Now, session);
        net.Run(60);
        Assert.True(alice.Agent.IsIdle && bob.Agent.IsIdle);
    }

    [Theory]
    [InlineData("INVITE, ACK, BYE, CANCEL")]
    [InlineData("")]
    [Rfc("3311", "5.1", Line = "sip I13")]
    public void Offer_ByUpdateToAPeerThatDoesNotAllowIt_IsAReinvite(string allow)
    {
        var (net, alice, peer, session) = Answered(allow);
        alice.Agent.Offer(net.Now, session, Sdp("new"), byUpdate: true);
        net.Run(0.1);
        Assert.Equal(0, peer.Count(SipMethod.Update));
        Assert.Equal(2, peer.Count(SipMethod.Invite));
    }

    [Fact]
    [Rfc("3311", "5.1", Line = "sip I13")]
    public void Offer_ByUpdateRefused405_IsTriedByReinvite()
    {
        var (net, alice, peer, session) = Answered("INVITE, ACK, BYE, UPDATE");
        alice.Agent.Offer(net.Now, session, Sdp("new"), byUpdate: true);
        net.Run(0.1);
        peer.Answer(peer.Last(SipMethod.Update), 405);
        net.Run(0.1);
        peer.Answer(peer.Last(SipMethod.Invite), 200, sdp: "v=0 good");
        net.Run(0.1);
        Assert.Equal("v=0 good", Text(Assert.Single(alice.Events.OfType<SipEvent.OfferAnswered>()).Sdp));
        Assert.Equal(0, alice.Count<SipEvent.OfferFailed>());
    }

    [Fact]
    [Rfc("3261", "12.2.1.2", Line = "sip I9")]
    public void Offer_ByUpdateNeverAnswered_LeavesTheCallUp()
    {
        var (net, alice, peer, session) = Answered("INVITE, ACK, BYE, UPDATE");
        alice.Agent.Offer(net.Now, session, Sdp("new"), byUpdate: true);
        net.Run(40);
        Assert.Equal(408, Assert.Single(alice.Events.OfType<SipEvent.OfferFailed>()).Status);
        Assert.Equal(0, alice.Count<SipEvent.Ended>());
        alice.Agent.Offer(net.Now, session, Sdp("newer"), byUpdate: true);
        net.Run(0.1);
        Assert.Equal(2, peer.Count(SipMethod.Invite));
    }

    [Theory]
    [InlineData(1, true, true)]
    [InlineData(2, false, false)]
    [InlineData(3, true, false)]
    [InlineData(4, false, true)]
    [Rfc("3261", "14.1", Line = "sip I10")]
    [Rfc("3311", "5.2", Line = "sip I13")]
    public void Offers_ThatMeet_AreMadeAnewAfterThePeersWasAnswered(ulong seed, bool aliceUpdates, bool bobUpdates)
    {
        var (net, alice, bob, session, called) = Up(seed);
        Act(alice, "alice", aliceUpdates);
        Act(bob, "bob", bobUpdates);
        alice.Agent.RequestOffer(net.Now, session);
        bob.Agent.RequestOffer(net.Now, called);
        net.Run(10);
        Assert.Equal(2, net.Ladder.Count(m => m.Message is SipResponse { Status: 491 }));
        // The one who did not make the call comes first, and the other's second offer knows of it.
        Assert.Equal(["v=0 bob 2"], alice.Events.OfType<SipEvent.OfferReceived>().Select(o => Text(o.Sdp)));
        Assert.Equal(["v=0 alice 2"], bob.Events.OfType<SipEvent.OfferReceived>().Select(o => Text(o.Sdp)));
        Assert.Equal((1, 1, 0), (alice.Count<SipEvent.OfferAnswered>(), bob.Count<SipEvent.OfferAnswered>(), alice.Count<SipEvent.OfferFailed>() + bob.Count<SipEvent.OfferFailed>()));

        void Act(SipNode node, string name, bool byUpdate)
        {
            var offers = 0;
            node.Happened = happened =>
            {
                if (happened is SipEvent.OfferDue due) node.Agent.Offer(net.Now, due.Session, Sdp($"{name} {++offers}"), byUpdate);
                if (happened is SipEvent.OfferReceived received) node.Agent.AnswerOffer(net.Now, received.Session, Sdp("yes"));
            };
        }
    }

    [Fact]
    [Rfc("3261", "14.1", Line = "sip I10")]
    public void OfferDue_UnansweredByItsOwner_SendsNothing()
    {
        var (net, alice, _, session, _) = Up();
        var sent = net.Ladder.Count;
        alice.Agent.RequestOffer(net.Now, session);
        net.Run(5);
        Assert.Equal(1, alice.Count<SipEvent.OfferDue>());
        Assert.Equal(sent, net.Ladder.Count);
    }

    [Fact]
    [Rfc("3261", "14.1", Line = "sip I10")]
    public void Offer_MetAgainAndAgain_GivesUp()
    {
        var (net, alice, peer, session) = Answered("INVITE, ACK, BYE");
        peer.OnRequest = request =>
        {
            if (request.Method == SipMethod.Invite) peer.Answer(request, 491);
        };
        alice.Agent.Offer(net.Now, session, Sdp("new"));
        net.Run(120);
        Assert.Equal(1, alice.Count<SipEvent.OfferFailed>());
        Assert.Equal(491, alice.Last<SipEvent.OfferFailed>().Status);
        Assert.Equal(0, alice.Count<SipEvent.Ended>());
        Assert.InRange(peer.Count(SipMethod.Invite), 9, 11);
    }

    [Fact]
    [Rfc("3261", "14.2", Line = "sip I10")]
    public void Offer_RefusedWithRetryAfter_IsTriedAgainThen()
    {
        var (net, alice, peer, session) = Answered("INVITE, ACK, BYE");
        alice.Agent.Offer(net.Now, session, Sdp("new"));
        net.Run(0.1);
        peer.Answer(peer.Last(SipMethod.Invite), 500, headers: (HeaderName.RetryAfter, "3"));
        net.Run(2.5);
        Assert.Equal(2, peer.Count(SipMethod.Invite));
        net.Run(1);
        Assert.Equal(3, peer.Count(SipMethod.Invite));
        Assert.Equal(0, alice.Count<SipEvent.OfferFailed>());
    }

    [Fact]
    [Rfc("3261", "14.2", Line = "sip I10")]
    public void SecondOffer_WhoseAckToTheFirstWasLost_IsTaken()
    {
        var (net, alice, peer, _) = Answered("INVITE, ACK, BYE");
        AnswerOffers(net, alice);
        var invite = peer.Last(SipMethod.Invite);
        foreach (var seq in (uint[])[11, 12])
        {
            var from = $"{invite.Headers.Get(HeaderName.To)};tag=peer";
            var request = peer.Make(SipMethod.Invite, $"sip:alice@{Alice}", $"z9hG4bKagain{seq}", invite.Headers.Get(HeaderName.From)!, from, invite.Headers.CallId!, seq, "v=0 again");
            peer.Send(request);
            net.Run(0.2);
        }

        Assert.Equal(2, alice.Count<SipEvent.OfferReceived>());
        Assert.DoesNotContain(peer.Responses, r => r.Status == 500);
    }

    [Theory]
    [InlineData("192.0.2.9:5060", "192.0.2.77:5060", 200)]
    [InlineData("192.0.2.9:31007", "192.0.2.9:5060", 200)]
    [InlineData("192.0.2.44:5060", "192.0.2.9:5060", 200)]
    [InlineData("192.0.2.9:5060", "192.0.2.9:5060", 491)]
    [Rfc("3261", "14.2", Line = "sip I10")]
    public void Offer_ThatDoesNotArrive_GivesWayToThePeersWhereItHasMoved(string from, string contact, int status)
    {
        var (net, alice, peer, session) = Answered("INVITE, ACK, BYE");
        TakeOffers(net, alice);
        alice.Agent.RequestOffer(net.Now, session);
        net.Run(0.5);
        Assert.Equal(491, Theirs(net, peer, 11));
        net.Run(2);
        var moved = from == Server ? peer : new Script(net, from) { From = peer.From };
        Assert.Equal(status, Theirs(net, peer, 12, moved, contact));
        Assert.Equal(status == 200 ? 1 : 0, alice.Count<SipEvent.OfferPostponed>());
        if (status == 200) net.Run(60);
        if (status == 200) Assert.Equal(0, alice.Events.OfType<SipEvent.OfferFailed>().Count(f => f.Status != 408));
    }

    /// <summary>The first went nowhere for a while, the second met it at the peer: when the first is answered nothing is in the way of another.</summary>
    [Theory]
    [InlineData(9, 0.3)]
    [InlineData(4, 1)]
    [Rfc("3261", "14.2")]
    public void Offer_RefusedForOneThatWasGivenUp_ComesAgainWhenThatIsAnswered(int retryAfter, double answeredAfter)
    {
        var (net, alice, peer, session) = Answered("INVITE, ACK, BYE");
        TakeOffers(net, alice);
        alice.Agent.RequestOffer(net.Now, session);
        net.Run(2);
        var first = peer.Last(SipMethod.Invite);
        var moved = new Script(net, "192.0.2.44:5060") { From = peer.From };
        Assert.Equal(200, Theirs(net, peer, 11, moved, "192.0.2.44:5060"));
        moved.Send(moved.Make(SipMethod.Ack, $"sip:alice@{Alice}", "z9hG4bKack", first.Headers.Get(HeaderName.From)!,
            $"{peer.Requests[0].Headers.Get(HeaderName.To)};tag=peer", first.Headers.CallId!, 11));
        net.Run(8);
        var second = moved.Last(SipMethod.Invite);
        moved.Answer(second, 500, headers: (HeaderName.RetryAfter, $"{retryAfter}"));
        net.Run(answeredAfter);
        var asked = moved.Count(SipMethod.Invite);
        peer.Answer(first, 200, sdp: "v=0 late");
        net.Run(0.2);
        Assert.Equal(asked + 1, moved.Count(SipMethod.Invite));
    }

    /// <summary>Whoever offers is there, though it is refused: the owner, who may be about to give the peer up, is told.</summary>
    [Theory]
    [InlineData("INVITE, ACK, BYE")]
    [InlineData("INVITE, ACK, BYE, UPDATE")]
    [Rfc("3261", "14.1")]
    public void SecondOffer_Refused491_TellsThatThePeerIsThere(string allow)
    {
        var (net, alice, peer, session) = Answered(allow);
        TakeOffers(net, alice);
        alice.Agent.RequestOffer(net.Now, session);
        net.Run(0.1);
        Assert.Equal(0, alice.Count<SipEvent.PeerHeard>());
        Assert.Equal(491, Theirs(net, peer, 11));
        Assert.Equal(1, alice.Count<SipEvent.PeerHeard>());
    }

    [Theory]
    [InlineData(true, 1.3)]
    [InlineData(true, 20)]
    [InlineData(false, 1.3)]
    [InlineData(false, 12)]
    [Rfc("3261", "14.2")]
    [Rfc("3311", "5.2")]
    public void SecondOffer_WhileOursCanStillBeAnswered_Is491HoweverLongThatTakes(bool isTried, double seconds)
    {
        var (net, alice, peer, session) = Answered("INVITE, ACK, BYE");
        TakeOffers(net, alice);
        alice.Agent.RequestOffer(net.Now, session);
        net.Run(0.1);
        var ours = peer.Last(SipMethod.Invite);
        if (isTried) peer.Answer(ours, 100, tag: null);
        net.Run(seconds);
        // A farm of servers speaks from several addresses.
        Assert.Equal(491, Theirs(net, peer, 11, isTried ? new Script(net, "192.0.2.10:5060") { From = peer.From } : peer));
        peer.Answer(ours, 200, sdp: "v=0 late");
        net.Run(0.1);
        Assert.Equal("v=0 late", Text(Assert.Single(alice.Events.OfType<SipEvent.OfferAnswered>()).Sdp));
        Assert.Equal(200, Theirs(net, peer, 12));
    }

    [Theory]
    [InlineData(true, "INVITE, ACK, BYE")]
    [InlineData(false, "INVITE, ACK, BYE")]
    [InlineData(true, "INVITE, ACK, BYE, UPDATE")]
    [Rfc("3261", "14.1")]
    public void SecondOffer_OfAPeerThatComesAThirdTime_IsTaken_ForItHasNotGotOurs(bool isTried, string allow)
    {
        var (net, alice, peer, session) = Answered(allow);
        TakeOffers(net, alice);
        alice.Agent.RequestOffer(net.Now, session);
        net.Run(0.1);
        var ours = peer.Last(SipMethod.Invite);
        if (isTried) peer.Answer(ours, 100, tag: null);
        net.Run(0.2);
        Assert.Equal(491, Theirs(net, peer, 11));
        net.Run(2.6);
        Assert.Equal(491, Theirs(net, peer, 12));
        net.Run(3.5);
        Assert.Equal(200, Theirs(net, peer, 13));
        if (isTried) peer.Answer(ours, 487);
        net.Run(10);
        Assert.DoesNotContain(alice.Events, e => e is SipEvent.Ended);
        Assert.True(peer.Count(SipMethod.Invite) >= 2, "our own wish is offered again");
    }

    /// <summary>Ours fails by something else than 491 while the peer's was refused for it: offered again at once it would meet the peer's second time too.</summary>
    [Theory]
    [InlineData(503, 0.1)]
    [InlineData(480, 0.25)]
    [InlineData(404, 0.3)]
    [Rfc("3261", "14.1")]
    public void Offer_ThatFailsAfterThePeersWasRefusedForIt_LeavesThePeersSecondItsTime(int status, double after)
    {
        var (net, alice, peer, session) = Answered("INVITE, ACK, BYE");
        TakeOffers(net, alice);
        alice.Agent.RequestOffer(net.Now, session);
        net.Run(after);
        Assert.Equal(491, Theirs(net, peer, 11));
        peer.Answer(peer.Last(SipMethod.Invite), status);
        net.Run(0.1);
        Assert.Equal(status, Assert.Single(alice.Events.OfType<SipEvent.OfferFailed>()).Status);
        alice.Agent.RequestOffer(net.Now, session);
        net.Run(1.7);
        Assert.Equal(2, peer.Count(SipMethod.Invite));
        Assert.Equal(200, Theirs(net, peer, 12));
    }

    [Fact]
    [Rfc("3261", "14.1")]
    public void Offer_ThatFailsAlone_IsOfferedAgainAtOnce()
    {
        var (net, alice, peer, session) = Answered("INVITE, ACK, BYE");
        TakeOffers(net, alice);
        alice.Agent.RequestOffer(net.Now, session);
        net.Run(0.1);
        peer.Answer(peer.Last(SipMethod.Invite), 503);
        net.Run(0.1);
        alice.Agent.RequestOffer(net.Now, session);
        net.Run(0.1);
        Assert.Equal(3, peer.Count(SipMethod.Invite));
    }

    private static void TakeOffers(SipNet net, SipNode alice) => alice.Happened = happened =>
    {
        if (happened is SipEvent.OfferDue due) alice.Agent.Offer(net.Now, due.Session, Sdp("ours"));
        if (happened is SipEvent.OfferReceived received) alice.Agent.AnswerOffer(net.Now, received.Session, Sdp("yes"));
    };

    /// <summary>The peer offers, from where it is or from elsewhere, and acknowledges a 200.</summary>
    private static int Theirs(SipNet net, Script peer, uint seq, Script? by = null, string contact = Server)
    {
        by ??= peer;
        var invite = peer.Requests.First(r => r.Method == SipMethod.Invite);
        var tagged = $"{invite.Headers.Get(HeaderName.To)};tag=peer";
        var request = by.Make(SipMethod.Invite, $"sip:alice@{Alice}", $"z9hG4bKnew{seq}", invite.Headers.Get(HeaderName.From)!, tagged, invite.Headers.CallId!, seq, "v=0 theirs");
        request.Headers.Set(HeaderName.Contact, $"<sip:peer@{contact}>");
        by.Send(request);
        net.Run(0.1);
        return by.Responses.Last(r => r.Headers.Get(HeaderName.CSeq) == $"{seq} INVITE").Status;
    }

    [Fact]
    [Rfc("3261", "12.2.1.1", Line = "sip T10")]
    public void Reinvite_AfterAPathWasReplaced_CarriesTheNewContactAndGoesAtOnce()
    {
        var (net, alice, bob, session, _) = Up();
        AnswerOffers(net, bob);
        alice.Agent.Offer(net.Now, session, Sdp("before the change"));
        alice.Add(Transport.Udp, 5099);
        alice.Remove(new PathId(1));
        alice.Agent.Offer(net.Now, session, Sdp("after the change"));
        net.Run(1);
        var last = net.Ladder.Last(m => m.Message is SipRequest { Method: SipMethod.Invite }).Message!;
        Assert.Contains(":5099", last.Headers.Get(HeaderName.Contact));
        Assert.Equal(0, alice.Count<SipEvent.Ended>());
        bob.Agent.Hangup(net.Now, bob.Last<SipEvent.Confirmed>().Session);
        net.Run(1);
        Assert.Equal(EndCause.Remote, alice.Last<SipEvent.Ended>().Cause);
    }

    private static void AnswerOffers(SipNet net, SipNode node) => node.Happened = happened =>
    {
        if (happened is SipEvent.OfferReceived received) node.Agent.AnswerOffer(net.Now, received.Session, Sdp("yes"));
    };

    /// <summary>Alice called a scripted peer, which answered.</summary>
    private static (SipNet Net, SipNode Alice, Script Peer, SessionId Session) Answered(string allow)
    {
        var (net, alice, peer, session) = Calling();
        peer.Answer(peer.Last(SipMethod.Invite), 200, sdp: "v=0 answer", headers: allow.Length == 0 ? [] : [(HeaderName.Allow, allow)]);
        net.Run(0.1);
        Assert.Equal(1, alice.Count<SipEvent.Answered>());
        return (net, alice, peer, session);
    }
}
