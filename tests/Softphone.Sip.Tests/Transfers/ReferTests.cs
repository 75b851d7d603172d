using System.Text;
using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>REFER as the one who asks: the peer is scripted, and says whatever phones say (RFC 3515, RFC 6665).</summary>
public sealed class ReferTests
{
    private static readonly SipUri Carol = Uri("sip:carol@example.com");

    [Fact]
    [Rfc("3515", "2.1", Line = "sip F2")]
    [Rfc("3892", "2.1", Line = "sip F4")]
    public void Refer_NamesWhomToCallAndWhoAsks()
    {
        var call = new Call();
        Assert.True(call.Refer());
        var refer = call.Peer.Last(SipMethod.Refer);
        Assert.Equal("<sip:carol@example.com>", refer.Headers.Get(HeaderName.ReferTo));
        Assert.Equal($"<sip:alice@{Alice}>", refer.Headers.Get(HeaderName.ReferredBy));
        Assert.True(refer.Headers.Has(HeaderName.Contact));
        refer.Headers.TryTo(out var to);
        Assert.Equal("peer", to!.Tag);
        Assert.False(call.Refer());
    }

    [Fact]
    [Rfc("3515", "2.4.5", Line = "sip F2")]
    public void News_AreToldUntilTheFinalStatus()
    {
        var call = new Call();
        call.Refer();
        call.Answer(202);
        call.Tell("SIP/2.0 100 Trying", "active;expires=60");
        call.Tell("SIP/2.0 180 Ringing\r\nTo: <sip:carol@example.com>", "active;expires=60");
        call.Tell("SIP/2.0 200 OK", "terminated;reason=noresource");
        Assert.Equal([200, 200, 200], call.Answers);
        Assert.Equal(202, call.Alice.Last<SipEvent.ReferAnswered>().Status);
        Assert.Equal([(100, "Trying", false), (180, "Ringing", false), (200, "OK", true)], call.News);
        Assert.Equal(481, call.Tell("SIP/2.0 200 OK", "active"));
        Assert.Equal(0, call.Alice.Count<SipEvent.Ended>());
    }

    [Fact]
    [Rfc("6665", "4.1.2.4", Line = "sip F7")]
    public void News_BeforeTheAnswer_IsTheAnswer()
    {
        var call = new Call();
        call.Refer();
        call.Tell("SIP/2.0 100 Trying", "active;expires=60");
        call.Answer(202);
        Assert.Single(call.Alice.Events.OfType<SipEvent.ReferAnswered>());
        Assert.Equal([(100, "Trying", false)], call.News);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(405)]
    [InlineData(603)]
    [Rfc("3515", "2.4.2", Line = "sip F2")]
    public void Refer_Refused_LeavesTheCallUp(int status)
    {
        var call = new Call();
        call.Refer();
        call.Answer(status);
        Assert.Equal(status, call.Alice.Last<SipEvent.ReferAnswered>().Status);
        Assert.NotNull(call.Alice.Last<SipEvent.ReferAnswered>().Fault);
        Assert.Equal(0, call.Alice.Count<SipEvent.Ended>());
        Assert.Equal(481, call.Tell("SIP/2.0 200 OK", "terminated"));
        Assert.True(call.Refer());
    }

    [Fact]
    [Rfc("5057", "5.1", Line = "sip U13")]
    public void Refer_AnsweredThatTheDialogIsGone_EndsTheCall()
    {
        var call = new Call();
        call.Refer();
        call.Answer(481);
        Assert.Equal(EndCause.Error, call.Alice.Last<SipEvent.Ended>().Cause);
    }

    [Fact]
    [Rfc("6665", "4.1.2.4", Line = "sip F7")]
    public void News_ThatNeverCome_AreGivenUpAfter64T1()
    {
        var call = new Call();
        call.Refer();
        call.Answer(202);
        call.Net.Run(31.5);
        Assert.Empty(call.News);
        call.Net.Run(1);
        Assert.Equal((408, true), (call.News.Single().Status, call.News.Single().IsOver));
    }

    [Theory]
    [InlineData("active;expires=60", 59, 62)]
    [InlineData("active;expires=4000000000", 290, 301)]
    [InlineData("active", 290, 301)]
    [Rfc("6665", "4.1.2.3", Line = "sip F7")]
    public void News_ThatStop_AreWaitedForAsLongAsSaidAndNoLongerThanFiveMinutes(string state, double until, double given)
    {
        var call = new Call();
        call.Refer();
        call.Answer(202);
        call.Tell("SIP/2.0 180 Ringing", state);
        call.Net.Run(until);
        Assert.False(call.News.Last().IsOver);
        call.Net.Run(given - until);
        Assert.True(call.News.Last().IsOver);
    }

    [Fact]
    [Rfc("4488", "4", Line = "sip F4")]
    public void Refer_AnsweredWithoutSubscription_IsDoneAsFarAsWeKnow()
    {
        var call = new Call();
        call.Refer();
        call.Peer.Answer(call.Peer.Last(SipMethod.Refer), 200, tag: null, headers: (HeaderName.ReferSub, "false"));
        call.Net.Run(0.1);
        Assert.Equal([(200, "Accepted", true)], call.News);
    }

    [Theory]
    [InlineData("refer", 200)]
    [InlineData("refer;id=CSEQ", 200)]
    [InlineData("refer;id=1", 481)]
    [InlineData("refer;id=x", 481)]
    [InlineData("presence", 489)]
    [InlineData("", 489)]
    [Rfc("3515", "2.4.6", Line = "sip F2")]
    public void News_OfOurReferAlone_AreTaken(string package, int status)
    {
        var call = new Call();
        call.Refer();
        call.Answer(202);
        call.Peer.Last(SipMethod.Refer).Headers.TryCSeq(out var cseq);
        Assert.Equal(status, call.Tell("SIP/2.0 100 Trying", "active", package.Replace("CSEQ", cseq.Number.ToString())));
    }

    [Theory]
    [InlineData("")]
    [InlineData("SIP/2.0")]
    [InlineData("SIP/2.0 9")]
    [InlineData("SIP/2.0 999 What")]
    [InlineData("SIP/2.0 +20 OK")]
    [InlineData("HTTP/1.1 200 OK")]
    [InlineData("INVITE sip:x SIP/2.0")]
    [Rfc("3515", "2.4.5", Line = "sip F2")]
    public void News_ThatSayNothing_AreTakenAndMeanNothing(string fragment)
    {
        var call = new Call();
        call.Refer();
        call.Answer(202);
        Assert.Equal(200, call.Tell(fragment, "active"));
        Assert.Empty(call.News);
        Assert.Equal(200, call.Tell(fragment, "terminated;reason=noresource"));
        Assert.Equal([(0, "", true)], call.News);
    }

    [Fact]
    [Rfc("5589", "6.1", Line = "sip F2")]
    public void Peer_HangsUpBeforeItHasTold_NothingIsLeft()
    {
        var call = new Call();
        call.Refer();
        call.Answer(202);
        call.Peer.Send(InDialog(call.Peer, call.Invite, SipMethod.Bye, 20, sdp: ""));
        call.Net.Run(0.2);
        Assert.Equal(481, call.Tell("SIP/2.0 200 OK", "terminated", cseq: 21));
        Assert.Empty(call.News);
        call.Net.Run(40);
        Assert.True(call.Alice.Agent.IsIdle);
        Assert.Null(call.Alice.Agent.NextTimeout);
    }

    [Fact]
    [Rfc("5589", "7.1", Line = "sip F3")]
    public void ReplacingUri_NamesTheDialogAsThePeerSeesIt()
    {
        var call = new Call();
        var uri = call.Alice.Agent.ReplacingUri(call.Session)!;
        call.Invite.Headers.TryFrom(out var from);
        Assert.Equal($"{call.Invite.Headers.CallId};to-tag=peer;from-tag={from!.Tag}", uri.Header(HeaderName.Replaces));
        Assert.True(ReplacesHeader.TryParse(uri.Header(HeaderName.Replaces)!, out var replaces));
        Assert.Equal(uri.Header(HeaderName.Replaces), replaces.ToString());
        // In a header everything of it that could end it is escaped.
        Assert.DoesNotContain(';', uri.Headers);
        Assert.True(call.Refer(uri));
        call.Peer.Last(SipMethod.Refer).Headers.TryAddress(HeaderName.ReferTo, out var to);
        Assert.Equal(uri.Header(HeaderName.Replaces), to!.Uri.Header(HeaderName.Replaces));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("5589", "7.3", Line = "sip F3")]
    public void ReplacingUri_OfAPeerBehindProxies_IsItsAddressOfRecord(bool hasProxy)
    {
        var (net, alice, peer, session) = Calling();
        var invite = peer.Last(SipMethod.Invite);
        if (hasProxy) peer.Answer(invite, 200, sdp: "v=0", headers: (HeaderName.RecordRoute, $"<sip:{peer.At};lr>"));
        else peer.Answer(invite, 200, sdp: "v=0");
        net.Run(0.1);
        invite.Headers.TryTo(out var to);
        var contact = SipNode.Uri($"sip:peer@{peer.At}");
        Assert.NotEqual(contact, to!.Uri);
        Assert.Equal(hasProxy ? to.Uri.AddressOfRecord : contact, alice.Agent.ReplacingUri(session)! with { Headers = "" });
    }

    /// <summary>Alice in a call with a scripted peer.</summary>
    private sealed class Call
    {
        private uint _cseq = 6;

        public Call()
        {
            (Net, Alice, Peer, Session) = Calling();
            Invite = Peer.Last(SipMethod.Invite);
            Peer.Answer(Invite, 200, sdp: "v=0");
            Net.Run(0.1);
        }

        public SipNet Net { get; }

        public SipNode Alice { get; }

        public Script Peer { get; }

        public SessionId Session { get; }

        public SipRequest Invite { get; }

        public IEnumerable<int> Answers => Peer.Responses.Select(r => r.Status);

        public IEnumerable<(int Status, string Reason, bool IsOver)> News => Alice.Events.OfType<SipEvent.ReferNews>().Select(n => (n.Status, n.Reason, n.IsOver));

        public bool Refer(SipUri? target = null)
        {
            var isAsked = Alice.Agent.Refer(Net.Now, Session, target ?? Carol);
            Net.Run(0.02);
            return isAsked;
        }

        public void Answer(int status)
        {
            Peer.Answer(Peer.Last(SipMethod.Refer), status, tag: null);
            Net.Run(0.02);
        }

        /// <summary>The peer sends NOTIFY; what it is answered.</summary>
        public int Tell(string fragment, string state, string package = "refer", uint? cseq = null)
        {
            var notify = InDialog(Peer, Invite, SipMethod.Notify, cseq ?? _cseq++, sdp: "");
            if (package.Length > 0) notify.Headers.Add(HeaderName.Event, package);
            notify.Headers.Add(HeaderName.SubscriptionState, state);
            notify.SetBody("message/sipfrag;version=2.0", Encoding.UTF8.GetBytes(fragment + "\r\n"));
            Peer.Send(notify);
            Net.Run(0.02);
            return Peer.Responses[^1].Status;
        }
    }
}
