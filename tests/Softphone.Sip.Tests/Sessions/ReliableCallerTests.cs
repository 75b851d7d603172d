using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>Reliable provisional responses to an INVITE of ours (RFC 3262), offers while it rings (RFC 3311), branches that end (RFC 6228).</summary>
public sealed class ReliableCallerTests
{
    private const string Allow = "INVITE, ACK, CANCEL, BYE, PRACK, UPDATE";

    [Theory]
    [InlineData(Reliability.Supported, true, false)]
    [InlineData(Reliability.Off, false, false)]
    [InlineData(Reliability.Required, true, true)]
    [Rfc("3262", "4", Line = "sip I12")]
    public void Invite_SpeaksOfReliabilityAsTheAccountHasIt(Reliability wish, bool isSupported, bool isRequired)
    {
        var (_, _, peer, _) = Calling(provisionals: wish);
        var headers = peer.Last(SipMethod.Invite).Headers;
        Assert.Equal(isSupported, headers.Lists(HeaderName.Supported, "100rel"));
        Assert.Equal(isRequired, headers.Lists(HeaderName.Require, "100rel"));
        Assert.Contains("PRACK", headers.Allow);
    }

    [Theory]
    [InlineData(420, HeaderName.Unsupported, Reliability.Required, "to supported")]
    [InlineData(421, HeaderName.Require, Reliability.Off, "to supported")]
    [Rfc("3262", "4", Line = "sip I12")]
    public void Refusal_ForWhatTheAccountMakesOfReliability_NamesTheSetting(int status, string header, Reliability wish, string wayOut)
    {
        var (net, alice, peer, _) = Calling(provisionals: wish);
        peer.Answer(peer.Last(SipMethod.Invite), status, headers: [(header, "100rel")]);
        net.Run(0.1);
        var fault = alice.Last<SipEvent.Ended>().Fault!;
        Assert.Contains("RFC 3262", fault.What, StringComparison.Ordinal);
        Assert.Contains($"account.reliable-provisionals {wayOut}", fault.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(180, "", 1u)]
    [InlineData(183, "v=0 early", 4_000_000_000u)]
    [InlineData(199, "", 17u)]
    [Rfc("3262", "4", Line = "sip I12")]
    public void Ringing_Reliable_IsAcknowledgedOnceHoweverOftenItComes(int status, string sdp, uint number)
    {
        var (net, alice, peer, _) = Calling();
        Take(peer);
        for (var i = 0; i < 3; i++)
        {
            Ringing(peer, status, number, sdp);
            net.Run(0.1);
        }

        var prack = Assert.Single(peer.Requests, r => r.Method == SipMethod.Prack);
        Assert.Equal($"{number} 1 INVITE", prack.Headers.Get(HeaderName.RAck));
        Assert.Equal("2 PRACK", prack.Headers.Get(HeaderName.CSeq));
        Assert.True(prack.Body.IsEmpty);
        var progress = Assert.Single(alice.Events.OfType<SipEvent.Progress>());
        Assert.Equal((status, sdp), (progress.Status, Text(progress.Sdp)));
    }

    [Theory]
    [InlineData("", "1")]
    [InlineData("100rel", "")]
    [InlineData("100rel", "0")]
    [InlineData("100rel", "x")]
    [InlineData("timer", "1")]
    [Rfc("3262", "4", Line = "sip I12")]
    public void Ringing_ThatIsNotReliable_IsToldAndNotAcknowledged(string require, string number)
    {
        var (net, alice, peer, _) = Calling();
        peer.Answer(peer.Last(SipMethod.Invite), 180, headers: [(HeaderName.Require, require), (HeaderName.RSeq, number)]);
        net.Run(0.1);
        Assert.Equal(0, peer.Count(SipMethod.Prack));
        Assert.Equal(1, alice.Count<SipEvent.Progress>());
    }

    [Fact]
    [Rfc("3262", "4", Line = "sip I12")]
    public void Ringing_OutOfOrder_IsTakenWhenItsTurnHasCome()
    {
        var (net, alice, peer, _) = Calling();
        Take(peer);
        foreach (var (number, status) in ((uint, int)[])[(7, 180), (9, 183), (6, 182), (8, 181), (9, 183), (8, 181), (11, 182)])
        {
            Ringing(peer, status, number);
            net.Run(0.05);
        }

        Assert.Equal(["7 1 INVITE", "8 1 INVITE", "9 1 INVITE"], peer.Requests.Where(r => r.Method == SipMethod.Prack).Select(r => r.Headers.Get(HeaderName.RAck)));
        Assert.Equal([180, 181, 183], alice.Events.OfType<SipEvent.Progress>().Select(e => e.Status));
    }

    [Fact]
    [Rfc("3262", "4", Line = "sip I12")]
    [Rfc("3261", "12.1.2", Line = "sip I3")]
    public void Ringing_OfSeveralBranches_HasTheNumbersOfEach()
    {
        var (net, alice, peer, _) = Calling();
        Take(peer);
        foreach (var (tag, number) in ((string, uint)[])[("one", 10), ("two", 500), ("one", 11), ("three", 11), ("two", 501), ("one", 11)])
        {
            Ringing(peer, number % 2 == 0 ? 180 : 183, number, tag: tag);
            net.Run(0.05);
        }

        var pracks = peer.Requests.Where(r => r.Method == SipMethod.Prack).Select(r => (r.Headers.TryTo(out var to) ? to.Tag : null, r.Headers.Get(HeaderName.RAck), r.Headers.Get(HeaderName.CSeq)));
        Assert.Equal(
            [("one", "10 1 INVITE", "2 PRACK"), ("two", "500 1 INVITE", "2 PRACK"), ("one", "11 1 INVITE", "3 PRACK"), ("three", "11 1 INVITE", "2 PRACK"), ("two", "501 1 INVITE", "3 PRACK")], pracks);
        peer.Answer(peer.Last(SipMethod.Invite), 200, "two", "v=0 answer");
        net.Run(0.1);
        Assert.Equal("two", alice.Last<SipEvent.Answered>().Dialog);
        Assert.Equal(1, peer.Count(SipMethod.Ack));
    }

    [Fact]
    [Rfc("3262", "4", Line = "sip I12")]
    public void Prack_FollowsTheRouteOfItsDialog()
    {
        var (net, _, peer, _) = Calling();
        peer.Answer(peer.Last(SipMethod.Invite), 180, headers: [(HeaderName.Require, "100rel"), (HeaderName.RSeq, "3"), (HeaderName.RecordRoute, "<sip:far.example.com;lr>"), (HeaderName.RecordRoute, $"<sip:{Server};lr>")], contact: "<sip:desk@198.51.100.7>");
        net.Run(0.1);
        var prack = peer.Last(SipMethod.Prack);
        Assert.Equal("sip:desk@198.51.100.7", prack.RequestUri.ToString());
        Assert.Equal([$"<sip:{Server};lr>", "<sip:far.example.com;lr>"], prack.Headers.GetList(HeaderName.Route));
    }

    [Theory]
    [InlineData(481)]
    [InlineData(0)]
    [Rfc("3262", "4", Line = "sip I12")]
    public void Prack_RefusedOrNotAnswered_LeavesTheCallRinging(int status)
    {
        var (net, alice, peer, _) = Calling();
        peer.OnRequest = request =>
        {
            if (request.Method == SipMethod.Prack && status > 0) peer.Answer(request, status);
        };
        Ringing(peer, 180, 1);
        net.Run(40);
        Assert.True(peer.Count(SipMethod.Prack) >= (status > 0 ? 1 : 8));
        peer.Answer(peer.Last(SipMethod.Invite), 200, sdp: "v=0 answer");
        net.Run(0.1);
        Assert.Equal(1, alice.Count<SipEvent.Answered>());
        Assert.Equal(0, alice.Count<SipEvent.Ended>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("3262", "5", Line = "sip I12")]
    public void Offer_InAReliableResponse_IsAnsweredInThePrack(bool isAccepted)
    {
        var (net, alice, peer, session) = Calling(offer: false);
        Take(peer);
        Ringing(peer, 183, 5, "v=0 theirs");
        net.Run(0.1);
        var progress = Assert.Single(alice.Events.OfType<SipEvent.Progress>());
        Assert.True(progress.IsOffer);
        Assert.Equal(0, peer.Count(SipMethod.Prack));
        if (!isAccepted)
        {
            alice.Agent.RejectOffer(net.Now, session, 488);
            net.Run(0.1);
            Assert.Equal(1, peer.Count(SipMethod.Cancel));
            return;
        }

        alice.Agent.AnswerOffer(net.Now, session, Sdp("ours"), progress.Dialog);
        net.Run(0.1);
        Assert.Equal("v=0 ours", Text(peer.Last(SipMethod.Prack).Body));
        peer.Answer(peer.Last(SipMethod.Invite), 200);
        net.Run(0.1);
        var answered = alice.Last<SipEvent.Answered>();
        Assert.False(answered.IsOffer);
        Assert.True(peer.Last(SipMethod.Ack).Body.IsEmpty);
        net.Run(40);
        Assert.Equal(0, alice.Count<SipEvent.Ended>());
    }

    [Theory]
    [InlineData(200, 1, 0)]
    [InlineData(488, 0, 1)]
    [Rfc("3262", "5", Line = "sip I12")]
    public void Offer_ThatWaits_GoesWithThePrackOfTheAnswer(int status, int answered, int failed)
    {
        var (net, alice, peer, session) = Calling();
        alice.Agent.Offer(net.Now, session, Sdp("more"));
        Ringing(peer, 180, 5);
        net.Run(0.1);
        Assert.True(peer.Last(SipMethod.Prack).Body.IsEmpty);
        peer.Answer(peer.Last(SipMethod.Prack), 200);
        Ringing(peer, 183, 6, "v=0 answer");
        net.Run(0.1);
        Assert.Equal("v=0 more", Text(peer.Last(SipMethod.Prack).Body));
        peer.Answer(peer.Last(SipMethod.Prack), status, sdp: status == 200 ? "v=0 yes" : "");
        net.Run(0.1);
        Assert.Equal((answered, failed, 0), (alice.Count<SipEvent.OfferAnswered>(), alice.Count<SipEvent.OfferFailed>(), alice.Count<SipEvent.Ended>()));
    }

    [Theory]
    [InlineData(true, Allow, true)]
    [InlineData(false, Allow, false)]
    [InlineData(true, "INVITE, ACK, BYE, PRACK", false)]
    [Rfc("3311", "5.1", Line = "sip I13")]
    public void Offer_OfOursWhileItRings_GoesByUpdateOnceTheFirstIsAnsweredReliably(bool isReliable, string allow, bool isSent)
    {
        var (net, alice, peer, session) = Calling();
        Take(peer, exceptFor: SipMethod.Update);
        if (isReliable) Ringing(peer, 183, 5, "v=0 answer", allow: allow);
        else peer.Answer(peer.Last(SipMethod.Invite), 183, sdp: "v=0 answer", headers: [(HeaderName.Allow, allow)]);
        net.Run(0.1);
        alice.Agent.RequestOffer(net.Now, session);
        net.Run(0.1);
        Assert.Equal(isSent ? 1 : 0, alice.Count<SipEvent.OfferDue>());
        if (!isSent) return;
        alice.Agent.Offer(net.Now, session, Sdp("more"));
        net.Run(0.1);
        var update = peer.Last(SipMethod.Update);
        Assert.Equal(("v=0 more", "3 UPDATE"), (Text(update.Body), update.Headers.Get(HeaderName.CSeq)));
        // Ours is open: theirs has to wait (§5.2).
        peer.Send(InDialog(peer, peer.Last(SipMethod.Invite), SipMethod.Update, 1));
        net.Run(0.1);
        Assert.Equal(491, peer.Responses[^1].Status);
        peer.Answer(update, 200, sdp: "v=0 yes", headers: [(HeaderName.Contact, $"<sip:peer@{Server}>")]);
        net.Run(0.1);
        Assert.Equal("v=0 yes", Text(alice.Last<SipEvent.OfferAnswered>().Sdp));
        peer.Answer(peer.Last(SipMethod.Invite), 200, sdp: "v=0 answer");
        net.Run(0.1);
        // What the first offer was answered with is out of date by now.
        Assert.True(alice.Last<SipEvent.Answered>().Sdp.IsEmpty);
    }

    [Theory]
    [InlineData(true, 200)]
    [InlineData(false, 491)]
    [Rfc("3311", "5.2", Line = "sip I13")]
    public void Update_OfThePeerWhileItRings_IsTakenOnceOursIsAnsweredReliably(bool isReliable, int status)
    {
        var (net, alice, peer, _) = Calling();
        Take(peer);
        if (isReliable) Ringing(peer, 183, 5, "v=0 answer");
        else peer.Answer(peer.Last(SipMethod.Invite), 183, sdp: "v=0 answer");
        net.Run(0.1);
        alice.Happened = happened =>
        {
            if (happened is SipEvent.OfferReceived { Dialog: "peer" } received) alice.Agent.AnswerOffer(net.Now, received.Session, Sdp("yes"));
        };
        peer.Send(InDialog(peer, peer.Last(SipMethod.Invite), SipMethod.Update, 1));
        net.Run(0.1);
        Assert.Equal((status, status == 200 ? "v=0 yes" : ""), (peer.Responses[^1].Status, Text(peer.Responses[^1].Body)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("v=0 theirs")]
    [Rfc("3311", "5.2", Line = "sip I13")]
    public void Update_WhileTheOfferOfTheSameBranchWaitsForUs_Is500WithRetryAfter(string sdp)
    {
        var (net, _, peer, _) = Calling(offer: false);
        Ringing(peer, 183, 5, "v=0 theirs");
        net.Run(0.1);
        peer.Send(InDialog(peer, peer.Last(SipMethod.Invite), SipMethod.Update, 1, sdp));
        net.Run(0.1);
        // One without an offer only says where the peer is.
        Assert.Equal(sdp.Length == 0 ? 200 : 500, peer.Responses[^1].Status);
        Assert.Equal(sdp.Length > 0, peer.Responses[^1].Headers.RetryAfter is <= 10);
    }

    [Theory]
    [InlineData("peer", 0)]
    [InlineData("other", 1)]
    [Rfc("3311", "5.1", Line = "sip I13")]
    public void Answer_OfAnotherBranchThanTheOneWeOfferedTo_HasTheOfferMadeAnew(string answering, int again)
    {
        var (net, alice, peer, session) = Calling();
        Take(peer, exceptFor: SipMethod.Update);
        Ringing(peer, 183, 5, "v=0 answer");
        net.Run(0.1);
        alice.Agent.RequestOffer(net.Now, session);
        alice.Agent.Offer(net.Now, session, Sdp("more"));
        net.Run(0.1);
        peer.Answer(peer.Last(SipMethod.Invite), 200, answering, "v=0 answer");
        net.Run(0.1);
        Assert.Equal(again, alice.Count<SipEvent.OfferPostponed>());
        Assert.Equal(1 + again, alice.Count<SipEvent.OfferDue>());
        peer.Answer(peer.Last(SipMethod.Update), 200, null, "v=0 yes", headers: [(HeaderName.Contact, "<sip:elsewhere@198.51.100.1>")]);
        net.Run(0.1);
        Assert.Equal(1 - again, alice.Count<SipEvent.OfferAnswered>());
    }

    [Theory]
    [InlineData(199, 481)]
    [InlineData(182, 200)]
    [Rfc("6228", "4", Line = "sip I16")]
    public void Branch_ThatIsOver_IsForgottenAndTheCallGoesOn(int status, int owed)
    {
        var (net, alice, peer, _) = Calling();
        Assert.Contains("199", peer.Last(SipMethod.Invite).Headers.Supported);
        peer.Answer(peer.Last(SipMethod.Invite), 180);
        peer.Answer(peer.Last(SipMethod.Invite), 180, "other");
        net.Run(0.1);
        peer.Answer(peer.Last(SipMethod.Invite), status, headers: [(HeaderName.Reason, "SIP;cause=486")]);
        net.Run(0.1);
        peer.Send(InDialog(peer, peer.Last(SipMethod.Invite), SipMethod.Update, 1, ""));
        net.Run(0.1);
        Assert.Equal(owed, peer.Responses[^1].Status);
        peer.Answer(peer.Last(SipMethod.Invite), 200, "other", "v=0 answer");
        net.Run(0.1);
        Assert.Equal("other", alice.Last<SipEvent.Answered>().Dialog);
    }

    [Theory]
    [InlineData(1u)]
    [InlineData(77u)]
    [Rfc("3262", "4", Line = "sip I12")]
    public void Progress_OfAReinviteOfOurs_IsAcknowledgedToo(uint number)
    {
        var (net, alice, peer, session) = Calling();
        peer.Answer(peer.Last(SipMethod.Invite), 200, sdp: "v=0 answer");
        net.Run(0.1);
        alice.Agent.Offer(net.Now, session, Sdp("more"));
        net.Run(0.1);
        var again = peer.Last(SipMethod.Invite);
        foreach (var next in (uint[])[number, number, number + 1])
        {
            peer.Answer(again, 183, headers: [(HeaderName.Require, "100rel"), (HeaderName.RSeq, $"{next}")]);
            net.Run(0.05);
        }

        Assert.Equal([$"{number} 2 INVITE", $"{number + 1} 2 INVITE"], peer.Requests.Where(r => r.Method == SipMethod.Prack).Select(r => r.Headers.Get(HeaderName.RAck)).Distinct());
        peer.Answer(again, 200, sdp: "v=0 yes");
        net.Run(0.1);
        Assert.Equal(1, alice.Count<SipEvent.OfferAnswered>());
    }

    [Theory]
    [InlineData(0, 1ul)]
    [InlineData(0.3, 2ul)]
    [InlineData(0.3, 3ul)]
    [Rfc("3262", "3", Line = "sip I12")]
    public void TwoAgents_WhoDemandIt_ComeTogetherWhateverIsLost(double loss, ulong seed)
    {
        var net = new SipNet(seed);
        var alice = net.Agent(Alice);
        var bob = net.Agent(Bob);
        var account = alice.Account($"sip:alice@{Alice}", provisionals: Reliability.Required);
        bob.Account($"sip:bob@{Bob}");
        bob.Happened = happened =>
        {
            if (happened is not SipEvent.Incoming incoming) return;
            bob.Agent.Progress(bob.Now, incoming.Session, 180);
            bob.Agent.Progress(bob.Now, incoming.Session, 183, Sdp("answer"));
            bob.Agent.Accept(bob.Now, incoming.Session, Sdp("answer"));
        };
        net.Loss = loss;
        alice.Agent.Invite(net.Now, account, Uri($"sip:bob@{Bob}"), Sdp("offer"));
        net.Run(30);
        Assert.Equal(1, alice.Count<SipEvent.Answered>());
        Assert.Equal(1, bob.Count<SipEvent.Confirmed>());
        Assert.Contains(alice.Events.OfType<SipEvent.Progress>().Select(e => Text(e.Sdp)).Append(Text(alice.Last<SipEvent.Answered>().Sdp)), sdp => sdp == "v=0 answer");
        net.Loss = 0;
        net.Run(60);
        Assert.Equal(0, alice.Count<SipEvent.Ended>() + bob.Count<SipEvent.Ended>());
    }

    /// <summary>The peer answers all requests but INVITE and one more.</summary>
    private static void Take(Script peer, string exceptFor = "") => peer.OnRequest = request =>
    {
        if (request.Method is not (SipMethod.Invite or SipMethod.Ack) && request.Method != exceptFor) peer.Answer(request, 200, null);
    };

    private static void Ringing(Script peer, int status, uint number, string sdp = "", string tag = "peer", string allow = Allow) =>
        peer.Answer(peer.Last(SipMethod.Invite), status, tag, sdp, headers: [(HeaderName.Require, "100rel"), (HeaderName.RSeq, $"{number}"), (HeaderName.Allow, allow)]);
}
