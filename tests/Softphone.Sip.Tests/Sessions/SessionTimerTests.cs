using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>Session timers as caller and as callee (RFC 4028).</summary>
public sealed class SessionTimerTests
{
    private const string Allow = "INVITE, ACK, BYE, CANCEL, UPDATE";

    [Fact]
    [Rfc("4028", "7.1", Line = "sip I14")]
    public void Invite_AsksForATimer()
    {
        var (_, _, peer, _) = Calling();
        var invite = peer.Last(SipMethod.Invite);
        Assert.Equal("1800", invite.Headers.Get(HeaderName.SessionExpires));
        Assert.Contains("timer", invite.Headers.Supported);
        Assert.False(invite.Headers.Has(HeaderName.MinSE));
    }

    [Fact]
    [Rfc("4028", "7.2", Line = "sip I14")]
    public void Refresher_IsUs_UpdatesAtHalfTheInterval()
    {
        var (net, alice, peer, session) = Answered("1800;refresher=uac", Allow);
        Assert.Equal((TimeSpan.FromMinutes(30), true), (alice.Agent.TimerOf(session)!.Value.Interval, alice.Agent.TimerOf(session)!.Value.WeRefresh));
        peer.OnRequest = update => peer.Answer(update, 200, tag: null, headers: (HeaderName.SessionExpires, "1800;refresher=uac"));
        net.Run(898);
        Assert.Equal(0, peer.Count(SipMethod.Update));
        for (var n = 1; n <= 3; n++)
        {
            net.Run(n == 1 ? 3 : 900);
            Assert.Equal(n, peer.Count(SipMethod.Update));
            Assert.Equal(("1800;refresher=uac", 0), (peer.Last(SipMethod.Update).Headers.Get(HeaderName.SessionExpires), peer.Last(SipMethod.Update).Body.Length));
        }

        net.Run(1);
        Assert.Equal(0, alice.Count<SipEvent.Ended>());
    }

    [Theory]
    [InlineData("INVITE, ACK, BYE, CANCEL", 0)]
    [InlineData(Allow, 405)]
    [InlineData(Allow, 501)]
    [Rfc("4028", "7.4", Line = "sip I14")]
    public void Refresher_IsUs_PeerWithoutUpdate_GetsAnOffer(string allow, int refusal)
    {
        var (net, alice, peer, session) = Answered("120;refresher=uac", allow);
        net.Run(60.1);
        if (refusal > 0) peer.Answer(peer.Last(SipMethod.Update), refusal, tag: null);
        net.Run(0.1);
        Assert.Equal(1, alice.Count<SipEvent.RefreshDue>());
        alice.Agent.Offer(net.Now, session, Sdp("same"));
        net.Run(0.1);
        var again = peer.Last(SipMethod.Invite);
        Assert.Equal("120;refresher=uac", again.Headers.Get(HeaderName.SessionExpires));
        peer.Answer(again, 200, tag: null, sdp: "v=0", headers: (HeaderName.SessionExpires, "120;refresher=uac"));
        net.Run(59);
        Assert.Equal(1, alice.Count<SipEvent.RefreshDue>());
        net.Run(2);
        Assert.Equal(2, alice.Count<SipEvent.RefreshDue>());
    }

    [Theory]
    [InlineData("1800", 900)]
    [InlineData("1800;refresher=UAC", 900)]
    [InlineData("90;refresher=uac", 45)]
    [InlineData("1;refresher=uac", 10)]
    [InlineData("4294967295;refresher=uac", 302_400)]
    [Rfc("4028", "7.2", Line = "sip I14")]
    public void Refresh_ComesAtHalfOfWhatTheAnswerSays_WithinReason(string header, double after)
    {
        var (net, alice, _, session) = Answered(header, Allow);
        Assert.InRange((alice.Agent.TimerOf(session)!.Value.Due - net.Now).TotalSeconds, after - 1, after);
    }

    [Theory]
    [InlineData("1800;refresher=uas", 1768)]
    [InlineData("90;refresher=uas", 60)]
    [Rfc("4028", "10", Line = "sip I14")]
    public void Refresher_IsThePeer_AndSilent_ByeComesShortlyBeforeTheEnd(string header, double after)
    {
        var (net, alice, peer, _) = Answered(header, Allow);
        net.Run(after - 1);
        Assert.Equal(0, peer.Count(SipMethod.Bye));
        net.Run(1.1);
        Assert.Equal(1, peer.Count(SipMethod.Bye));
        Assert.Equal((EndCause.Error, 408), (alice.Last<SipEvent.Ended>().Cause, alice.Last<SipEvent.Ended>().Status));
        Assert.Contains("did not refresh", alice.Last<SipEvent.Ended>().Fault!.What);
    }

    [Fact]
    [Rfc("4028", "9", Line = "sip I14")]
    public void Refresher_IsThePeer_AndRefreshes_TheCallGoesOn()
    {
        var (net, alice, peer, _) = Answered("90;refresher=uas", Allow);
        for (var n = 0u; n < 5; n++)
        {
            net.Run(50);
            var update = InDialog(peer, peer.Requests.First(), SipMethod.Update, 6 + n, sdp: "");
            update.Headers.Add(HeaderName.SessionExpires, "90;refresher=uac");
            update.Headers.Add(HeaderName.Supported, "timer");
            peer.Send(update);
            net.Run(0.1);
            Assert.Equal(("90;refresher=uac", "timer"), (peer.Responses.Last().Headers.Get(HeaderName.SessionExpires), peer.Responses.Last().Headers.Get(HeaderName.Require)));
        }

        Assert.Equal(0, alice.Count<SipEvent.Ended>());
    }

    [Fact]
    [Rfc("4028", "9", Line = "sip I14")]
    public void Refresh_WithoutATimer_EndsTheTimer()
    {
        var (net, alice, peer, session) = Answered("90;refresher=uas", Allow);
        peer.Send(InDialog(peer, peer.Requests.First(), SipMethod.Update, 6, sdp: ""));
        net.Run(200);
        Assert.Null(alice.Agent.TimerOf(session));
        Assert.False(peer.Responses.Last().Headers.Has(HeaderName.SessionExpires));
        Assert.Equal(0, alice.Count<SipEvent.Ended>());
    }

    [Fact]
    [Rfc("4028", "7.2", Line = "sip I14")]
    public void Answer_WithoutATimer_MakesASessionWithoutEnd()
    {
        var (net, alice, peer, session) = Answered("", Allow);
        net.Run(20_000);
        Assert.Null(alice.Agent.TimerOf(session));
        Assert.Equal((0, 0), (peer.Count(SipMethod.Update), alice.Count<SipEvent.Ended>()));
    }

    [Fact]
    [Rfc("4028", "7.3", Line = "sip I14")]
    public void IntervalTooSmall_IsAskedForAgainAsLongAsTheServerWants()
    {
        var (net, alice, peer, session) = Calling();
        var first = peer.Last(SipMethod.Invite);
        peer.Answer(first, 422, headers: (HeaderName.MinSE, "3600"));
        net.Run(0.1);
        var second = peer.Last(SipMethod.Invite);
        Assert.Equal(("3600", "3600"), (second.Headers.Get(HeaderName.SessionExpires), second.Headers.Get(HeaderName.MinSE)));
        Assert.Equal(first.Headers.CallId, second.Headers.CallId);
        first.Headers.TryCSeq(out var one);
        second.Headers.TryCSeq(out var two);
        Assert.Equal(one.Number + 1, two.Number);
        peer.Answer(second, 200, sdp: "v=0", headers: [(HeaderName.SessionExpires, "3600;refresher=uac"), (HeaderName.Allow, Allow)]);
        net.Run(1801);
        Assert.Equal("3600", peer.Last(SipMethod.Update).Headers.Get(HeaderName.MinSE));
        Assert.Equal(TimeSpan.FromHours(1), alice.Agent.TimerOf(session)!.Value.Interval);
    }

    [Fact]
    [Rfc("4028", "7.4", Line = "sip I14")]
    public void IntervalTooSmall_OfARefresh_IsRaisedToo()
    {
        var (net, _, peer, _) = Answered("120;refresher=uac", Allow);
        net.Run(60.1);
        peer.Answer(peer.Last(SipMethod.Update), 422, tag: null, headers: (HeaderName.MinSE, "240"));
        net.Run(0.1);
        var again = peer.Last(SipMethod.Update);
        Assert.Equal(("240;refresher=uac", "240"), (again.Headers.Get(HeaderName.SessionExpires), again.Headers.Get(HeaderName.MinSE)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("100")]
    [InlineData("4000000000")]
    [InlineData("long")]
    [Rfc("4028", "7.3", Line = "sip I14")]
    public void IntervalTooSmall_WithoutAUsableLeast_IsARefusal(string least)
    {
        var (net, alice, peer, _) = Calling();
        peer.Answer(peer.Last(SipMethod.Invite), 422, headers: least.Length == 0 ? [] : [(HeaderName.MinSE, least)]);
        net.Run(0.1);
        Assert.Equal(1, peer.Count(SipMethod.Invite));
        Assert.Equal(422, alice.Last<SipEvent.Ended>().Status);
    }

    [Fact]
    [Rfc("4028", "7.3", Line = "sip I14")]
    public void IntervalTooSmall_SaidForEver_IsBelievedThreeTimes()
    {
        var (net, alice, peer, _) = Calling();
        for (var n = 1; n <= 6; n++)
        {
            peer.Answer(peer.Last(SipMethod.Invite), 422, headers: (HeaderName.MinSE, $"{2000 + n}"));
            net.Run(0.1);
        }

        Assert.Equal(4, peer.Count(SipMethod.Invite));
        Assert.Equal(1, alice.Count<SipEvent.Ended>());
    }

    [Fact]
    [Rfc("4028", "10", Line = "sip I14")]
    public void Refresh_NeverAnswered_IsTriedOtherwiseAndThenGivenUp()
    {
        var (net, alice, peer, _) = Answered("120;refresher=uac", Allow);
        net.Run(100);
        Assert.True(alice.Count<SipEvent.RefreshDue>() >= 1);
        Assert.Equal(0, alice.Count<SipEvent.Ended>());
        net.Run(21);
        Assert.Contains("could not be refreshed", alice.Last<SipEvent.Ended>().Fault!.What);
        Assert.True(peer.Count(SipMethod.Bye) > 0);
    }

    [Fact]
    [Rfc("4028", "7.2", Line = "sip I14")]
    public void Timer_RunsForTheForkThatAnswers()
    {
        var (net, alice, peer, session) = Calling();
        var invite = peer.Last(SipMethod.Invite);
        peer.Answer(invite, 180, tag: "one");
        peer.Answer(invite, 180, tag: "two");
        peer.Answer(invite, 200, tag: "two", sdp: "v=0", headers: [(HeaderName.SessionExpires, "120;refresher=uac"), (HeaderName.Allow, Allow)]);
        net.Run(60.2);
        peer.Last(SipMethod.Update).Headers.TryTo(out var to);
        Assert.Equal("two", to!.Tag);
        Assert.NotNull(alice.Agent.TimerOf(session));
    }

    [Theory]
    [InlineData("1800", "timer", "1800;refresher=uac", true)]
    [InlineData("1800;refresher=uac", "timer", "1800;refresher=uac", true)]
    [InlineData("1800;refresher=uas", "timer", "1800;refresher=uas", false)]
    [InlineData("1800", "", "1800;refresher=uas", false)]
    [InlineData("60", "", "60;refresher=uas", false)]
    [InlineData("", "timer", null, false)]
    [Rfc("4028", "9", Line = "sip I14")]
    public void Callee_GrantsWhatIsAskedFor(string asked, string supported, string? granted, bool isRequired)
    {
        var (net, alice, peer) = Called(asked, supported);
        alice.Agent.Accept(net.Now, alice.Last<SipEvent.Incoming>().Session, Sdp("answer"));
        net.Run(0.1);
        var ok = peer.Responses.Last(r => r.Status == 200);
        Assert.Equal((granted, isRequired), (ok.Headers.Get(HeaderName.SessionExpires), ok.Headers.Require.Contains("timer")));
    }

    [Fact]
    [Rfc("4028", "9", Line = "sip I14")]
    public void Callee_OfATooSmallInterval_Answers422BeforeAnythingRings()
    {
        var (_, alice, peer) = Called("89", "timer");
        Assert.Equal((422, "90"), (peer.Responses.Single().Status, peer.Responses.Single().Headers.Get(HeaderName.MinSE)));
        Assert.Equal(0, alice.Count<SipEvent.Incoming>());
    }

    /// <summary>A scripted peer calls alice.</summary>
    private static (SipNet Net, SipNode Alice, Script Peer) Called(string asked, string supported)
    {
        var net = new SipNet();
        var alice = net.Agent(Alice);
        alice.Account($"sip:alice@{Alice}");
        var peer = new Script(net, Server) { From = Address.Parse($"{Alice}:5060") };
        var invite = peer.Make(SipMethod.Invite, $"sip:alice@{Alice}", "z9hG4bKin", $"<sip:alice@{Alice}>", sdp: "v=0");
        if (asked.Length > 0) invite.Headers.Add(HeaderName.SessionExpires, asked);
        if (supported.Length > 0) invite.Headers.Add(HeaderName.Supported, supported);
        peer.Send(invite);
        net.Run(0.1);
        return (net, alice, peer);
    }

    /// <summary>Alice calls a scripted peer, which answers so.</summary>
    private static (SipNet Net, SipNode Alice, Script Peer, SessionId Session) Answered(string timer, string allow)
    {
        var (net, alice, peer, session) = Calling();
        peer.Answer(peer.Last(SipMethod.Invite), 200, sdp: "v=0", headers: timer.Length == 0 ? [(HeaderName.Allow, allow)] : [(HeaderName.Allow, allow), (HeaderName.SessionExpires, timer)]);
        net.Run(0.1);
        return (net, alice, peer, session);
    }
}
