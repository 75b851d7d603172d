using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>Provisional responses that a scripted caller acknowledges, or does not (RFC 3262).</summary>
public sealed class ReliableCalleeTests
{
    private const string Tag = "100rel";

    private readonly SipNet _net = new();
    private readonly SipNode _bob;
    private readonly Script _peer;
    private readonly SipRequest _invite;

    public ReliableCalleeTests()
    {
        _bob = _net.Agent(Bob);
        _bob.Account("sip:bob@example.com");
        _peer = new Script(_net, Server) { From = Address.Parse($"{Bob}:5060") };
        _invite = _peer.Make(SipMethod.Invite, $"sip:bob@{Bob}", "z9hG4bKinvite", "<sip:bob@example.com>", sdp: "v=0");
        _invite.Headers.Add(HeaderName.Allow, "INVITE, ACK, CANCEL, BYE, PRACK, UPDATE");
    }

    private SessionId Called => _bob.Last<SipEvent.Incoming>().Session;

    [Theory]
    [InlineData(HeaderName.Require, Reliability.Supported, true)]
    [InlineData(HeaderName.Require, Reliability.Off, true)]
    [InlineData(HeaderName.Require, Reliability.Required, true)]
    [InlineData(HeaderName.Supported, Reliability.Required, true)]
    [InlineData(HeaderName.Supported, Reliability.Supported, false)]
    [InlineData(HeaderName.Supported, Reliability.Off, false)]
    [InlineData("Subject", Reliability.Required, false)]
    [Rfc("3262", "3", Line = "sip I12")]
    public void Ringing_IsReliableWhereItIsDemandedOrWantedAndCanBeTaken(string header, Reliability wish, bool isReliable)
    {
        var net = new SipNet();
        var bob = net.Agent(Bob);
        bob.Account("sip:bob@example.com", provisionals: wish);
        var peer = new Script(net, Server) { From = Address.Parse($"{Bob}:5060") };
        var invite = peer.Make(SipMethod.Invite, $"sip:bob@{Bob}", "z9hG4bKinvite", "<sip:bob@example.com>", sdp: "v=0");
        invite.Headers.Add(header, Tag);
        peer.Send(invite);
        net.Run(0.02);
        Assert.Equal(isReliable, bob.Last<SipEvent.Incoming>().IsReliable);
        bob.Agent.Progress(net.Now, bob.Last<SipEvent.Incoming>().Session, 180);
        net.Run(0.02);
        var ringing = Assert.Single(peer.Responses);
        Assert.Equal(180, ringing.Status);
        Assert.Equal(isReliable, ringing.Headers.Lists(HeaderName.Require, Tag));
        Assert.Equal(isReliable, ringing.Headers.RSeq is >= 1 and <= int.MaxValue);
        Assert.Equal(wish != Reliability.Off, ringing.Headers.Lists(HeaderName.Supported, Tag));
    }

    [Theory]
    [InlineData("")]
    [InlineData("answer")]
    [Rfc("3262", "3", Line = "sip I12")]
    public void Ringing_ThatNobodyAcknowledges_IsRepeatedAtTwiceThePauseAndEndsWith504(string sdp)
    {
        Ring();
        _bob.Agent.Progress(_net.Now, Called, 183, sdp.Length > 0 ? Sdp(sdp) : default);
        _net.Run(40);
        var sent = _net.Ladder.Where(m => m.Message is SipResponse { Status: 183 }).ToList();
        Assert.Equal([0.5, 1, 2, 4, 8, 16], sent.Zip(sent.Skip(1), (a, b) => Math.Round((b.At - a.At).TotalSeconds, 3)));
        Assert.Single(sent.Select(m => m.Message!.Headers.RSeq).Distinct());
        var last = _net.Ladder.First(m => m.Message is SipResponse { Status: 504 });
        Assert.Equal(32, (last.At - sent[0].At).TotalSeconds, 2);
        var ended = _bob.Last<SipEvent.Ended>();
        Assert.Equal((EndCause.Error, 504), (ended.Cause, ended.Status));
        Assert.Contains("PRACK", ended.Fault!.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("3262", "3", Line = "sip I12")]
    [Rfc("8839", "7.1")]
    public void Ringing_Acknowledged_IsRepeatedNoMore(bool isHeardBefore)
    {
        Ring();
        _bob.Agent.Progress(_net.Now, Called, 180, Sdp("answer"), retransmit: true);
        // A check of ICE came through: the caller has the answer, and still owes its PRACK.
        if (isHeardBefore) _bob.Agent.StopProgressRetransmission(Called);
        _net.Run(0.7);
        Assert.Equal(2, _peer.Responses.Count);
        Assert.Equal(200, Prack(2, _peer.Responses[^1]).Status);
        _net.Run(50);
        Assert.Equal(2, _peer.Responses.Count(r => r.Status == 180));
        Assert.Equal(0, _bob.Count<SipEvent.Ended>());
    }

    [Theory]
    [InlineData(1, 0, "INVITE", 481)]
    [InlineData(-1, 0, "INVITE", 481)]
    [InlineData(0, 1, "INVITE", 481)]
    [InlineData(0, 0, "UPDATE", 481)]
    [InlineData(0, 0, "", 400)]
    [InlineData(0, 0, "INVITE x", 400)]
    [Rfc("3262", "3", Line = "sip I12")]
    public void Prack_ThatNamesNothingOfOurs_IsRefusedAndAcknowledgesNothing(int number, int cseq, string method, int status)
    {
        Ring();
        _bob.Agent.Progress(_net.Now, Called, 180, Sdp("answer"));
        _net.Run(0.02);
        var rseq = _peer.Responses[^1].Headers.RSeq!.Value;
        Assert.Equal(status, Prack(2, $"{rseq + number} {1 + cseq} {method}").Status);
        _net.Run(0.6);
        Assert.Equal(2, _peer.Responses.Count(r => r.Status == 180));
        Assert.Equal(200, Prack(3, $"{rseq} 1 INVITE").Status);
        // What is acknowledged is not open any more.
        Assert.Equal(481, Prack(4, $"{rseq} 1 INVITE").Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Rfc("3262", "3", Line = "sip I12")]
    [Rfc("3261", "13.2.1")]
    public void Answer_WaitsForThePrackOfWhatDescribesTheMedia(bool isDescribed)
    {
        Ring();
        _bob.Agent.Progress(_net.Now, Called, 180, isDescribed ? Sdp("answer") : default);
        _bob.Agent.Accept(_net.Now, Called, Sdp("answer"));
        _net.Run(1);
        Assert.Equal(!isDescribed, _peer.Responses.Exists(r => r.Status == 200));
        Assert.Equal(200, Prack(2, _peer.Responses.First(r => r.Status == 180)).Status);
        _net.Run(0.1);
        var ok = _peer.Responses.Last(r => r.Status == 200 && r.Headers.Lists(HeaderName.CSeq, "1 INVITE"));
        Assert.Equal(isDescribed ? "" : "v=0 answer", Text(ok.Body));
        Assert.False(ok.Headers.Lists(HeaderName.Require, Tag));
        _peer.Send(InDialog(SipMethod.Ack, 1));
        _net.Run(40);
        Assert.Equal(1, _bob.Count<SipEvent.Confirmed>());
        Assert.Equal(0, _bob.Count<SipEvent.Ended>());
        // Repeated ringing would confuse whoever has the answer.
        Assert.True(_peer.Responses.FindLastIndex(r => r.Status == 180) < _peer.Responses.IndexOf(ok));
    }

    [Theory]
    [InlineData(486)]
    [InlineData(302)]
    [Rfc("3262", "3", Line = "sip I12")]
    public void Refusal_WaitsForNoPrack(int status)
    {
        Ring();
        _bob.Agent.Progress(_net.Now, Called, 180, Sdp("answer"));
        _bob.Agent.Reject(_net.Now, Called, status);
        _net.Run(0.02);
        Assert.Equal([180, status], _peer.Responses.Select(r => r.Status));
        _peer.Send(InDialog(SipMethod.Ack, 1));
        _net.Run(60);
        Assert.Single(_peer.Responses, r => r.Status == 180);
        Assert.Null(_bob.Agent.NextTimeout);
    }

    [Theory]
    [InlineData(180, 183)]
    [InlineData(183, 180)]
    [Rfc("3262", "3", Line = "sip I12")]
    public void Ringing_AgainBeforeThePrack_WaitsForItAndHasTheNextNumber(int first, int second)
    {
        Ring();
        _bob.Agent.Progress(_net.Now, Called, first);
        _bob.Agent.Progress(_net.Now, Called, 181);
        _bob.Agent.Progress(_net.Now, Called, second, Sdp("answer"));
        _net.Run(0.3);
        var one = Assert.Single(_peer.Responses);
        Prack(2, one);
        Assert.Equal(second, _peer.Responses[^1].Status);
        Assert.Equal(one.Headers.RSeq + 1, _peer.Responses[^1].Headers.RSeq);
        Assert.Equal("v=0 answer", Text(_peer.Responses[^1].Body));
        Assert.DoesNotContain(_peer.Responses, r => r.Status == 181);
    }

    [Fact]
    [Rfc("3261", "13.3.1.1")]
    public void Ringing_OnAndOn_IsSaidReliablyOnceAMinute()
    {
        Ring();
        _peer.OnResponse = response =>
        {
            if (response.ReliableNumber is { } number) _peer.Send(Acknowledgement((uint)_peer.Responses.Count + 1, $"{number} 1 INVITE"));
        };
        _bob.Agent.Progress(_net.Now, Called, 180, Sdp("answer"));
        _net.Run(130);
        var ringing = _peer.Responses.Where(r => r.Status == 180).ToList();
        Assert.Equal(3, ringing.Count);
        Assert.Equal([0, 1, 2], ringing.Select(r => (int)(r.Headers.RSeq!.Value - ringing[0].Headers.RSeq!.Value)));
        Assert.Equal([true, false, false], ringing.Select(r => !r.Body.IsEmpty));
    }

    [Theory]
    [InlineData("v=0 theirs", true)]
    [InlineData("", false)]
    [Rfc("3262", "5", Line = "sip I12")]
    public void Offer_InAProvisionalResponse_IsAnsweredByItsPrack(string answer, bool isTaken)
    {
        Ring(offer: false);
        // The first one says what the INVITE did not: one without it is not sent.
        _bob.Agent.Progress(_net.Now, Called, 180);
        _net.Run(0.1);
        Assert.Empty(_peer.Responses);
        _bob.Agent.Progress(_net.Now, Called, 183, Sdp("ours"));
        _net.Run(0.1);
        Assert.Equal("v=0 ours", Text(_peer.Responses[^1].Body));
        _bob.Agent.Accept(_net.Now, Called, Sdp("ours"));
        Assert.Equal(200, Prack(2, _peer.Responses[^1], answer).Status);
        _net.Run(0.1);
        if (!isTaken)
        {
            Assert.Equal(400, _peer.Responses[^1].Status);
            Assert.Equal(Layer.Sdp, _bob.Last<SipEvent.Ended>().Fault!.Layer);
            return;
        }

        Assert.Equal(answer, Text(_bob.Last<SipEvent.ProgressAnswered>().Sdp));
        var ok = _peer.Responses[^1];
        Assert.Equal((200, ""), (ok.Status, Text(ok.Body)));
        _peer.Send(InDialog(SipMethod.Ack, 1));
        _net.Run(40);
        Assert.Equal(1, _bob.Count<SipEvent.Confirmed>());
        Assert.Equal(0, _bob.Count<SipEvent.Ended>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("3262", "5", Line = "sip I12")]
    public void Offer_InAPrack_IsAnsweredInItsResponse(bool isTaken)
    {
        Ring();
        _bob.Agent.Progress(_net.Now, Called, 183, Sdp("answer"));
        _net.Run(0.02);
        _bob.Happened = happened =>
        {
            if (happened is not SipEvent.OfferReceived received) return;
            if (isTaken) _bob.Agent.AnswerOffer(_net.Now, received.Session, Sdp("again"));
            else _bob.Agent.RejectOffer(_net.Now, received.Session, 488);
        };
        var taken = Prack(2, _peer.Responses[^1], "v=0 more");
        Assert.Equal((isTaken ? 200 : 488, isTaken ? "v=0 again" : ""), (taken.Status, Text(taken.Body)));
        Assert.Equal("v=0 more", Text(_bob.Last<SipEvent.OfferReceived>().Sdp));
        _net.Run(40);
        Assert.Single(_peer.Responses, r => r.Status == 183);
        _bob.Agent.Accept(_net.Now, Called, Sdp("answer"));
        _net.Run(0.02);
        Assert.Equal("", Text(_peer.Responses[^1].Body));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("3262", "3", Line = "sip I12")]
    [Rfc("6337", "2.3")]
    public void Answer_WaitsWhileAnOfferOfThePrackIsOpen(bool isByPrack)
    {
        Ring();
        _bob.Agent.Progress(_net.Now, Called, 183, Sdp("answer"));
        _net.Run(0.02);
        if (isByPrack) _peer.Send(Acknowledgement(2, $"{_peer.Responses[^1].Headers.RSeq} 1 INVITE", "v=0 more"));
        else Prack(2, _peer.Responses[^1]);
        _net.Run(0.02);
        if (!isByPrack) _peer.Send(InDialog(SipMethod.Update, 3, "v=0 more"));
        _net.Run(0.02);
        _bob.Agent.Accept(_net.Now, Called, Sdp("answer"));
        _net.Run(0.1);
        Assert.DoesNotContain(_peer.Responses, r => r.Status == 200 && r.Headers.Lists(HeaderName.CSeq, "1 INVITE"));
        _bob.Agent.AnswerOffer(_net.Now, Called, Sdp("again"));
        _net.Run(0.1);
        Assert.Equal([isByPrack ? "2 PRACK" : "3 UPDATE", "1 INVITE"], _peer.Responses.TakeLast(2).Select(r => r.Headers.Get(HeaderName.CSeq)));
        Assert.All(_peer.Responses.TakeLast(2), r => Assert.Equal(200, r.Status));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Rfc("3311", "5.2", Line = "sip I13")]
    public void Update_WithAnOffer_IsTakenOnceTheFirstIsAnswered(bool isAcknowledged)
    {
        Ring();
        _bob.Happened = happened =>
        {
            if (happened is SipEvent.OfferReceived received) _bob.Agent.AnswerOffer(_net.Now, received.Session, Sdp("again"));
        };
        _bob.Agent.Progress(_net.Now, Called, 183, Sdp("answer"));
        _net.Run(0.02);
        if (isAcknowledged) Prack(2, _peer.Responses[^1]);
        _peer.Send(InDialog(SipMethod.Update, 3, "v=0 more"));
        _net.Run(0.02);
        var answer = _peer.Responses.Last(r => r.Headers.Lists(HeaderName.CSeq, "3 UPDATE"));
        Assert.Equal(isAcknowledged ? 200 : 500, answer.Status);
        Assert.Equal(isAcknowledged, answer.Headers.RetryAfter is null);
        Assert.Equal(isAcknowledged ? "v=0 again" : "", Text(answer.Body));
        Assert.True(answer.Headers.RetryAfter is null or <= 10);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("3311", "5.2", Line = "sip I13")]
    public void Update_WithAnOfferWhileOursIsOpen_Is491(bool isByUpdate)
    {
        Ring(offer: isByUpdate);
        _bob.Agent.Progress(_net.Now, Called, 183, Sdp("ours"));
        _net.Run(0.02);
        if (isByUpdate)
        {
            Prack(2, _peer.Responses[^1]);
            _bob.Agent.Offer(_net.Now, Called, Sdp("next"));
            _net.Run(0.02);
            Assert.Equal("v=0 next", Text(_peer.Last(SipMethod.Update).Body));
        }

        _peer.Send(InDialog(SipMethod.Update, 3, "v=0 more"));
        _net.Run(0.02);
        Assert.Equal(491, _peer.Responses.Last(r => r.Headers.Lists(HeaderName.CSeq, "3 UPDATE")).Status);
        if (!isByUpdate) return;
        _peer.Answer(_peer.Last(SipMethod.Update), 200, sdp: "v=0 theirs");
        _net.Run(0.02);
        Assert.Equal("v=0 theirs", Text(_bob.Last<SipEvent.OfferAnswered>().Sdp));
    }

    [Theory]
    [InlineData("INVITE, ACK, CANCEL, BYE, PRACK, UPDATE", true, true)]
    [InlineData("INVITE, ACK, CANCEL, BYE, PRACK", true, false)]
    [InlineData("INVITE, ACK, CANCEL, BYE, PRACK, UPDATE", false, false)]
    [Rfc("3311", "5.1", Line = "sip I13")]
    public void Offer_OfOursWhileItRings_GoesByUpdateOnceTheFirstIsAnsweredAndThePeerTakesIt(string allow, bool isAcknowledged, bool isSent)
    {
        _invite.Headers.Set(HeaderName.Allow, allow);
        Ring();
        _bob.Agent.Progress(_net.Now, Called, 183, Sdp("answer"));
        _net.Run(0.02);
        if (isAcknowledged) Prack(2, _peer.Responses[^1]);
        _bob.Agent.RequestOffer(_net.Now, Called);
        _net.Run(0.02);
        Assert.Equal(isSent ? 1 : 0, _bob.Count<SipEvent.OfferDue>());
        _bob.Agent.Offer(_net.Now, Called, Sdp("next"));
        _net.Run(0.02);
        Assert.Equal(isSent ? 1 : 0, _peer.Count(SipMethod.Update));
    }

    [Theory]
    [InlineData(481)]
    [InlineData(408)]
    [InlineData(488)]
    [Rfc("3311", "5.1", Line = "sip I13")]
    public void Offer_OfOursThatIsRefusedWhileItRings_LeavesItRinging(int status)
    {
        Ring();
        _bob.Agent.Progress(_net.Now, Called, 183, Sdp("answer"));
        _net.Run(0.02);
        Prack(2, _peer.Responses[^1]);
        _bob.Agent.Offer(_net.Now, Called, Sdp("next"));
        _net.Run(0.02);
        _bob.Agent.Accept(_net.Now, Called, Sdp("answer"));
        _net.Run(0.1);
        Assert.DoesNotContain(_peer.Responses, r => r.Status == 200 && r.Headers.Lists(HeaderName.CSeq, "1 INVITE"));
        _peer.Answer(_peer.Last(SipMethod.Update), status);
        _net.Run(0.1);
        Assert.Equal(status, _bob.Last<SipEvent.OfferFailed>().Status);
        Assert.Equal(0, _bob.Count<SipEvent.Ended>());
        Assert.Equal("1 INVITE", _peer.Responses[^1].Headers.Get(HeaderName.CSeq));
        Assert.Equal(200, _peer.Responses[^1].Status);
    }

    [Fact]
    [Rfc("3262", "3", Line = "sip I12")]
    public void Numbers_AreDrawn()
    {
        var first = Enumerable.Range(1, 8).Select(seed =>
        {
            var net = new SipNet((ulong)seed);
            var bob = net.Agent(Bob);
            bob.Account("sip:bob@example.com");
            var peer = new Script(net, Server) { From = Address.Parse($"{Bob}:5060") };
            var invite = peer.Make(SipMethod.Invite, $"sip:bob@{Bob}", "z9hG4bKinvite", "<sip:bob@example.com>", sdp: "v=0");
            invite.Headers.Add(HeaderName.Require, Tag);
            peer.Send(invite);
            net.Run(0.02);
            bob.Agent.Progress(net.Now, bob.Last<SipEvent.Incoming>().Session, 180);
            net.Run(0.02);
            return peer.Responses[^1].Headers.RSeq;
        });
        Assert.Equal(8, first.Distinct().Count());
    }

    private void Ring(bool offer = true)
    {
        _invite.Headers.Add(HeaderName.Require, Tag);
        if (!offer)
        {
            _invite.Body = default;
            _invite.Headers.Remove(HeaderName.ContentType);
        }

        _peer.Send(_invite);
        _net.Run(0.02);
    }

    private SipResponse Prack(uint cseq, SipResponse acknowledged, string sdp = "") => Prack(cseq, $"{acknowledged.Headers.RSeq} 1 INVITE", sdp);

    private SipResponse Prack(uint cseq, string rack, string sdp = "")
    {
        _peer.Send(Acknowledgement(cseq, rack, sdp));
        _net.Run(0.02);
        return _peer.Responses.Last(r => r.Headers.Lists(HeaderName.CSeq, $"{cseq} PRACK"));
    }

    private SipRequest Acknowledgement(uint cseq, string rack, string sdp = "")
    {
        var prack = InDialog(SipMethod.Prack, cseq, sdp);
        prack.Headers.Add(HeaderName.RAck, rack);
        return prack;
    }

    private SipRequest InDialog(string method, uint cseq, string sdp = "") =>
        _peer.Make(method, $"sip:bob@{Bob}", $"z9hG4bK{method}{cseq}", _peer.Responses[0].Headers.Get(HeaderName.To)!, cseq: cseq, sdp: sdp);
}
