using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>Who may ring: what comes by a server of the account, or to the Contact that only its registrar knows (RFC 3261 §8.2.2.1).</summary>
public sealed class CallScreenTests
{
    private const string SecondServer = "192.0.2.10:5060";
    private const string Stranger = "203.0.113.66:5066";

    private readonly SipNet _net = new();
    private readonly SipNode _bob;
    private readonly Script _registrar;
    private int _calls;

    public CallScreenTests()
    {
        _net.Services["_sip._udp.example.com"] = [new SrvRecord(10, 1, 5060, "one.example.com"), new SrvRecord(20, 1, 5060, "two.example.com")];
        _net.Hosts["one.example.com"] = [IpAddress.Parse("192.0.2.9")];
        _net.Hosts["two.example.com"] = [IpAddress.Parse("192.0.2.10")];
        _bob = _net.Agent(Bob, new SipAgentOptions { UdpKeepalive = TimeSpan.Zero }, tcp: true);
        _registrar = Registrar(_net, Server);
        _bob.Agent.Register(_net.Now, _bob.Account("sip:bob@example.com"));
        _net.Run(1);
    }

    private SipUri Contact => _bob.Last<SipEvent.Registered>().Contact;

    [Theory]
    [InlineData("sip:bob@192.0.2.2")]
    [InlineData("sip:bob@192.0.2.2:5060;user=phone")]
    [InlineData("sip:bob@example.com")]
    [InlineData("sip:100@192.0.2.2")]
    [InlineData("sip:192.0.2.2")]
    [InlineData("sip:bob-0123456789abcdef@192.0.2.2")]
    [Rfc("3261", "8.2.2.1")]
    [Rfc("3261", "26.3.2.4", Line = "sip U14")]
    public void Invite_PastTheServers_IsNotFoundAndRingsNowhere(string target)
    {
        // It says to be bob himself, and to have come by the server; where it came from says otherwise.
        var stranger = Peer(Stranger);
        var refusal = Ask(stranger, target, from: "<sip:bob@example.com>;tag=x", headers: (HeaderName.RecordRoute, $"<sip:{Server};lr>"));
        Assert.Equal(404, refusal.Status);
        AssertSilent();
        Assert.Equal((CallRefusal.Stranger, 1L, Address.Parse(Stranger)), Told());
    }

    /// <summary>A refusal that is kept is sent again until an ACK comes: eleven packets to whoever is named as the sender.</summary>
    [Theory]
    [InlineData("http://example.com/", 416)]
    [InlineData("urn:service:sos", 416)]
    [InlineData("tel:+900123456", 404)]
    [Rfc("3261", "8.2.2.1")]
    [Rfc("3261", "8.2.7")]
    public void Invite_ForNobodyHere_IsAnsweredOnceAndForgotten(string target, int status)
    {
        var stranger = Peer(Stranger);
        Assert.Equal(status, Ask(stranger, target).Status);
        _net.Run(40);
        Assert.Single(stranger.Responses);
        AssertSilent();
        Assert.Equal(1, Told().Count);
    }

    [Fact]
    [Rfc("3261", "8.2.2.1")]
    public void Invite_PastTheServersByTcp_IsNotFound()
    {
        var stranger = new Script(_net, "203.0.113.66:40123", isStream: true) { From = Address.Parse($"{Bob}:5060") };
        Assert.Equal(404, Ask(stranger, $"sip:bob@{Bob}").Status);
        AssertSilent();
    }

    [Fact]
    [Rfc("3261", "8.2.2.1")]
    public void Invite_ByIpv6_RingsFromTheServerAlone()
    {
        var net = new SipNet();
        var bob = net.Agent("2001:db8::2");
        var registrar = Registrar(net, "[2001:db8::9]:5060");
        bob.Agent.Register(net.Now, bob.Account("sip:bob@[2001:db8::9]"));
        net.Run(1);
        var stranger = new Script(net, "[2001:db8::66]:5060") { From = registrar.From };
        stranger.Send(stranger.Make(SipMethod.Invite, "sip:bob@[2001:db8::2]", "z9hG4bK1", "<sip:bob@example.com>", callId: "bad", sdp: "v=0"));
        net.Run(1);
        Assert.Equal(404, Assert.Single(stranger.Responses).Status);
        Assert.Equal(0, bob.Count<SipEvent.Incoming>());
        registrar.Send(registrar.Make(SipMethod.Invite, "sip:bob@[2001:db8::2]", "z9hG4bK2", "<sip:bob@example.com>", callId: "good", sdp: "v=0"));
        net.Run(1);
        Assert.Equal(1, bob.Count<SipEvent.Incoming>());
    }

    [Theory]
    [InlineData(Server, "sip:bob@192.0.2.2:5060")]
    [InlineData(Server, "sip:bob@example.com")]
    [InlineData(Server, "sip:b%6fb@192.0.2.2;transport=udp")]
    [InlineData(Server, "sip:bob@198.51.100.7:31000")]
    [InlineData(SecondServer, "sip:bob@192.0.2.2")]
    [InlineData("192.0.2.10:41999", "sip:bob@192.0.2.2")]
    [InlineData("192.0.2.9:5080", "sip:bob@EXAMPLE.com:5060")]
    [Rfc("3263", "4.2")]
    public void Invite_FromAnyServerOfTheSet_Rings(string server, string target)
    {
        Peer(server).Send(Invite(Peer(server), target));
        _net.Run(0.1);
        Assert.Equal(1, _bob.Count<SipEvent.Incoming>());
        Assert.Equal(0, _bob.Count<SipEvent.CallRefused>());
    }

    [Theory]
    [InlineData("192.0.2.2", 5060)]
    [InlineData("198.51.100.7", 31000)]
    [InlineData("inside.example.net", 5060)]
    [Rfc("3261", "8.2.2.1")]
    [Rfc("5627", "3.1")]
    public void Invite_ToTheRegisteredContact_RingsFromAnywhere(string host, int port)
    {
        var target = Contact with { Host = host, Port = (ushort)port };
        var edge = Peer(Stranger);
        edge.Send(Invite(edge, target.ToString()));
        _net.Run(0.1);
        Assert.Equal(1, _bob.Count<SipEvent.Incoming>());
    }

    [Theory]
    [InlineData("sip:carol@192.0.2.2:5060")]
    [InlineData("sip:Bob@192.0.2.2:5060")]
    [InlineData("sip:bob@elsewhere.example:5060")]
    [InlineData("sip:192.0.2.2:5060")]
    [InlineData("tel:+4930123456")]
    [Rfc("3261", "8.2.2.1", Line = "sip U3")]
    public void Invite_FromTheServerForSomebodyElse_IsNotFound(string target)
    {
        Assert.Equal(404, Ask(_registrar, target).Status);
        AssertSilent();
        Assert.Equal(CallRefusal.UnknownUser, Told().Why);
    }

    [Fact]
    [Rfc("3966", "5")]
    public void Invite_ToTheNumberOfTheAccount_RingsAsTelToo()
    {
        var account = _bob.Account("sip:+4930123456@example.com");
        _registrar.Send(Invite(_registrar, "tel:+4930123456"));
        _net.Run(0.1);
        Assert.Equal(account, _bob.Last<SipEvent.Incoming>().Account);
    }

    [Fact]
    [Rfc("5627", "3.1")]
    public void RegisteredContact_IsChancePerProcessAndStableAcrossRefreshes()
    {
        _net.Run(3000);
        var users = _registrar.Requests.Where(r => r.Method == SipMethod.Register).Select(r => r.Headers.TryContacts(out var all) ? all[^1].Uri.User : null).Distinct().ToList();
        Assert.True(_registrar.Count(SipMethod.Register) > 4);
        var user = Assert.Single(users)!;
        Assert.StartsWith("bob-", user, StringComparison.Ordinal);
        Assert.Equal("bob-".Length + 16, user.Length);
        var net = new SipNet(seed: 2);
        var other = net.Agent(Bob);
        Registrar(net, Server);
        other.Agent.Register(net.Now, other.Account($"sip:bob@{Server}"));
        net.Run(1);
        Assert.NotEqual(user, other.Last<SipEvent.Registered>().Contact.User);
    }

    [Fact]
    [Rfc("5627", "3.1")]
    public void RegisteredContact_IsToldToTheRegistrarAlone()
    {
        var secret = Contact.User!;
        AnswerCalls(_bob);
        _registrar.Send(Invite(_registrar, Contact.ToString()));
        _net.Run(0.1);
        _bob.Agent.Invite(_net.Now, _bob.Last<SipEvent.Registered>().Account, Uri($"sip:peer@{Stranger}"), Sdp("offer"));
        var peer = Peer(Stranger);
        _net.Run(0.1);
        var told = _net.Ladder.Where(m => m.From.Ip == IpAddress.Parse(Bob) && m.Message?.Headers.TryCSeq(out var cseq) == true && cseq.Method != SipMethod.Register).ToList();
        Assert.Contains(told, m => m.Message is SipRequest { Method: SipMethod.Invite });
        Assert.Contains(told, m => m.Message is SipResponse { Status: 200 });
        Assert.DoesNotContain(told, m => System.Text.Encoding.UTF8.GetString(m.Message!.ToArray()).Contains(secret, StringComparison.Ordinal));

        // What a peer of a call was told does not let it ring afterwards.
        Assert.True(peer.Last(SipMethod.Invite).Headers.TryContacts(out var contacts));
        Assert.Equal(404, Ask(peer, contacts[0].Uri.ToString()).Status);
    }

    [Theory]
    [InlineData("sip:bob@192.0.2.2", 0)]
    [InlineData("sip:bob@phone.example.net", 0)]
    [InlineData("sip:carol@192.0.2.2", 404)]
    [Rfc("3261", "8.2.2.1")]
    public void Account_WithoutARegistrar_RingsForWhoeverNamesIt(string target, int status)
    {
        var net = new SipNet();
        var bob = net.Agent(Bob);
        bob.Account("sip:bob@example.com");
        AssertOpen(net, bob, target, status);
    }

    [Theory]
    [InlineData(CallsFrom.Anyone, "sip:bob@192.0.2.2", 0)]
    [InlineData(CallsFrom.Anyone, "sip:100@192.0.2.2", 404)]
    [InlineData(CallsFrom.Server, "sip:bob@192.0.2.2", 404)]
    [Rfc("3261", "8.2.2.1")]
    public void CallsFrom_SaysWhoseCallsRing(CallsFrom from, string target, int status)
    {
        var net = new SipNet();
        var bob = net.Agent(Bob);
        bob.Account("sip:bob@example.com", registrar: from == CallsFrom.Anyone ? $"sip:{Server}" : null, callsFrom: from);
        AssertOpen(net, bob, target, status);
    }

    [Theory]
    [InlineData("sip:me@192.0.2.2")]
    [InlineData("sip:anything%20else@192.0.2.2:5060")]
    [InlineData("sip:192.0.2.2")]
    public void AccountOfNobody_RingsWhateverNameIsCalled(string target)
    {
        var net = new SipNet();
        var bob = net.Agent(Bob);
        bob.Agent.AddAccount(new SipAccount { Aor = Uri($"sip:anonymous@{Bob}"), TakesAnyUser = true });
        AssertOpen(net, bob, target, 0);
    }

    [Fact]
    [Rfc("3891", "3")]
    public void Invite_OfAStrangerThatNamesACallOfOurs_MayNotHaveIt()
    {
        AnswerCalls(_bob);
        _registrar.Send(Invite(_registrar, Contact.ToString(), callId: "talk"));
        _net.Run(0.1);
        _registrar.Responses[^1].Headers.TryTo(out var to);
        var stranger = Peer(Stranger);
        Assert.Equal(404, Ask(stranger, $"sip:bob@{Bob}", headers: (HeaderName.Replaces, "talk;to-tag=guessed;from-tag=peer")).Status);
        Assert.Equal(404, Ask(stranger, $"sip:bob@{Bob}", headers: (HeaderName.Replaces, $"talk;to-tag={to!.Tag};from-tag=peer")).Status);
        Assert.Null(_bob.Last<SipEvent.Incoming>().Replaces);
    }

    [Fact]
    [Rfc("3261", "26.3.2.4", Line = "sip U14")]
    public void Scanners_AreCountedAndToldOfOnce()
    {
        var first = _net.Now;
        for (var i = 0; i < 60; i++) Ask(Peer($"127.14.0.{i + 1}:5060"), $"sip:{100 + i}@{Bob}");
        Assert.Equal((CallRefusal.Stranger, 1L, Address.Parse("127.14.0.1:5060")), Told());
        _net.Run(first + TimeSpan.FromHours(1) - _net.Now + TimeSpan.FromSeconds(1));
        Ask(Peer(Stranger), $"sip:1@{Bob}");
        Assert.Equal([1L, 61L], _bob.Events.OfType<SipEvent.CallRefused>().Select(e => e.Count));
        AssertSilent();
    }

    [Fact]
    [Rfc("3261", "21.4.24")]
    public void Calls_OfTheServerAboveTheLimit_AreEachToldOnce()
    {
        var net = new SipNet();
        var bob = net.Agent(Bob, new SipAgentOptions { MaxSessions = 1 });
        var registrar = Registrar(net, Server);
        bob.Agent.Register(net.Now, bob.Account($"sip:bob@{Server}"));
        net.Run(1);
        for (var i = 0; i < 3; i++)
        {
            var invite = registrar.Make(SipMethod.Invite, $"sip:bob@{Bob}", $"z9hG4bK{i}", "<sip:bob@example.com>", callId: $"c{i}", sdp: "v=0");
            invite.Headers.Add(HeaderName.PAssertedIdentity, "\"Caller\" <sip:7@example.com>");
            for (var again = 0; again < 3; again++) registrar.Send(invite);
            net.Run(0.1);
        }

        Assert.Equal(1, bob.Count<SipEvent.Incoming>());
        Assert.Equal([(1L, "Caller"), (2L, "Caller")], bob.Events.OfType<SipEvent.CallRefused>().Select(e => (e.Count, e.From.DisplayName)));
        Assert.All(registrar.Responses.Where(r => r.Status >= 200), r => Assert.Equal(486, r.Status));
    }

    [Fact]
    [Rfc("3261", "8.2.7")]
    public void Refusal_IsTheSameWhenTheRequestIsRepeated()
    {
        var stranger = Peer(Stranger);
        var invite = Invite(stranger, $"sip:bob@{Bob}");
        for (var i = 0; i < 3; i++) stranger.Send(invite);
        stranger.Send(Invite(stranger, $"sip:bob@{Bob}"));
        _net.Run(40);
        Assert.Equal([404, 404, 404, 404], stranger.Responses.Select(r => r.Status));
        Assert.Equal([3, 1], stranger.Responses.GroupBy(r => r.Headers.TryTo(out var to) ? to.Tag : null).Select(g => g.Count()));
    }

    [Fact]
    [Rfc("3261", "8.2.2.2")]
    public void Fork_WithAStaleBindingFirst_RingsByTheOther()
    {
        // The registrar still leads to what we were before a crash, and to what we are now: one call, two branches.
        Assert.Equal(404, Ask(_registrar, $"sip:bob-BeforeTheCrash@{Bob}:5060", callId: "forked").Status);
        _registrar.Send(Invite(_registrar, Contact.ToString(), callId: "forked"));
        _net.Run(0.1);
        Assert.Equal(1, _bob.Count<SipEvent.Incoming>());
    }

    [Fact]
    [Rfc("3261", "11.2", Line = "sip U1")]
    public void Options_FromTheServer_IsAnsweredWhateverItNames()
    {
        foreach (var target in (string[])[Contact.ToString(), $"sip:{Bob}:5060", $"sip:ping@{Bob}"])
        {
            _registrar.Send(_registrar.Make(SipMethod.Options, target, $"z9hG4bK{++_calls}", $"<{target}>", callId: $"o{_calls}"));
            _net.Run(0.1);
            Assert.Equal(200, _registrar.Responses[^1].Status);
        }
    }

    [Fact]
    [Rfc("3261", "8.2.2.1")]
    public void Invite_ForOneOfTwoAccountsOfOneName_IsForThatWhoseServerSentIt()
    {
        var other = Registrar(_net, "198.51.100.9:5060");
        var second = _bob.Account("sip:bob@198.51.100.9");
        _bob.Agent.Register(_net.Now, second);
        _net.Run(1);
        other.Send(Invite(other, $"sip:bob@{Bob}"));
        _net.Run(0.1);
        Assert.Equal(second, _bob.Last<SipEvent.Incoming>().Account);
        _registrar.Send(Invite(_registrar, $"sip:bob@{Bob}"));
        _net.Run(0.1);
        Assert.NotEqual(second, _bob.Last<SipEvent.Incoming>().Account);
    }

    private static Script Registrar(SipNet net, string at)
    {
        var registrar = new Script(net, at);
        registrar.OnRequest = request =>
        {
            if (request.Method == SipMethod.Register) registrar.Answer(request, 200, headers: (HeaderName.Contact, request.Headers.GetList(HeaderName.Contact)[^1]));
        };
        return registrar;
    }

    private static void AssertOpen(SipNet net, SipNode bob, string target, int status)
    {
        var stranger = new Script(net, Stranger) { From = Address.Parse($"{Bob}:5060") };
        stranger.Send(stranger.Make(SipMethod.Invite, target, "z9hG4bK1", $"<{target}>", sdp: "v=0"));
        net.Run(0.1);
        Assert.Equal(status == 0 ? [] : [status], stranger.Responses.Select(r => r.Status));
        Assert.Equal(status == 0 ? 1 : 0, bob.Count<SipEvent.Incoming>());
        if (status != 0) Assert.Equal(1, bob.Count<SipEvent.CallRefused>());
    }

    private Script Peer(string at) => at == Server ? _registrar : new Script(_net, at) { From = Address.Parse($"{Bob}:5060") };

    private SipRequest Invite(Script peer, string target, string? callId = null, string from = "<sip:peer@example.com>;tag=peer", params (string Name, string Value)[] headers)
    {
        _calls++;
        var invite = peer.Make(SipMethod.Invite, target, $"z9hG4bK{_calls}", "<sip:bob@example.com>", from, callId ?? $"c{_calls}", sdp: "v=0");
        foreach (var (name, value) in headers) invite.Headers.Add(name, value);
        return invite;
    }

    private SipResponse Ask(Script peer, string target, string? callId = null, string from = "<sip:peer@example.com>;tag=peer", params (string Name, string Value)[] headers)
    {
        peer.Send(Invite(peer, target, callId, from, headers));
        _net.Run(0.1);
        return peer.Responses[^1];
    }

    private void AssertSilent() => Assert.Equal(0, _bob.Count<SipEvent.Incoming>());

    private (CallRefusal Why, long Count, Address Remote) Told()
    {
        var told = Assert.Single(_bob.Events.OfType<SipEvent.CallRefused>());
        return (told.Why, told.Count, told.Remote);
    }
}
