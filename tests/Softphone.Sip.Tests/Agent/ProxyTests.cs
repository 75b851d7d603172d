using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>A scripted proxy that challenges everything, in front of a registrar that does so in its own realm, and stays in the path by Record-Route.</summary>
public sealed class ProxyTests
{
    private readonly SipNet _net = new();
    private readonly SipNode _alice;
    private readonly Script _proxy;
    private readonly AccountId _account;

    public ProxyTests()
    {
        _alice = _net.Agent(Alice);
        _proxy = new Script(_net, Server);
        _net.Hosts["proxy.example.com"] = [IpAddress.Parse("192.0.2.9")];
        _account = _alice.Account("sip:alice@example.com", "secret", proxy: "sip:proxy.example.com:5060");
        _proxy.OnRequest = request =>
        {
            if (request.Method == SipMethod.Ack) return;
            var known = request.Headers.GetAll(HeaderName.ProxyAuthorization).Concat(request.Headers.GetAll(HeaderName.Authorization)).ToList();
            if (!known.Any(k => k.Contains("\"proxy\""))) Challenge(request, 407, HeaderName.ProxyAuthenticate, "proxy");
            else if (request.Method == SipMethod.Register && !known.Any(k => k.Contains("\"inner\""))) Challenge(request, 401, HeaderName.WwwAuthenticate, "inner");
            else Pass(request);
        };
    }

    [Fact]
    [Rfc("3261", "22.3", Line = "sip A8")]
    [Rfc("3261", "22.1", Line = "sip A6")]
    public void Call_Challenged_IsUpAndOnlyWhatIsAskedForIsGiven()
    {
        var session = Call();
        var invites = _proxy.Requests.Where(r => r.Method == SipMethod.Invite).ToList();
        Assert.Equal(2, invites.Count);
        Assert.Single(invites.Select(r => r.Headers.CallId).Distinct());
        Assert.Single(invites.Select(r => r.Headers.Get(HeaderName.From)).Distinct());
        Assert.Equal(2, invites.Select(r => r.Headers.TryCSeq(out var c) ? c.Number : 0).Distinct().Count());
        // The proxy would hand it to the callee.
        Assert.Empty(Cracker.Credentials(_proxy.Requests.Last(r => r.Method == SipMethod.Ack)));
        Assert.Equal(1, _alice.Count<SipEvent.Answered>());

        _alice.Agent.Hangup(_net.Now, session);
        _net.Run(0.1);
        var byes = _proxy.Requests.Where(r => r.Method == SipMethod.Bye).ToList();
        Assert.Equal([false, true], byes.Select(bye => bye.Headers.Has(HeaderName.ProxyAuthorization)));
        foreach (var bye in byes)
        {
            Assert.Equal("sip:bob@198.51.100.20:5062", bye.RequestUri.ToString());
            Assert.Equal(["<sip:192.0.2.9:5060;lr>", "<sip:far.example.net;lr>"], bye.Headers.GetList(HeaderName.Route));
        }

        _net.Run(60);
        Assert.True(_alice.Agent.IsIdle);
        Assert.Null(_alice.Agent.NextTimeout);
    }

    [Fact]
    [Rfc("3261", "22.3", Line = "sip A8")]
    public void Register_ChallengedInTwoRealms_CarriesBothCredentials()
    {
        _alice.Agent.Register(_net.Now, _account);
        _net.Run(1);
        Assert.Equal(3, _proxy.Count(SipMethod.Register));
        var last = _proxy.Last(SipMethod.Register);
        Assert.True(last.Headers.Has(HeaderName.ProxyAuthorization) && last.Headers.Has(HeaderName.Authorization));
        Call();
        Assert.DoesNotContain(_proxy.Requests, r => r.Method != SipMethod.Register && r.Headers.Has(HeaderName.Authorization));
    }

    [Fact]
    [Rfc("3261", "13.2.2.4", Line = "sip U8")]
    public void Ack_GoesToTheNextHopAndNamesTheContact()
    {
        Call();
        var ack = _proxy.Requests.Last(r => r.Method == SipMethod.Ack);
        Assert.Equal("sip:bob@198.51.100.20:5062", ack.RequestUri.ToString());
        Assert.Equal(["<sip:192.0.2.9:5060;lr>", "<sip:far.example.net;lr>"], ack.Headers.GetList(HeaderName.Route));
    }

    [Fact]
    [Rfc("3261", "8.1.2", Line = "sip R7")]
    public void OutboundProxy_IsThePreloadedRoute()
    {
        Call();
        var invite = _proxy.Requests.First(r => r.Method == SipMethod.Invite);
        Assert.Equal("sip:bob@example.org", invite.RequestUri.ToString());
        Assert.Equal(["<sip:proxy.example.com:5060;lr>"], invite.Headers.GetList(HeaderName.Route));
    }

    [Fact]
    [Rfc("3261", "22.1", Line = "sip A6")]
    public void Stranger_AskingForThePassword_GetsNothing()
    {
        var net = new SipNet();
        var alice = net.Agent(Alice);
        var stranger = new Script(net, Server);
        stranger.OnRequest = request =>
        {
            if (request.Method == SipMethod.Invite)
                stranger.Answer(request, 401, headers: (HeaderName.WwwAuthenticate, "Digest realm=\"example.com\", nonce=\"n\", qop=\"auth\""));
        };
        alice.Agent.Invite(net.Now, alice.Account("sip:alice@example.com", "secret"), Uri($"sip:x@{Server}"), Sdp("offer"));
        net.Run(1);
        Assert.Equal(1, stranger.Count(SipMethod.Invite));
        Assert.DoesNotContain(stranger.Requests, r => r.Headers.Has(HeaderName.Authorization));
        Assert.Equal(Layer.Authentication, alice.Last<SipEvent.Ended>().Fault!.Layer);
    }

    [Fact]
    [Rfc("3261", "22.1", Line = "sip F10")]
    public void Trace_NeverShowsTheAnswerToAChallenge()
    {
        Call();
        var sent = _proxy.Requests.Last(r => r.Method == SipMethod.Invite).Headers.Get(HeaderName.ProxyAuthorization)!;
        var response = sent[(sent.IndexOf("response=\"", StringComparison.Ordinal) + 10)..][..32];
        Assert.DoesNotContain(_alice.Trace.Entries.OfType<SipTrace.Message>(), m => m.Text.Contains(response));
    }

    private SessionId Call()
    {
        var session = _alice.Agent.Invite(_net.Now, _account, Uri("sip:bob@example.org"), Sdp("offer"));
        _net.Run(1);
        return session;
    }

    private void Challenge(SipRequest request, int status, string header, string realm) =>
        _proxy.Answer(request, status, headers: (header, $"Digest realm=\"{realm}\", nonce=\"{realm}-nonce\", qop=\"auth\""));

    private void Pass(SipRequest request)
    {
        if (request.Method != SipMethod.Invite)
        {
            _proxy.Answer(request, 200);
            return;
        }

        var ok = SipResponse.For(request, 200, null, "bob");
        ok.Headers.Add(HeaderName.RecordRoute, "<sip:far.example.net;lr>, <sip:192.0.2.9:5060;lr>");
        ok.Headers.Add(HeaderName.Contact, "<sip:bob@198.51.100.20:5062>");
        ok.SetBody(MediaType.ApplicationSdp, "v=0"u8.ToArray());
        _proxy.Send(ok);
    }
}
