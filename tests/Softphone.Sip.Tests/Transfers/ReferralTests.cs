using System.Text;
using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>REFER as the one who is asked: bounded, answered in any case, and told of until it is over.</summary>
public sealed class ReferralTests
{
    private readonly SipNet _net;
    private readonly SipNode _alice;
    private readonly Script _peer;
    private readonly SipRequest _invite;
    private uint _cseq = 6;

    public ReferralTests()
    {
        (_net, _alice, _peer, _) = Calling();
        _invite = _peer.Last(SipMethod.Invite);
        _peer.Answer(_invite, 200, sdp: "v=0");
        _net.Run(0.1);
        _peer.OnRequest = request =>
        {
            if (request.Method == SipMethod.Notify) _peer.Answer(request, 200, tag: null);
        };
    }

    private SipEvent.ReferReceived Asked => _alice.Last<SipEvent.ReferReceived>();

    private IEnumerable<(string State, string Fragment)> News => _peer.Requests.Where(r => r.Method == SipMethod.Notify)
        .Select(r => (r.Headers.Get(HeaderName.SubscriptionState)!, Encoding.UTF8.GetString(r.Body.Span).TrimEnd()));

    [Fact]
    [Rfc("3515", "2.4.4", Line = "sip F2")]
    public void Accepted_Is202AndToldAtOnceAndUntilTheEnd()
    {
        Ask("<sip:carol@example.com>", (HeaderName.ReferredBy, "\"The Peer\" <sip:peer@example.com>"));
        Assert.Equal(("sip:carol@example.com", "The Peer"), (Asked.Target.ToString(), Asked.By!.DisplayName));
        _alice.Agent.AcceptReferral(_net.Now, Asked.Referral);
        _net.Run(0.1);
        Assert.Equal(202, _peer.Responses.Single().Status);
        Assert.True(_peer.Responses.Single().Headers.Has(HeaderName.Contact));
        _alice.Agent.TellReferral(_net.Now, Asked.Referral, 180, "Ringing");
        _net.Run(0.1);
        _alice.Agent.TellReferral(_net.Now, Asked.Referral, 200, "OK");
        _net.Run(0.1);
        Assert.Equal(["SIP/2.0 100 Trying", "SIP/2.0 180 Ringing", "SIP/2.0 200 OK"], News.Select(n => n.Fragment));
        Assert.StartsWith("active;expires=", News.First().State, StringComparison.Ordinal);
        Assert.Equal("terminated;reason=noresource", News.Last().State);
        var notify = _peer.Last(SipMethod.Notify);
        Assert.Equal(("refer", "message/sipfrag;version=2.0"), (notify.Headers.Get(HeaderName.Event), notify.Headers.Get(HeaderName.ContentType)));
        _alice.Agent.TellReferral(_net.Now, Asked.Referral, 486, "Busy Here");
        _net.Run(0.1);
        Assert.Equal(3, News.Count());
    }

    [Fact]
    [Rfc("3515", "2.4.6", Line = "sip F2")]
    public void Second_OfADialog_IsToldWithItsNumber()
    {
        Ask("<sip:carol@example.com>");
        _alice.Agent.AcceptReferral(_net.Now, Asked.Referral);
        Assert.Equal(491, Ask("<sip:dave@example.com>").Status);
        _alice.Agent.TellReferral(_net.Now, Asked.Referral, 486, "Busy Here");
        _net.Run(0.1);
        Ask("<sip:dave@example.com>");
        _alice.Agent.AcceptReferral(_net.Now, Asked.Referral);
        _net.Run(0.1);
        Assert.Equal($"refer;id={_cseq - 1}", _peer.Last(SipMethod.Notify).Headers.Get(HeaderName.Event));
    }

    [Fact]
    [Rfc("4488", "4", Line = "sip F4")]
    public void ReferSubFalse_Is200AndNothingIsTold()
    {
        Ask("<sip:carol@example.com>", (HeaderName.ReferSub, "false"), (HeaderName.Require, "norefersub"));
        _alice.Agent.AcceptReferral(_net.Now, Asked.Referral);
        _net.Run(0.1);
        Assert.Equal((200, "false"), (_peer.Responses.Single().Status, _peer.Responses.Single().Headers.Get(HeaderName.ReferSub)));
        _alice.Agent.TellReferral(_net.Now, Asked.Referral, 200, "OK");
        _net.Run(0.1);
        Assert.Empty(News);
    }

    [Fact]
    [Rfc("3515", "2.4.2", Line = "sip F4")]
    public void Undecided_IsDeclined()
    {
        Ask("<sip:carol@example.com>");
        _net.Run(21);
        Assert.Equal(603, _peer.Responses.Last().Status);
        _alice.Agent.AcceptReferral(_net.Now, Asked.Referral);
        _net.Run(0.1);
        Assert.Empty(News);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [Rfc("3515", "2.4.2", Line = "sip F4")]
    public void ReferTo_NotOnce_Is400(int count)
    {
        Assert.Equal(400, Ask(count == 0 ? "" : "<sip:carol@example.com>", count == 2 ? [(HeaderName.ReferTo, "<sip:dave@example.com>")] : []).Status);
        Assert.Equal(0, _alice.Count<SipEvent.ReferReceived>());
    }

    [Fact]
    [Rfc("6665", "4.2.2", Line = "sip F7")]
    public void News_ThatThePeerDoesNotWant_End()
    {
        _peer.OnRequest = request =>
        {
            if (request.Method == SipMethod.Notify) _peer.Answer(request, 481, tag: null);
        };
        Ask("<sip:carol@example.com>");
        _alice.Agent.AcceptReferral(_net.Now, Asked.Referral);
        _net.Run(0.1);
        _alice.Agent.TellReferral(_net.Now, Asked.Referral, 200, "OK");
        _net.Run(1);
        Assert.Single(News);
        Assert.Equal(0, _alice.Count<SipEvent.Ended>());
    }

    [Fact]
    [Rfc("6665", "4.2.2", Line = "sip F7")]
    public void News_WhileOneIsUnderWay_OnlyTheNewestFollows()
    {
        _peer.OnRequest = null;
        Ask("<sip:carol@example.com>");
        _alice.Agent.AcceptReferral(_net.Now, Asked.Referral);
        _alice.Agent.TellReferral(_net.Now, Asked.Referral, 180, "Ringing");
        _alice.Agent.TellReferral(_net.Now, Asked.Referral, 200, "OK");
        _net.Run(0.1);
        Assert.Single(News);
        _peer.Answer(_peer.Last(SipMethod.Notify), 200, tag: null);
        _net.Run(0.1);
        Assert.Equal(["SIP/2.0 100 Trying", "SIP/2.0 200 OK"], News.Select(n => n.Fragment));
    }

    [Theory]
    [InlineData(60u, "active")]
    [InlineData(0u, "terminated;reason=timeout")]
    [Rfc("6665", "4.2.1.4", Line = "sip F7")]
    public void Subscribe_OfThePeer_RefreshesOrEndsTheNews(uint expires, string state)
    {
        Ask("<sip:carol@example.com>");
        _alice.Agent.AcceptReferral(_net.Now, Asked.Referral);
        _net.Run(0.1);
        var subscribe = InDialog(_peer, _invite, SipMethod.Subscribe, _cseq++, sdp: "");
        subscribe.Headers.Add(HeaderName.Event, "refer");
        subscribe.Headers.Add(HeaderName.Expires, expires.ToString());
        Assert.Equal(200, Send(subscribe).Status);
        Assert.StartsWith(state, News.Last().State, StringComparison.Ordinal);
        _alice.Agent.TellReferral(_net.Now, Asked.Referral, 200, "OK");
        _net.Run(0.1);
        Assert.Equal(expires == 0 ? 2 : 3, News.Count());
    }

    [Fact]
    [Rfc("6665", "4.2.2", Line = "sip F7")]
    public void News_WithoutAnEnd_AreOverAfterFiveMinutes()
    {
        Ask("<sip:carol@example.com>");
        _alice.Agent.AcceptReferral(_net.Now, Asked.Referral);
        _net.Run(301);
        Assert.Equal("terminated;reason=timeout", News.Last().State);
    }

    [Fact]
    [Rfc("5057", "3", Line = "sip U13")]
    public void Peer_HangsUp_IsStillToldHowItEnded()
    {
        Ask("<sip:carol@example.com>");
        _alice.Agent.AcceptReferral(_net.Now, Asked.Referral);
        _net.Run(0.1);
        _peer.Send(InDialog(_peer, _invite, SipMethod.Bye, _cseq++, sdp: ""));
        _net.Run(0.1);
        Assert.Equal(1, _alice.Count<SipEvent.Ended>());
        _alice.Agent.TellReferral(_net.Now, Asked.Referral, 200, "OK");
        _net.Run(0.1);
        Assert.Equal("SIP/2.0 200 OK", News.Last().Fragment);
        _net.Run(40);
        Assert.True(_alice.Agent.IsIdle);
        Assert.Null(_alice.Agent.NextTimeout);
    }

    [Theory]
    [InlineData("refer", 481)]
    [InlineData("presence", 489)]
    [Rfc("6665", "4.2.1.1", Line = "sip F7")]
    public void Subscribe_ToWhatIsNotTold_IsRefused(string package, int status)
    {
        var subscribe = InDialog(_peer, _invite, SipMethod.Subscribe, _cseq++, sdp: "");
        subscribe.Headers.Add(HeaderName.Event, package);
        Assert.Equal(status, Send(subscribe).Status);
    }

    private SipResponse Ask(string target, params (string Name, string Value)[] headers)
    {
        var refer = InDialog(_peer, _invite, SipMethod.Refer, _cseq++, sdp: "");
        if (target.Length > 0) refer.Headers.Add(HeaderName.ReferTo, target);
        refer.Headers.Add(HeaderName.Contact, $"<sip:peer@{Server}>");
        foreach (var (name, value) in headers) refer.Headers.Add(name, value);
        return Send(refer);
    }

    private SipResponse Send(SipRequest request)
    {
        _peer.Send(request);
        _net.Run(0.1);
        return _peer.Responses.LastOrDefault()!;
    }
}
