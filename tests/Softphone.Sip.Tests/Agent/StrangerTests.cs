using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>Strangers that want the password: by what they write into dialogs of their own, by where they send us, and by what they are believed afterwards.</summary>
public sealed class StrangerTests
{
    private const string Password = "s3cret";
    private const string Stranger = "192.0.2.66:7066";

    private readonly SipNet _net = new();
    private readonly SipNode _alice;
    private readonly Script _server;
    private readonly Script _stranger;
    private readonly AccountId _account;

    public StrangerTests()
    {
        _net.Hosts["example.com"] = [IpAddress.Parse("192.0.2.9")];
        _net.Hosts["evil.example.com"] = [IpAddress.Parse("192.0.2.66")];
        _net.Hosts["evil.example.org"] = [IpAddress.Parse("192.0.2.66")];
        _alice = _net.Agent(Alice, tcp: true);
        _account = _alice.Account("sip:alice@example.com", Password, callsFrom: CallsFrom.Anyone);
        _server = new Script(_net, Server);
        _server.OnRequest = request =>
        {
            if (request.Method != SipMethod.Register) return;
            if (request.Headers.Has(HeaderName.Authorization)) _server.Answer(request, 200, headers: (HeaderName.Contact, request.Headers.Get(HeaderName.Contact)!));
            else Ask(_server, request, 401, "example.com");
        };
        _stranger = new Script(_net, Stranger);
        AnswerCalls(_alice);
        _alice.Agent.Register(_net.Now, _account);
        _net.Run(1);
        Assert.Equal(1, _alice.Count<SipEvent.Registered>());
    }

    public static TheoryData<string, string?> Dialogs => new()
    {
        { $"<sip:x@{Stranger}>", null },
        { "<sip:x@example.com:7066;maddr=192.0.2.66>", null },
        { "<sip:x@192.0.2.9:5060;maddr=192.0.2.66>", null },
        { "<sip:x@evil.example.com:7066>", null },
        { "<sip:x@EVIL.Example.COM.:7066>", null },
        { $"<sip:example.com@{Stranger}>", null },
        { "<sip:x@example.com:7066>", null },
        { "<sip:x@192.0.2.9:7066>", null },
        { $"<sip:x@{Stranger}>", "<sip:example.com:7066;lr;maddr=192.0.2.66>" },
        { $"<sip:x@{Stranger}>", "<sip:192.0.2.66:7066;lr>" },
        { $"<sip:x@{Stranger}>", $"<sip:{Stranger};lr>, <sip:example.com;lr>" },
        { "<sip:alice@example.com>", $"<sip:evil.example.com:7066>, <sip:example.com;lr>" },
        { $"<sip:x@{Stranger}>", "<sip:example.com;lr>" },
        { $"<sip:x@{Stranger}>", $"<sip:{Server};lr>, <sip:{Stranger};lr>" },
        { "<sip:x@192.0.2.9:5060>", null },
    };

    /// <summary>Some lead to our own server, which hands on what is said behind it.</summary>
    [Theory]
    [MemberData(nameof(Dialogs))]
    [Rfc("3261", "22.1", Line = "sip A6")]
    [Rfc("3261", "26.3.2.4")]
    public void Dialog_OfAStranger_GivesNoCredentials(string contact, string? route)
    {
        foreach (var status in (int[])[401, 407])
        {
            foreach (var realm in (string[])["whatever", "example.com", "192.0.2.66"])
            {
                var session = Called(contact, route);
                _server.OnRequest = request => Ask(_server, request, status, realm);
                _stranger.OnRequest = request => Ask(_stranger, request, status, realm);
                var other = new Script(_net, "192.0.2.9:7066");
                other.OnRequest = request => Ask(other, request, status, realm);
                _alice.Agent.Offer(_net.Now, session, Sdp("again"));
                _net.Run(40);
                _alice.Agent.Hangup(_net.Now, session);
                _net.Run(40);
            }
        }

        Assert.Empty(Cracker.Given(_net, Server));
        Assert.DoesNotContain(_server.Requests, r => r.Method != SipMethod.Register && Cracker.Credentials(r).Any());
    }

    /// <summary>That the same is answered where it should be, and would be cracked: else the tests here show nothing.</summary>
    [Fact]
    public void Digest_OnTheWire_IsCracked()
    {
        var register = _server.Last(SipMethod.Register);
        Assert.Equal(Password, Cracker.Crack(register, register.Headers.Get(HeaderName.Authorization)!));
    }

    /// <summary>What a REFER or a person's click makes of an address that a stranger gave.</summary>
    [Theory]
    [InlineData("sip:x@example.com:7066;maddr=192.0.2.66")]
    [InlineData("sip:x@192.0.2.9:5060;maddr=192.0.2.66")]
    [InlineData("sip:x@evil.example.com:7066")]
    [InlineData("sip:x@evil.example.com:7066;transport=tcp")]
    [InlineData("sip:x@192.0.2.9:7066")]
    [InlineData("sip:example.com:pw@192.0.2.66:7066")]
    [InlineData("sip:x@evil.example.org:7066;lr")]
    [Rfc("3261", "22.1", Line = "sip A6")]
    public void Call_ToWhereAStrangerSendsUs_GivesNoCredentials(string target)
    {
        _stranger.OnRequest = request => Ask(_stranger, request, 401, "example.com");
        var stream = new Script(_net, Stranger, isStream: true);
        stream.OnRequest = request => Ask(stream, request, 407, "example.com");
        var other = new Script(_net, "192.0.2.9:7066");
        other.OnRequest = request => Ask(other, request, 407, "example.com");
        _alice.Agent.Invite(_net.Now, _account, Uri(target), Sdp("offer"));
        _alice.Agent.Options(_net.Now, _account, Uri(target));
        _net.Run(60);
        Assert.Empty(Cracker.Given(_net, Server));
        Assert.DoesNotContain(_server.Requests, r => r.Method != SipMethod.Register && Cracker.Credentials(r).Any());
    }

    [Fact]
    [Rfc("3261", "22.1", Line = "sip A6")]
    public void Stranger_ThatAsks_IsNamedToThePerson()
    {
        _stranger.OnRequest = request => Ask(_stranger, request, 401, "example.com");
        _alice.Agent.Invite(_net.Now, _account, Uri($"sip:x@{Stranger}"), Sdp("offer"));
        _net.Run(1);
        var fault = _alice.Last<SipEvent.Ended>().Fault!;
        Assert.Equal(Layer.Authentication, fault.Layer);
        Assert.Contains(Stranger, fault.What);
        Assert.Contains("account.outbound-proxy", fault.Remedy);
    }

    /// <summary>However often its challenges were heard and its addresses used, it is nobody.</summary>
    [Theory]
    [InlineData("<sip:x@example.com:7066;maddr=192.0.2.66>", null)]
    [InlineData("<sip:x@192.0.2.66:7066>", "<sip:example.com:7066;lr;maddr=192.0.2.66>")]
    [InlineData("<sip:x@evil.example.com:7066>", null)]
    [InlineData("<sip:x@192.0.2.66:7066>", "<sip:evil.example.com:7066;lr>")]
    [Rfc("3325", "5")]
    [Rfc("3842", "3.9")]
    public void Stranger_AfterACall_IsBelievedNothing(string contact, string? route)
    {
        var session = Called(contact, route);
        _stranger.OnRequest = request => Ask(_stranger, request, 401, "example.com");
        _alice.Agent.Hangup(_net.Now, session);
        _net.Run(40);
        _stranger.OnRequest = null;

        var invite = Invite("<sip:x@192.0.2.66:7066>", null);
        invite.Headers.Add(HeaderName.PAssertedIdentity, "\"Your Bank\" <sip:security@bank.example>");
        _stranger.Send(invite);
        _net.Run(1);
        Assert.Null(_alice.Last<SipEvent.Incoming>().AssertedIdentity);

        _stranger.Send(Notify(_stranger));
        _net.Run(1);
        Assert.Equal(481, _stranger.Responses.Single(r => r.Headers.CallId == "notify").Status);
        Assert.Equal(0, _alice.Count<SipEvent.MessagesWaiting>());

        var answered = _stranger.Responses.Count;
        for (var i = 0; i < 100; i++) _stranger.Send(_stranger.Make(SipMethod.Options, $"sip:alice@{Alice}", $"z9hG4bKflood{i}", "<sip:alice@example.com>", callId: $"flood{i}"));
        _net.Run(1);
        Assert.InRange(_stranger.Responses.Count - answered, 1, 40);
    }

    /// <summary>The same is believed of a server that is not in use, whatever port it sends from.</summary>
    [Theory]
    [InlineData("192.0.2.9:33000")]
    [InlineData("192.0.2.10:5060")]
    public void Server_NotInUse_IsBelieved(string address)
    {
        _net.Hosts["example.com"] = [IpAddress.Parse("192.0.2.9"), IpAddress.Parse("192.0.2.10")];
        _net.Run(600);
        var server = new Script(_net, address) { From = new Address(IpAddress.Parse(Alice), 5060) };
        var invite = Invite($"<sip:x@{address}>", null);
        invite.Headers.Add(HeaderName.PAssertedIdentity, "<sip:carol@example.com>");
        server.Send(invite);
        server.Send(Notify(server));
        _net.Run(1);
        Assert.Equal("sip:carol@example.com", _alice.Last<SipEvent.Incoming>().AssertedIdentity?.Uri.ToString());
        Assert.Equal(1, _alice.Count<SipEvent.MessagesWaiting>());
    }

    [Fact]
    [Rfc("3261", "8.1.3.4")]
    public void Redirection_ToAStranger_IsToldAndNotFollowed()
    {
        _server.OnRequest = request => _server.Answer(request, 302, headers: (HeaderName.Contact, $"<sip:x@{Stranger}>, <sip:example.com:7066;maddr=192.0.2.66>"));
        _alice.Agent.Invite(_net.Now, _account, Uri("sip:bob@example.com"), Sdp("offer"));
        _alice.Agent.Register(_net.Now, _account);
        _net.Run(40);
        Assert.Empty(_stranger.Requests);
        Assert.Contains(Stranger, _alice.Last<SipEvent.Ended>().Fault!.What);
        var failed = _alice.Last<SipEvent.RegistrationFailed>();
        Assert.Contains(Stranger, failed.Fault.What);
        Assert.Contains("account.registrar", failed.Fault.Remedy);
    }

    private SessionId Called(string contact, string? route)
    {
        _stranger.OnRequest = null;
        var invite = Invite(contact, route);
        _stranger.Send(invite);
        _net.Run(0.1);
        var ok = _stranger.Responses.Last(r => r.Status == 200 && r.Headers.CallId == invite.Headers.CallId);
        _stranger.Send(_stranger.Make(SipMethod.Ack, $"sip:alice@{Alice}", "z9hG4bKack" + _calls, ok.Headers.Get(HeaderName.To)!, callId: invite.Headers.CallId!));
        _net.Run(0.1);
        return _alice.Last<SipEvent.Confirmed>().Session;
    }

    private int _calls;

    private SipRequest Invite(string contact, string? route)
    {
        _stranger.From = new Address(IpAddress.Parse(Alice), 5060);
        var invite = _stranger.Make(SipMethod.Invite, $"sip:alice@{Alice}", $"z9hG4bKcall{++_calls}", "<sip:alice@example.com>", callId: $"call{_calls}", sdp: "v=0 theirs");
        invite.Headers.Set(HeaderName.Contact, contact);
        if (route is not null) invite.Headers.Add(HeaderName.RecordRoute, route);
        return invite;
    }

    private static SipRequest Notify(Script from)
    {
        var notify = from.Make(SipMethod.Notify, $"sip:alice@{Alice}", "z9hG4bKnotify", "<sip:alice@example.com>", callId: "notify");
        notify.Headers.Add(HeaderName.Event, "message-summary");
        notify.Headers.Add(HeaderName.SubscriptionState, "active");
        notify.Headers.Add(HeaderName.Contact, $"<sip:x@{from.At}>");
        notify.SetBody("application/simple-message-summary", "Messages-Waiting: yes\r\nVoice-Message: 1/0\r\n"u8.ToArray());
        return notify;
    }

    private static void Ask(Script script, SipRequest request, int status, string realm)
    {
        if (request.Method == SipMethod.Ack) return;
        script.Answer(request, status, headers: (status == 401 ? HeaderName.WwwAuthenticate : HeaderName.ProxyAuthenticate, $"Digest realm=\"{realm}\", nonce=\"attackerchosen\", algorithm=MD5, qop=\"auth\""));
    }
}
