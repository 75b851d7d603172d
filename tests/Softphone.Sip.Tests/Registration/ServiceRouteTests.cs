using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>The route that a registrar tells (RFC 3608), and the path to us that it keeps (RFC 3327).</summary>
public sealed class ServiceRouteTests
{
    private const string Edge = "192.0.2.8:5060";
    private const string Far = "203.0.113.66:5060";

    private readonly SipNet _net = new();
    private readonly SipNode _alice;
    private readonly Script _registrar;
    private readonly Script _edge;
    private readonly Script _far;

    /// <summary>What the 200 to the next REGISTER has besides.</summary>
    private (string, string)[] _told = [];

    private int _status = 200;

    public ServiceRouteTests()
    {
        _alice = _net.Agent(Alice, new SipAgentOptions { UdpKeepalive = TimeSpan.Zero });
        _net.Hosts["example.com"] = [IpAddress.Parse("192.0.2.9")];
        _net.Hosts["edge.example.com"] = [IpAddress.Parse("192.0.2.8")];
        _registrar = Answering(new Script(_net, Server));
        _edge = Answering(new Script(_net, Edge));
        _far = new Script(_net, Far);
    }

    [Theory]
    [InlineData(null, "<sip:192.0.2.9;lr>, <sip:inner.example.com;lr>", "<sip:192.0.2.9;lr> <sip:inner.example.com;lr>")]
    [InlineData("sip:edge.example.com", "<sip:192.0.2.9;lr>", "<sip:edge.example.com;lr> <sip:192.0.2.9;lr>")]
    [InlineData("sip:edge.example.com", "<sip:edge.example.com;lr>, <sip:192.0.2.9;lr>", "<sip:edge.example.com;lr> <sip:192.0.2.9;lr>")]
    [InlineData("sip:edge.example.com", "<sip:192.0.2.8;lr;r2=on>, <sip:192.0.2.9;lr>", "<sip:192.0.2.8;lr;r2=on> <sip:192.0.2.9;lr>")]
    [InlineData("sip:edge.example.com", "", "<sip:edge.example.com;lr>")]
    [InlineData(null, "<sip:192.0.2.9>", "")]
    [InlineData(null, "<tel:+1>;lr", "")]
    [InlineData(null, "<sip:192.0.2.9;lr>, <<", "")]
    [Rfc("3608", "6.1", Line = "sip R7")]
    public void Route_OfTheRegistrar_GoesIntoCallsBehindTheProxyOfTheProfile(string? proxy, string told, string expected)
    {
        _told = told.Length > 0 ? [(HeaderName.ServiceRoute, told)] : [];
        var account = Register(proxy);
        var at = proxy is null ? _registrar : _edge;
        Assert.Contains("path", at.Last(SipMethod.Register).Headers.Supported);
        _alice.Agent.Invite(_net.Now, account, Uri("sip:bob@example.com"), Sdp("offer"));
        _net.Run(0.1);
        Assert.Equal(expected, string.Join(' ', at.Last(SipMethod.Invite).Headers.GetList(HeaderName.Route)));
        // A REGISTER takes the way of the profile alone.
        _alice.Agent.Register(_net.Now, account);
        _net.Run(0.1);
        Assert.Equal(proxy is null ? [] : ["<sip:edge.example.com;lr>"], at.Last(SipMethod.Register).Headers.GetList(HeaderName.Route));
    }

    [Theory]
    [InlineData("again", false)]
    [InlineData("refused", false)]
    [InlineData("unregistered", false)]
    [InlineData("busy", true)]
    [Rfc("3608", "6.1", Line = "sip R7")]
    public void Route_IsThatOfTheLastAnswerAndOfTheRegistration(string then, bool stays)
    {
        _told = [(HeaderName.ServiceRoute, "<sip:192.0.2.9;lr>")];
        var account = Register(null);
        _told = [];
        _status = then switch { "refused" => 403, "busy" => 503, _ => 200 };
        if (then == "unregistered") _alice.Agent.Unregister(_net.Now, account);
        else _alice.Agent.Register(_net.Now, account);
        _net.Run(3);
        _alice.Agent.Invite(_net.Now, account, Uri("sip:bob@example.com"), Sdp("offer"));
        _net.Run(0.1);
        Assert.Equal(stays, _registrar.Last(SipMethod.Invite).Headers.Has(HeaderName.Route));
    }

    /// <summary>Where the route leads is no server by that: it gets the call, and no answer to what it asks.</summary>
    [Theory]
    [InlineData(407, HeaderName.ProxyAuthenticate)]
    [InlineData(401, HeaderName.WwwAuthenticate)]
    [Rfc("3608", "7", Line = "sip R7")]
    [Rfc("3261", "26.3.2.4")]
    public void Route_ThatLeadsToAStranger_BringsItNoCredentials(int status, string header)
    {
        _told = [(HeaderName.ServiceRoute, "<sip:203.0.113.66;lr>")];
        var account = Register(null, "secret");
        _far.OnRequest = request =>
        {
            if (request.Method == SipMethod.Invite) _far.Answer(request, status, headers: (header, "Digest realm=\"example.com\", nonce=\"n1\", qop=\"auth\""));
        };
        _alice.Agent.Invite(_net.Now, account, Uri("sip:bob@example.com"), Sdp("offer"));
        _net.Run(1);
        var invite = Assert.Single(_far.Requests, r => r.Method == SipMethod.Invite);
        Assert.False(invite.Headers.Has(HeaderName.Authorization) || invite.Headers.Has(HeaderName.ProxyAuthorization));
        Assert.Equal(Layer.Authentication, _alice.Last<SipEvent.Ended>().Fault!.Layer);
    }

    [Theory]
    [InlineData(SipMethod.Options)]
    [InlineData(SipMethod.Invite)]
    [Rfc("3608", "6.1", Line = "sip R7")]
    public void Route_InTheAnswerToAnythingElse_IsNotTaken(string method)
    {
        var account = Register(null);
        _registrar.OnRequest = request => _registrar.Answer(request, request.Method == SipMethod.Invite ? 486 : 200, headers: (HeaderName.ServiceRoute, "<sip:203.0.113.66;lr>"));
        if (method == SipMethod.Options) _alice.Agent.Request(_net.Now, account, SipMethod.Options, Uri("sip:example.com"));
        else _alice.Agent.Invite(_net.Now, account, Uri("sip:bob@example.com"), Sdp("offer"));
        _net.Run(0.1);
        _alice.Agent.Invite(_net.Now, account, Uri("sip:carol@example.com"), Sdp("offer"));
        _net.Run(0.1);
        Assert.False(_registrar.Last(SipMethod.Invite).Headers.Has(HeaderName.Route));
        Assert.Empty(_far.Requests);
    }

    private AccountId Register(string? proxy, string password = "")
    {
        var account = _alice.Account("sip:alice@example.com", password, proxy: proxy, learn: false);
        _alice.Agent.Register(_net.Now, account);
        _net.Run(1);
        return account;
    }

    private Script Answering(Script server)
    {
        server.OnRequest = request =>
        {
            if (request.Method != SipMethod.Register) return;
            server.Answer(request, _status, headers: [(HeaderName.Contact, request.Headers.Get(HeaderName.Contact)!), .. _status == 200 ? _told : []]);
        };
        return server;
    }
}
