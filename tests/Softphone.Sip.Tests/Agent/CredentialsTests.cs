using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>
/// An own server that asks, in front of peers that ask too: which of their questions are answered, and what a request carries that nobody
/// asked for (RFC 3261 §22).
/// </summary>
public sealed class CredentialsTests
{
    private const string Password = "s3cret";

    private readonly SipNet _net = new();
    private readonly SipNode _alice;
    private readonly Script _server;

    /// <summary>What the server says to a request that is neither REGISTER nor ACK; 0 says nothing.</summary>
    private Func<SipRequest, (int Status, string? Realm)> _policy = _ => (200, null);

    /// <summary>A proxy that stays in the path; a server in which calls end otherwise.</summary>
    private bool _isProxy = true;

    public CredentialsTests()
    {
        _net.Hosts["example.com"] = [IpAddress.Parse("192.0.2.9")];
        _alice = _net.Agent(Alice, tcp: true);
        _server = new Script(_net, Server);
        _server.OnRequest = request => Serve(_server, request);
    }

    /// <summary>N4: what the registrar asked for goes to nobody else, and a proxy hands on what it does not take for itself.</summary>
    [Fact]
    [Rfc("3261", "22.1", Line = "sip A6")]
    [Rfc("3261", "22.3", Line = "sip A8")]
    public void Call_OfARegisteredPhone_CarriesWhatWasAskedOfItAlone()
    {
        var account = Register();
        _policy = AsProxy;
        for (var call = 0; call < 2; call++)
        {
            var session = Call(account, "sip:bob@example.com");
            _alice.Agent.Offer(_net.Now, session, Sdp("again"));
            _net.Run(1);
            _alice.Agent.Hangup(_net.Now, session);
            _net.Run(1);
        }

        var calls = _server.Requests.Where(r => r.Method != SipMethod.Register).ToList();
        Assert.DoesNotContain(calls, r => r.Headers.Has(HeaderName.Authorization));
        Assert.Equal([SipMethod.Invite, SipMethod.Invite], calls.Where(r => r.Headers.Has(HeaderName.ProxyAuthorization)).Select(r => r.Method));
        // The proxy that asked once has its answer at once.
        Assert.Equal(3, calls.Count(r => r.Method == SipMethod.Invite && r.Headers.TryTo(out var to) && to.Tag is null));
        Assert.True(calls.Count(r => r.Method == SipMethod.Ack) >= 4);
        _net.Run(600);
        var refresh = _server.Last(SipMethod.Register);
        Assert.True(refresh.Headers.Has(HeaderName.Authorization));
        Assert.False(refresh.Headers.Has(HeaderName.ProxyAuthorization));
    }

    /// <summary>Within a dialog too the own proxy may ask, of the caller and of the called.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("3261", "22.3", Line = "sip A8")]
    public void Proxy_ThatAsksWithinADialog_IsAnswered(bool isCaller)
    {
        var account = Register();
        var session = isCaller ? Call(account, "sip:bob@example.com") : Called("<sip:192.0.2.9;lr>");
        _policy = request => request.Headers.Has(HeaderName.ProxyAuthorization) ? (200, null) : (407, "example.com");
        _alice.Agent.Hangup(_net.Now, session);
        _net.Run(1);
        var bye = _server.Last(SipMethod.Bye);
        Assert.Equal(2, _server.Count(SipMethod.Bye));
        Assert.Equal(Password, Cracker.Crack(bye, Assert.Single(Cracker.Credentials(bye))));
        Assert.Equal("sip:bob@198.51.100.20:5062", bye.RequestUri.ToString());
    }

    /// <summary>Who is behind the proxy, and asks by its mouth.</summary>
    [Theory]
    [InlineData(401, "whatever")]
    [InlineData(401, "example.com")]
    [InlineData(407, "whatever")]
    [Rfc("3261", "26.3.2.4")]
    public void Peer_ThatAsksWithinADialog_GetsNothing(int status, string realm)
    {
        var account = Register();
        foreach (var isCaller in (bool[])[true, false])
        {
            _policy = _ => (200, null);
            var session = isCaller ? Call(account, "sip:bob@example.com") : Called("<sip:192.0.2.9;lr>");
            _policy = _ => (status, realm);
            _alice.Agent.Offer(_net.Now, session, Sdp("again"));
            _net.Run(1);
            Assert.Equal(Layer.Authentication, _alice.Last<SipEvent.OfferFailed>().Fault!.Layer);
            _alice.Agent.Hangup(_net.Now, session);
            _net.Run(1);
        }

        Assert.DoesNotContain(_server.Requests, r => r.Method != SipMethod.Register && Cracker.Credentials(r).Any());
    }

    [Theory]
    [InlineData(401, "example.com", false)]
    [InlineData(401, "whatever", false)]
    [InlineData(407, "whatever", false)]
    [InlineData(401, "example.com", true)]
    [InlineData(407, "example.com", true)]
    [Rfc("3261", "26.3.2.4")]
    public void Callee_BehindTheProxyThatAsks_GetsNothing(int status, string realm, bool rings)
    {
        var account = Register();
        _policy = request =>
        {
            if (!request.Headers.Has(HeaderName.ProxyAuthorization)) return (407, "example.com");
            if (rings) _server.Answer(request, 180);
            return (status, realm);
        };
        for (var i = 0; i < 2; i++) Call(account, "sip:eve@example.com");
        var asked = _server.Requests.Where(r => r.Method == SipMethod.Invite).ToList();
        Assert.Equal(3, asked.Count);
        var fault = _alice.Last<SipEvent.Ended>().Fault!;
        Assert.Equal(Layer.Authentication, fault.Layer);
        Assert.Contains("none was sent", fault.Remedy);
    }

    /// <summary>Outside of the domain a 401 is from there.</summary>
    [Theory]
    [InlineData("sip:eve@example.org")]
    [InlineData("sip:eve@sub.example.com")]
    [InlineData("sip:eve@192.0.2.66")]
    [InlineData("sip:eve@192.0.2.9:7066")]
    [InlineData("sip:eve@example.com:7066")]
    [Rfc("3261", "22.2", Line = "sip A6")]
    public void Callee_OfAnotherDomain_GetsNothing(string target)
    {
        var account = Register(proxy: $"sip:{Server}");
        _policy = _ => (401, "example.com");
        Call(account, target);
        Assert.Single(_server.Requests, r => r.Method == SipMethod.Invite);
        Assert.Contains("the peer asks", _alice.Last<SipEvent.Ended>().Fault!.What);
    }

    /// <summary>A server in which calls end, as most PBXs: it asks by 401, of calls and within them.</summary>
    [Theory]
    [InlineData(true, null)]
    [InlineData(false, null)]
    [InlineData(true, "sip:192.0.2.9:5060")]
    [Rfc("3261", "22.2", Line = "sip A1")]
    [Rfc("3261", "22.1", Line = "sip A10")]
    public void Pbx_ThatAsks_IsAnswered(bool registers, string? proxy)
    {
        _isProxy = false;
        _policy = request => request.Headers.Has(HeaderName.Authorization) ? (200, null) : (401, "example.com");
        var account = registers ? Register(proxy) : Account(proxy);
        var session = Call(account, "sip:bob@example.com");
        Assert.Equal(1, _alice.Count<SipEvent.Answered>());
        var (invite, ack) = (_server.Last(SipMethod.Invite), _server.Last(SipMethod.Ack));
        Assert.Equal(invite.Headers.GetAll(HeaderName.Authorization), ack.Headers.GetAll(HeaderName.Authorization));
        _alice.Agent.Hangup(_net.Now, session);
        _net.Run(1);
        var bye = _server.Last(SipMethod.Bye);
        Assert.Equal(Password, Cracker.Crack(bye, Assert.Single(Cracker.Credentials(bye))));
    }

    [Fact]
    [Rfc("3261", "22.1", Line = "sip A6")]
    public void Ack_ThatGoesStraightToThePeer_CarriesNothing()
    {
        var account = Register();
        _isProxy = false;
        _policy = request => request.Headers.Has(HeaderName.ProxyAuthorization) ? (200, "to bob") : (407, "example.com");
        var bob = new Script(_net, "198.51.100.20:5062");
        Call(account, "sip:bob@example.com");
        Assert.Equal(1, bob.Count(SipMethod.Ack));
        Assert.Empty(Cracker.Given(_net, Server));
    }

    [Fact]
    [Rfc("3263", "4.3")]
    public void SecondServer_AfterTheFirstIsDead_GetsCredentials()
    {
        _net.Services["_sip._udp.example.com"] = [new(10, 0, 5060, "one.example.com"), new(20, 0, 5070, "two.example.com")];
        _net.Hosts["one.example.com"] = [IpAddress.Parse("192.0.2.8")];
        _net.Hosts["two.example.com"] = [IpAddress.Parse("192.0.2.9")];
        var second = new Script(_net, "192.0.2.9:5070");
        second.OnRequest = request => Serve(second, request);
        Register();
        Assert.Equal(1, _alice.Count<SipEvent.Registered>());
        Assert.Equal("192.0.2.9:5070", _alice.Last<SipEvent.Registered>().Server.ToString());
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    [Rfc("3261", "18.1.1")]
    public void LongRequest_OverTcp_GetsCredentials(string transport)
    {
        var stream = new Script(_net, Server, isStream: true);
        stream.OnRequest = request => Serve(stream, request);
        var account = transport == "tcp" ? Register(registrar: "sip:example.com;transport=tcp") : Register();
        _policy = AsProxy;
        _alice.Agent.Invite(_net.Now, account, Uri("sip:bob@example.com"), Sdp(new string('x', 1400)));
        _net.Run(1);
        Assert.Equal(1, _alice.Count<SipEvent.Answered>());
        Assert.Contains(stream.Requests, r => r.Method == SipMethod.Invite && r.Headers.Has(HeaderName.ProxyAuthorization));
    }

    [Theory]
    [InlineData("MD5", false)]
    [InlineData("MD5-sess", false)]
    [InlineData("SHA-256", true)]
    [InlineData("SHA-256-sess", true)]
    [InlineData("MD5 SHA-256", true)]
    [InlineData("", false)]
    [Rfc("8760", "2.4", Line = "sip A2")]
    public void ProfileThatDemandsSha256_NeverAnswersMd5(string algorithms, bool isAnswered)
    {
        var offered = algorithms.Split(' ').Select(name => (HeaderName.WwwAuthenticate, $"Digest realm=\"example.com\", nonce=\"n\", qop=\"auth\"{(name.Length > 0 ? $", algorithm={name}" : "")}")).ToArray();
        _server.OnRequest = request => _server.Answer(request, request.Headers.Has(HeaderName.Authorization) ? 200 : 401, headers: offered);
        var account = _alice.Agent.AddAccount(new SipAccount { Aor = Uri("sip:alice@example.com"), Password = Password, Digest = DigestDemand.Sha256, WantsMessages = false });
        _alice.Agent.Register(_net.Now, account);
        _net.Run(1);
        Assert.Equal(isAnswered ? 1 : 0, _alice.Count<SipEvent.Registered>());
        Assert.DoesNotContain(_server.Requests, r => r.Headers.Get(HeaderName.Authorization)?.Contains("algorithm=MD5", StringComparison.OrdinalIgnoreCase) == true);
        if (isAnswered) return;
        var fault = _alice.Last<SipEvent.RegistrationFailed>().Fault;
        Assert.Contains("demands SHA-256", fault.What);
        Assert.Contains("account.digest: any", fault.Remedy);
    }

    /// <summary>What a callee writes into its answer is no nonce of the server's.</summary>
    [Fact]
    [Rfc("7616", "3.5", Line = "sip A7")]
    public void NextNonce_OfAnAnswerThatCarriedNoCredentials_IsNotTaken()
    {
        var account = Register();
        Call(account, "sip:bob@example.com");
        _net.Run(600);
        var refresh = _server.Last(SipMethod.Register);
        Assert.Contains("nonce=\"server\"", refresh.Headers.Get(HeaderName.Authorization));
    }

    private static (int, string?) AsProxy(SipRequest request) =>
        request.Headers.TryTo(out var to) && to.Tag is null && !request.Headers.Has(HeaderName.ProxyAuthorization) ? (407, "example.com") : (200, null);

    private void Serve(Script at, SipRequest request)
    {
        if (request.Method == SipMethod.Ack) return;
        if (request.Method == SipMethod.Register)
        {
            if (request.Headers.Has(HeaderName.Authorization)) at.Answer(request, 200, headers: (HeaderName.Contact, request.Headers.Get(HeaderName.Contact)!));
            else Ask(at, request, 401, "example.com");
            return;
        }

        var (status, realm) = _policy(request);
        if (status is 401 or 407) Ask(at, request, status, realm!);
        else if (request.Method != SipMethod.Invite) at.Answer(request, status);
        else
        {
            var contact = _isProxy || realm is not null ? "<sip:bob@198.51.100.20:5062>" : $"<sip:pbx@{at.At}>";
            (string, string)[] headers = [(HeaderName.AuthenticationInfo, "nextnonce=\"theirs\"")];
            if (_isProxy) headers = [.. headers, (HeaderName.RecordRoute, $"<sip:192.0.2.9;lr>")];
            at.Answer(request, status, sdp: "v=0 answer", contact: contact, headers: headers);
        }
    }

    private static void Ask(Script at, SipRequest request, int status, string realm) =>
        at.Answer(request, status, headers: (status == 401 ? HeaderName.WwwAuthenticate : HeaderName.ProxyAuthenticate, $"Digest realm=\"{realm}\", nonce=\"server\", qop=\"auth\""));

    private AccountId Account(string? proxy = null, string? registrar = null) => _alice.Account("sip:alice@example.com", Password, registrar, proxy);

    private AccountId Register(string? proxy = null, string? registrar = null)
    {
        var account = Account(proxy, registrar);
        _alice.Agent.Register(_net.Now, account);
        _net.Run(40);
        Assert.NotEqual(0, _alice.Count<SipEvent.Registered>());
        return account;
    }

    private SessionId Call(AccountId account, string target)
    {
        var session = _alice.Agent.Invite(_net.Now, account, Uri(target), Sdp("offer"));
        _net.Run(1);
        return session;
    }

    /// <summary>A call that comes by the server, from a peer behind it.</summary>
    private SessionId Called(string route)
    {
        AnswerCalls(_alice);
        _server.From = new Address(IpAddress.Parse(Alice), 5060);
        var invite = _server.Make(SipMethod.Invite, $"sip:alice@{Alice}", "z9hG4bKin", "<sip:alice@example.com>", callId: "in", sdp: "v=0 theirs");
        invite.Headers.Set(HeaderName.Contact, "<sip:bob@198.51.100.20:5062>");
        invite.Headers.Add(HeaderName.RecordRoute, route);
        _server.Send(invite);
        _net.Run(0.1);
        var ok = _server.Responses.Last(r => r.Status == 200);
        _server.Send(_server.Make(SipMethod.Ack, $"sip:alice@{Alice}", "z9hG4bKinack", ok.Headers.Get(HeaderName.To)!, callId: "in"));
        _net.Run(0.1);
        return _alice.Last<SipEvent.Confirmed>().Session;
    }
}
