using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>The callee's side against a scripted caller.</summary>
public sealed class CalleeTests
{
    private readonly SipNet _net = new();
    private readonly SipNode _bob;
    private readonly Script _peer;
    private readonly SipRequest _invite;

    public CalleeTests()
    {
        _bob = _net.Agent(Bob);
        _bob.Account("sip:bob@example.com");
        _peer = new Script(_net, Server) { From = Address.Parse($"{Bob}:5060") };
        _invite = _peer.Make(SipMethod.Invite, $"sip:bob@{Bob}", "z9hG4bKinvite", "<sip:bob@example.com>", sdp: "v=0");
    }

    private SessionId Called => _bob.Last<SipEvent.Incoming>().Session;

    [Fact]
    [Rfc("3261", "13.3.1.4", Line = "sip I1")]
    public void Answer_WithoutAck_IsRepeatedUpToT2AndEndsWithBye()
    {
        Ring();
        _peer.OnRequest = bye => _peer.Answer(bye, 200);
        _bob.Agent.Accept(_net.Now, Called, Sdp("answer"));
        _net.Run(40);
        double[] gaps = [.. Gaps(200)];
        Assert.Equal([0.5, 1, 2, 4, 4, 4, 4, 4, 4, 4], gaps);
        Assert.Equal(1, _peer.Count(SipMethod.Bye));
        var ended = _bob.Last<SipEvent.Ended>();
        Assert.Equal((EndCause.Error, 408), (ended.Cause, ended.Status));
        Assert.Contains("acknowledged", ended.Fault!.What);
    }

    [Fact]
    [Rfc("3261", "13.3.1.4", Line = "sip I1")]
    public void Answer_Acknowledged_IsNotRepeated()
    {
        var ok = Answer();
        Ack(ok);
        _net.Run(40);
        Assert.Equal(1, _peer.Responses.Count(r => r.Status == 200));
        Assert.Equal(1, _bob.Count<SipEvent.Confirmed>());
        Assert.Equal(0, _bob.Count<SipEvent.Ended>());
    }

    [Theory]
    [InlineData("", 491)]
    [InlineData(";alias=203.0.113.9~29487~1", 200)]
    [Rfc("3261", "14.2", Line = "sip I10")]
    public void Offer_OnItsWayToAnAddressThePeerHasLeft_GivesWay(string alias, int status)
    {
        var ok = Answer();
        Ack(ok);
        _bob.Happened = happened =>
        {
            if (happened is SipEvent.OfferDue due) _bob.Agent.Offer(_net.Now, due.Session, Sdp("ours"));
            if (happened is SipEvent.OfferReceived received) _bob.Agent.AnswerOffer(_net.Now, received.Session, Sdp("yes"));
        };
        _bob.Agent.RequestOffer(_net.Now, Called);
        _net.Run(0.2);
        var again = InDialog(ok, SipMethod.Invite, 2, "v=0 theirs");
        again.Headers.Set(HeaderName.Contact, $"<sip:peer@{_peer.At}{alias}>");
        _peer.Send(again);
        _net.Run(0.1);
        Assert.Equal(status, _peer.Responses.Last(r => r.Headers.Get(HeaderName.CSeq) == "2 INVITE").Status);
    }

    [Fact]
    [Rfc("3261", "15", Line = "sip I6")]
    public void Hangup_BeforeAck_SendsByeOnlyAfterIt()
    {
        var ok = Answer();
        _bob.Agent.Hangup(_net.Now, Called);
        _net.Run(1);
        Assert.Equal(1, _bob.Count<SipEvent.Ended>());
        Assert.Equal(0, _peer.Count(SipMethod.Bye));
        Ack(ok);
        _net.Run(0.1);
        Assert.Equal(1, _peer.Count(SipMethod.Bye));
        _peer.Answer(_peer.Last(SipMethod.Bye), 200);
        _net.Run(60);
        Assert.True(_bob.Agent.IsIdle);
        Assert.Null(_bob.Agent.NextTimeout);
    }

    [Fact]
    [Rfc("3261", "13.3.1.4", Line = "sip I8")]
    public void Offer_InOurAnswer_NotAnsweredInAck_EndsWithBye()
    {
        _invite.Body = default;
        _invite.Headers.Remove(HeaderName.ContentType);
        var ok = Answer();
        Ack(ok);
        _net.Run(0.1);
        Assert.Equal(1, _peer.Count(SipMethod.Bye));
        Assert.Equal((EndCause.Error, Layer.Sdp), (_bob.Last<SipEvent.Ended>().Cause, _bob.Last<SipEvent.Ended>().Fault!.Layer));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [Rfc("3261", "12.2.1.1")]
    public void Reinvite_WithoutContact_IsTakenAndTheTargetStays(bool hasSdp, bool hasEmptyLine)
    {
        var ok = Answer();
        Ack(ok);
        AnswerOffers();
        var again = InDialog(ok, SipMethod.Invite, 2, hasSdp ? "v=0 theirs" : "");
        again.Headers.Remove(HeaderName.Contact);
        if (hasEmptyLine) again.Headers.Add(HeaderName.Contact, "");
        _peer.Send(again);
        _net.Run(0.1);
        var second = _peer.Responses.Last(r => r.Headers.Get(HeaderName.CSeq) == "2 INVITE");
        Assert.Equal(200, second.Status);
        _peer.Send(InDialog(second, SipMethod.Ack, 2, hasSdp ? "" : "v=0 answer"));
        _net.Run(0.1);
        _bob.Agent.Hangup(_net.Now, Called);
        _net.Run(0.1);
        Assert.Equal($"sip:peer@{_peer.At}", _peer.Last(SipMethod.Bye).RequestUri.ToString());
    }

    [Fact]
    [Rfc("3261", "8.1.1.8")]
    public void Invite_OutsideADialogWithoutContact_Is400()
    {
        _invite.Headers.Remove(HeaderName.Contact);
        Ring();
        Assert.Equal(400, _peer.Responses[^1].Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("text/plain")]
    [Rfc("3261", "14.1")]
    public void Reinvite_ForOurOfferWhoseAckBringsNone_LeavesTheCallAsItWas(string type)
    {
        var ok = Answer();
        Ack(ok);
        AnswerOffers();
        for (uint seq = 2; seq < 5; seq++)
        {
            _peer.Send(InDialog(ok, SipMethod.Invite, seq, ""));
            _net.Run(0.1);
            var ack = InDialog(ok, SipMethod.Ack, seq, type.Length > 0 ? "no description" : "");
            if (type.Length > 0) ack.Headers.Set(HeaderName.ContentType, type);
            _peer.Send(ack);
            _net.Run(0.1);
        }

        _net.Run(40);
        Assert.Equal(0, _peer.Count(SipMethod.Bye));
        Assert.Equal(0, _bob.Count<SipEvent.Ended>());
        Assert.Equal(3, _bob.Count<SipEvent.OfferFailed>());
        _peer.Send(InDialog(ok, SipMethod.Update, 9, "v=0 later"));
        _net.Run(0.1);
        Assert.Equal(200, _peer.Responses.Last(r => r.Headers.Get(HeaderName.CSeq) == "9 UPDATE").Status);
    }

    private void AnswerOffers() => _bob.Happened = happened =>
    {
        if (happened is SipEvent.OfferReceived received) _bob.Agent.AnswerOffer(_net.Now, received.Session, Sdp("yes"));
    };

    [Fact]
    [Rfc("3261", "9.2", Line = "sip I5")]
    public void Cancel_AfterAnswer_HasNoEffect()
    {
        var ok = Answer();
        _peer.Send(DerivedRequests.CancelFor(_invite, null));
        Ack(ok);
        _net.Run(1);
        Assert.Equal(200, _peer.Responses[^1].Status);
        Assert.Equal(1, _bob.Count<SipEvent.Confirmed>());
        Assert.Equal(0, _bob.Count<SipEvent.Ended>());
    }

    [Fact]
    [Rfc("3261", "9.2", Line = "sip I5")]
    public void Cancel_OfNothing_Gets481()
    {
        _peer.Send(_peer.Make(SipMethod.Cancel, $"sip:bob@{Bob}", "z9hG4bKnone", "<sip:bob@example.com>"));
        _net.Run(0.1);
        Assert.Equal(481, Assert.Single(_peer.Responses).Status);
    }

    [Fact]
    [Rfc("3261", "15.1.2", Line = "sip I6")]
    public void Bye_WithAReinviteOpen_Gets200AndTheReinvite487()
    {
        var ok = Answer();
        Ack(ok);
        _peer.Send(InDialog(ok, SipMethod.Invite, 2, "v=0 new"));
        _net.Run(0.1);
        _peer.Send(InDialog(ok, SipMethod.Bye, 3));
        _net.Run(0.1);
        Assert.Contains(_peer.Responses, r => r.Status == 487 && r.Headers.Get(HeaderName.CSeq) == "2 INVITE");
        Assert.Contains(_peer.Responses, r => r.Status == 200 && r.Headers.Get(HeaderName.CSeq) == "3 BYE");
        Assert.Equal(EndCause.Remote, _bob.Last<SipEvent.Ended>().Cause);
    }

    [Fact]
    [Rfc("3261", "12.1.1", Line = "sip U6")]
    public void Responses_OfADialog_CarryRecordRouteContactAndOneTag()
    {
        _invite.Headers.Add(HeaderName.RecordRoute, "<sip:p2.example.com;lr>");
        _invite.Headers.Add(HeaderName.RecordRoute, "<sip:p1.example.com;lr>");
        Ring();
        _bob.Agent.Progress(_net.Now, Called, 180);
        _bob.Agent.Accept(_net.Now, Called, Sdp("answer"));
        _net.Run(0.1);
        Assert.Equal([180, 200], _peer.Responses.Select(r => r.Status));
        foreach (var response in _peer.Responses)
        {
            Assert.Equal(["<sip:p2.example.com;lr>", "<sip:p1.example.com;lr>"], response.Headers.GetList(HeaderName.RecordRoute));
            Assert.Equal($"<sip:bob@{Bob}:5060>", response.Headers.Get(HeaderName.Contact));
            Assert.Contains("INVITE", response.Headers.Get(HeaderName.Allow));
        }

        Assert.Single(_peer.Responses.Select(r => r.Headers.Get(HeaderName.To)).Distinct());
    }

    [Fact]
    [Rfc("3325", "9", Line = "sip F9")]
    public void AssertedIdentity_FromAStranger_IsNotBelieved()
    {
        _invite.Headers.Add(HeaderName.PAssertedIdentity, "\"The Bank\" <sip:bank@example.com>");
        Ring();
        Assert.Null(_bob.Last<SipEvent.Incoming>().AssertedIdentity);
    }

    [Fact]
    [Rfc("3261", "17.2.1", Line = "sip X7")]
    public void Sessions_TwoInvitesOfOnePeer_AreTwoCalls()
    {
        Ring();
        _peer.Send(_peer.Make(SipMethod.Invite, $"sip:bob@{Bob}", "z9hG4bKother", "<sip:bob@example.com>", callId: "other", sdp: "v=0"));
        _net.Run(0.1);
        Assert.Equal(2, _bob.Events.OfType<SipEvent.Incoming>().Select(e => e.Session).Distinct().Count());
    }

    private IEnumerable<double> Gaps(int status)
    {
        var at = _net.Ladder.Where(m => m.Message is SipResponse r && r.Status == status && m.From.Ip.ToString() == Bob).Select(m => m.At).ToList();
        return at.Zip(at.Skip(1), (a, b) => (b - a).TotalSeconds);
    }

    private void Ring()
    {
        _peer.Send(_invite);
        _net.Run(0.05);
    }

    private SipResponse Answer()
    {
        Ring();
        _bob.Agent.Accept(_net.Now, Called, Sdp("answer"));
        _net.Run(0.05);
        return _peer.Responses.Last(r => r.Status == 200);
    }

    private void Ack(SipResponse ok)
    {
        _peer.Send(InDialog(ok, SipMethod.Ack, 1));
        _net.Run(0.05);
    }

    private SipRequest InDialog(SipResponse ok, string method, uint cseq, string sdp = "") =>
        _peer.Make(method, $"sip:bob@{Bob}", $"z9hG4bK{method}{cseq}", ok.Headers.Get(HeaderName.To)!, cseq: cseq, sdp: sdp);
}
