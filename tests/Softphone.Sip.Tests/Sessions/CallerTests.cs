using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>The caller's side against a scripted callee.</summary>
public sealed class CallerTests
{
    [Fact]
    [Rfc("3261", "13.2.2.4", Line = "sip I2")]
    public void Answer_Retransmitted_IsAcknowledgedAgainWithTheSameAck()
    {
        var (net, alice, peer, _) = Calling();
        var invite = peer.Last(SipMethod.Invite);
        peer.Answer(invite, 200, sdp: "v=0");
        net.Run(0.1);
        peer.Answer(invite, 200, sdp: "v=0");
        net.Run(0.1);
        var acks = peer.Requests.Where(r => r.Method == SipMethod.Ack).ToList();
        Assert.Equal(2, acks.Count);
        Assert.Equal(acks[0].ToArray(), acks[1].ToArray());
        Assert.Equal(1, alice.Count<SipEvent.Answered>());
        Assert.True(invite.Headers.TryCSeq(out var sent) && acks[0].Headers.TryCSeq(out var acked) && sent.Number == acked.Number);
        Assert.True(invite.Headers.TryVia(out var inviteVia) && acks[0].Headers.TryVia(out var ackVia) && inviteVia.Branch != ackVia.Branch);
    }

    [Theory]
    [InlineData("<sip:peer@pbx.invalid>", null, "pbx.invalid")]
    [InlineData("<sip:peer@192.0.2.9:5060>", "<sip:edge.invalid;lr>", "edge.invalid")]
    [InlineData("<sip:peer@[2001:db8::7]>", null, "2001:db8::7")]
    [InlineData("<sips:peer@192.0.2.9>", null, "192.0.2.9")]
    [Rfc("3261", "13.2.2.4")]
    public void Answer_FromWhereNothingCanBeSent_EndsTheCallWithWords(string contact, string? route, string named)
    {
        var (net, alice, peer, _) = Calling();
        peer.Answer(peer.Last(SipMethod.Invite), 200, sdp: "v=0", contact: contact, headers: route is null ? [] : [(HeaderName.RecordRoute, route)]);
        net.Run(11);
        var ended = alice.Last<SipEvent.Ended>();
        Assert.Equal((EndCause.Error, 503), (ended.Cause, ended.Status));
        Assert.Contains("nothing can be sent", ended.Fault!.What);
        Assert.Contains(named, ended.Fault.What);
        net.Run(60);
        Assert.Equal(1, alice.Count<SipEvent.Ended>());
        Assert.True(alice.Agent.IsIdle);
    }

    [Theory]
    [InlineData("sip:192.0.2.9:5060;transport=UDP;lr", "sip:edge@192.0.2.9:5060;lr;service=scscf")]
    [InlineData("sip:192.0.2.9:5060;lr=on", "sip:192.0.2.9;lr;ftag=1")]
    [InlineData("sip:192.0.2.9:5060;lr, sip:a@192.0.2.9;lr", null)]
    [Rfc("3261", "20.30")]
    [Rfc("3261", "16.12")]
    public void Answer_WithBareRecordRoute_IsFollowedAsTheLooseRouteThatItSays(string one, string? two)
    {
        var (net, _, peer, _) = Calling();
        peer.Answer(peer.Last(SipMethod.Invite), 200, sdp: "v=0", headers: two is null ? [(HeaderName.RecordRoute, one)] : [(HeaderName.RecordRoute, one), (HeaderName.RecordRoute, two)]);
        net.Run(0.1);
        var ack = peer.Last(SipMethod.Ack);
        Assert.Equal($"sip:peer@{Server}", ack.RequestUri.ToString());
        Assert.Equal(2, ack.Headers.Routes().Count);
        Assert.All(ack.Headers.Routes(), r => Assert.True(r.IsLoose && r.Parameters.Count == 0));
    }

    [Theory]
    [InlineData("SIP/2.0 200 OK\n{0}Content-Length: 900\n\nv=0\n", "Content-Length 900")]
    [InlineData("SIP/2.0 486 Busy Here\n{0}Content-Length: -1\n\n", "Content-Length")]
    [InlineData("SIP/2.0 200 OK\n{0}Via: SIP/2.0/UDP 203.0.113.1;branch=z9hG4bKother\nContent-Length: 0\n\n", "Via")]
    [InlineData("SIP/2.0 200 OK\n{0}Content-Length: 0\n", "no blank line")]
    [Rfc("3261", "18.3")]
    [Rfc("3261", "8.1.3.3")]
    public void Answers_ThatCannotBeTaken_AreDiscardedAndToldOf(string text, string why)
    {
        var (net, alice, peer, _) = Calling();
        var invite = peer.Last(SipMethod.Invite);
        var copied = string.Concat(((string[])[HeaderName.Via, HeaderName.From, HeaderName.To, HeaderName.CallId, HeaderName.CSeq]).Select(name => $"{name}: {invite.Headers.Get(name)}\n"));
        peer.Send(string.Format(null, text, copied));
        net.Run(40);
        var ended = alice.Last<SipEvent.Ended>();
        Assert.Equal(408, ended.Status);
        Assert.Contains($"came from {Server}", ended.Fault!.What);
        Assert.Contains(why, ended.Fault.What);
    }

    [Theory]
    [InlineData(3, "SIP/2.0 200 OK\nContent-Length: 900\n\nv=0\n")]
    [InlineData(1, "HTTP/1.1 400 Bad Request\n\n")]
    [InlineData(5, "hello")]
    [Rfc("3261", "18.3")]
    public void Answers_ThatCannotBeTaken_AreCounted(int count, string text)
    {
        var (net, alice, peer, _) = Calling();
        for (var i = 0; i < count; i++) peer.Send(text);
        net.Run(40);
        var ended = alice.Last<SipEvent.Ended>();
        Assert.Contains($"{count} messages came from {Server} that cannot be used", ended.Fault!.What, StringComparison.Ordinal);
        Assert.Equal((Layer.Sip, Address.Parse(Server), (long)count), ended.Dropped.Select(d => (d.Layer, d.From, d.Count)).Single());
    }

    [Fact]
    [Rfc("3261", "18.3")]
    public void Strangers_WhoSendRubbish_AreNoAnswer()
    {
        var (net, alice, peer, _) = Calling();
        net.Send(Address.Parse("198.51.100.66:5060"), peer.From, "SIP/2.0 200 OK\r\nbroken");
        net.Run(40);
        var ended = alice.Last<SipEvent.Ended>();
        Assert.Contains("no answer to INVITE", ended.Fault!.What, StringComparison.Ordinal);
        Assert.Empty(ended.Dropped);
    }

    [Theory]
    [InlineData(421, "Require", "sec-agree", "RFC 3329")]
    [InlineData(421, "Require", "frobnicate, precondition", "frobnicate, precondition")]
    [InlineData(420, "Unsupported", "timer", "timer")]
    [InlineData(494, "Security-Server", "tls", "sec-agree")]
    [InlineData(580, "X", "y", "precondition")]
    [InlineData(488, "Warning", "399 pbx \"SRTP is mandatory\"", "demands encrypted media (SRTP), and was offered none")]
    [InlineData(606, "Warning", "302 pbx \"only RTP/SAVP here\"", "demands encrypted media (SRTP), and was offered none")]
    [InlineData(488, "Warning", "305 pbx \"no common codec\"", "accepts none of the media offered")]
    [Rfc("3261", "21.4.16")]
    public void Refusal_ForWhatWeDoNotHave_NamesIt(int status, string header, string value, string said)
    {
        var (net, alice, peer, _) = Calling();
        peer.Answer(peer.Last(SipMethod.Invite), status, headers: [(header, value)]);
        net.Run(1);
        Assert.Contains(said, alice.Last<SipEvent.Ended>().Fault!.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, Layer.Authentication)]
    [InlineData(180, Layer.Sip)]
    [InlineData(183, Layer.Sip)]
    [Rfc("3261", "21.4.4")]
    public void Forbidden_AfterItRang_IsNotTheAccountsFault(int before, Layer layer)
    {
        var (net, alice, peer, _) = Calling();
        if (before > 0) peer.Answer(peer.Last(SipMethod.Invite), before);
        net.Run(0.1);
        peer.Answer(peer.Last(SipMethod.Invite), 403);
        net.Run(1);
        var fault = alice.Last<SipEvent.Ended>().Fault!;
        Assert.Equal(layer, fault.Layer);
        Assert.Equal(layer == Layer.Sip, !fault.Remedy.Contains("check the account", StringComparison.Ordinal));
    }

    [Fact]
    [Rfc("3261", "7")]
    public void Answers_InLinesOfLf_AreToldOf()
    {
        var (net, alice, peer, _) = Calling();
        net.Send(peer.At, peer.From, "SIP/2.0 200 OK\nVia: x\n\n");
        net.Run(40);
        Assert.Contains("LF", alice.Last<SipEvent.Ended>().Fault!.What);
    }

    [Fact]
    [Rfc("3261", "13.2.2.4", Line = "sip I2")]
    public void Answer_OfASecondFork_IsAcknowledgedThenSentBye()
    {
        var (net, alice, peer, _) = Calling();
        var invite = peer.Last(SipMethod.Invite);
        peer.Answer(invite, 200, tag: "first", sdp: "v=0");
        peer.Answer(invite, 200, tag: "second", sdp: "v=0");
        peer.Answer(invite, 200, tag: "second", sdp: "v=0");
        net.Run(0.2);
        Assert.Equal("first", Assert.Single(alice.Events.OfType<SipEvent.Answered>()).Dialog);
        var toSecond = peer.Requests.Where(r => r.Headers.Get(HeaderName.To)!.Contains("tag=second")).Select(r => r.Method).ToList();
        Assert.Equal([SipMethod.Ack, SipMethod.Bye, SipMethod.Ack], toSecond);
        Assert.Equal(0, alice.Count<SipEvent.Ended>());
    }

    [Fact]
    [Rfc("3261", "12.1.2", Line = "sip I3")]
    public void Progress_FromTwoForks_IsToldApartByTag()
    {
        var (net, alice, peer, _) = Calling();
        var invite = peer.Last(SipMethod.Invite);
        peer.Answer(invite, 183, tag: "a", sdp: "v=0 a");
        peer.Answer(invite, 183, tag: "b", sdp: "v=0 b");
        peer.Answer(invite, 180, tag: "a");
        net.Run(0.1);
        Assert.Equal(["a", "b", "a"], alice.Events.OfType<SipEvent.Progress>().Select(e => e.Dialog));
        peer.Answer(invite, 200, tag: "b", sdp: "v=0 b");
        net.Run(0.1);
        Assert.Equal("b", alice.Last<SipEvent.Answered>().Dialog);
        peer.Send(peer.Make(SipMethod.Info, $"sip:alice@{Alice}", "z9hG4bKlate", invite.Headers.Get(HeaderName.From)!, "<sip:peer@example.com>;tag=a", invite.Headers.CallId!, 5));
        net.Run(0.1);
        Assert.Equal(481, peer.Responses[^1].Status);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [Rfc("3261", "8.1.3.4", Line = "sip U12")]
    public void Redirect_IsToldWithItsContacts_AndNeverFollowedByItself(int status)
    {
        var (net, alice, peer, session) = Calling();

        // The first contact is where the call went: following it would run in a circle.
        peer.Answer(peer.Last(SipMethod.Invite), status, headers: [("Contact", $"<sip:peer@{peer.At}>;q=0.1"), ("Contact", "<sip:desk@192.0.2.40>;q=0.9")]);
        net.Run(40);
        var ended = Assert.Single(alice.Events.OfType<SipEvent.Ended>());
        Assert.Equal((session, EndCause.Remote, status, Layer.Sip), (ended.Session, ended.Cause, ended.Status, ended.Fault!.Layer));
        Assert.EndsWith($"is now elsewhere: sip:desk@192.0.2.40, sip:peer@{peer.At}", ended.Fault.What);
        Assert.Contains("call the new address", ended.Fault.Remedy);
        Assert.Single(peer.Requests, r => r.Method == SipMethod.Invite);
        Assert.Single(peer.Requests, r => r.Method == SipMethod.Ack);
        Assert.True(alice.Agent.IsIdle);
    }

    [Fact]
    [Rfc("3261", "14.1", Line = "sip I10")]
    public void Offer_Answered491_IsSentAgainInTheBandOfTheOwner()
    {
        var (net, alice, peer, session) = Calling();
        peer.Answer(peer.Last(SipMethod.Invite), 200, sdp: "v=0");
        net.Run(0.1);
        alice.Agent.Offer(net.Now, session, Sdp("hold"));
        net.Run(0.1);
        var refused = net.Now;
        peer.Answer(peer.Last(SipMethod.Invite), 491);
        net.Run(4.5);
        var sent = net.Ladder.First(m => m.At > refused && m.Message is SipRequest { Method: SipMethod.Invite }).At;
        Assert.InRange((sent - refused).TotalSeconds, 2.1, 4.0 + 0.01);
        var again = peer.Last(SipMethod.Invite);
        Assert.Equal("v=0 hold", Text(again.Body));
        peer.Answer(again, 200, sdp: "v=0 held");
        net.Run(0.1);
        Assert.Equal("v=0 held", Text(alice.Last<SipEvent.OfferAnswered>().Sdp));
        Assert.Equal(0, alice.Count<SipEvent.OfferFailed>());
    }

    [Fact]
    [Rfc("3261", "14.1", Line = "sip I9")]
    public void Offer_WithoutAnyAnswer_EndsTheSessionWithBye()
    {
        var (net, alice, peer, session) = Calling();
        peer.Answer(peer.Last(SipMethod.Invite), 200, sdp: "v=0");
        net.Run(0.1);
        alice.Agent.Offer(net.Now, session, Sdp("hold"));
        net.Run(33);
        Assert.Equal((EndCause.Error, 408), (alice.Last<SipEvent.Ended>().Cause, alice.Last<SipEvent.Ended>().Status));
        Assert.True(peer.Count(SipMethod.Bye) > 0);
        net.Run(60);
        Assert.True(alice.Agent.IsIdle);
        Assert.Null(alice.Agent.NextTimeout);
    }

    [Theory]
    [InlineData(180, "")]
    [InlineData(183, "v=0 early")]
    [Rfc("3261", "15", Line = "sip I6")]
    public void Bye_OfAnEarlyDialog_IsAnsweredAndOthersGoOn(int status, string sdp)
    {
        var (net, alice, peer, _) = Calling();
        var invite = peer.Last(SipMethod.Invite);
        peer.Answer(invite, status, tag: "peer", sdp: sdp);
        net.Run(0.1);
        peer.Send(InDialog(peer, invite, SipMethod.Bye, 7, sdp: ""));
        net.Run(0.1);
        Assert.Equal(200, peer.Responses[^1].Status);
        Assert.Equal(0, alice.Count<SipEvent.Ended>());
        peer.Answer(invite, 200, tag: "other", sdp: "v=0");
        net.Run(0.1);
        Assert.Equal("other", alice.Last<SipEvent.Answered>().Dialog);
    }

    [Fact]
    [Rfc("3261", "9.1", Line = "sip I4")]
    public void Cancel_BeforeProvisional_WaitsForIt()
    {
        var (net, alice, peer, session) = Calling();
        var invite = peer.Last(SipMethod.Invite);
        alice.Agent.Hangup(net.Now, session);
        net.Run(0.2);
        Assert.Equal(0, peer.Count(SipMethod.Cancel));
        peer.Answer(invite, 100);
        net.Run(0.1);
        var cancel = peer.Last(SipMethod.Cancel);
        Assert.Equal(invite.RequestUri, cancel.RequestUri);
        Assert.Equal(invite.Headers.Get(HeaderName.Via), cancel.Headers.Get(HeaderName.Via));
        Assert.True(invite.Headers.TryCSeq(out var a) && cancel.Headers.TryCSeq(out var b) && a.Number == b.Number);
        Assert.False(cancel.Headers.Has(HeaderName.Require));
        peer.Answer(cancel, 200);
        peer.Answer(invite, 487);
        net.Run(60);
        Assert.Equal(1, peer.Count(SipMethod.Ack));
        Assert.True(alice.Agent.IsIdle);
        Assert.Null(alice.Agent.NextTimeout);
    }

    [Fact]
    [Rfc("3261", "9.1", Line = "sip I4")]
    public void Cancel_WithoutFinalResponse_IsGivenUpAfter64T1()
    {
        var (net, alice, peer, session) = Calling();
        peer.Answer(peer.Last(SipMethod.Invite), 180);
        net.Run(0.1);
        alice.Agent.Hangup(net.Now, session);
        net.Run(31);
        Assert.False(alice.Agent.IsIdle);
        net.Run(2);
        Assert.True(alice.Agent.IsIdle);
        net.Run(60);
        Assert.Null(alice.Agent.NextTimeout);
    }

    [Fact]
    [Rfc("3261", "9.1", Line = "sip I4")]
    public void Cancel_CrossedByAnswer_IsAcknowledgedAndSentBye()
    {
        var (net, alice, peer, session) = Calling();
        var invite = peer.Last(SipMethod.Invite);
        peer.Answer(invite, 180);
        net.Run(0.1);
        alice.Agent.Hangup(net.Now, session);
        peer.Answer(invite, 200, sdp: "v=0");
        net.Run(0.1);
        Assert.Equal([SipMethod.Invite, SipMethod.Cancel, SipMethod.Ack, SipMethod.Bye], peer.Requests.Select(r => r.Method));
        Assert.Equal(0, alice.Count<SipEvent.Answered>());
        Assert.Equal(1, alice.Count<SipEvent.Ended>());
        peer.Answer(peer.Last(SipMethod.Bye), 200);
        net.Run(60);
        Assert.True(alice.Agent.IsIdle);
    }

    [Fact]
    [Rfc("3261", "13.2.1", Line = "sip I8")]
    public void DelayedOffer_AnswerWithoutOffer_IsSentBye()
    {
        var (net, alice, peer, _) = Calling(offer: false);
        peer.Answer(peer.Last(SipMethod.Invite), 200);
        net.Run(0.1);
        Assert.Equal([SipMethod.Invite, SipMethod.Ack, SipMethod.Bye], peer.Requests.Select(r => r.Method));
        Assert.Equal(Layer.Sdp, alice.Last<SipEvent.Ended>().Fault!.Layer);
    }

    [Fact]
    [Rfc("3261", "15", Line = "sip I6")]
    public void Bye_Answered481_EndsAnyway()
    {
        var (net, alice, peer, session) = Calling();
        peer.Answer(peer.Last(SipMethod.Invite), 200, sdp: "v=0");
        net.Run(0.1);
        alice.Agent.Hangup(net.Now, session);
        net.Run(0.1);
        peer.Answer(peer.Last(SipMethod.Bye), 481);
        net.Run(60);
        Assert.True(alice.Agent.IsIdle);
        Assert.Equal(1, alice.Count<SipEvent.Ended>());
    }
}
