using System.Text;
using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>Connections, and when they end.</summary>
public sealed class StreamTests
{
    [Fact]
    [Rfc("3261", "18.2.2", Line = "sip T4")]
    public void Response_OnAConnectionThatEnded_IsNotSentAnywhere()
    {
        var net = new SipNet();
        var bob = net.Agent(Bob, udp: false, tcp: true);
        var peer = new Script(net, "192.0.2.9:41000", isStream: true) { From = Address.Parse($"{Bob}:5060") };
        peer.Send(peer.Make(SipMethod.Invite, $"sip:bob@{Bob}", "z9hG4bK1", "<sip:bob@example.com>", sdp: "v=0"));
        net.Run(0.1);
        bob.FailStream(peer.At, PathError.Closed);
        net.Run(60);
        Assert.Empty(peer.Responses);
        Assert.Equal((EndCause.Error, 503), (bob.Last<SipEvent.Ended>().Cause, bob.Last<SipEvent.Ended>().Status));
        Assert.True(bob.Agent.IsIdle);
    }

    [Fact]
    public void Connections_AboveTheBound_CloseTheOldestButNotTheRegisteredOne()
    {
        var net = new SipNet();
        var bob = net.Agent(Bob, new SipAgentOptions { MaxConnections = 3, StreamKeepalive = TimeSpan.Zero }, udp: false, tcp: true);
        var registrar = new Script(net, Server, isStream: true);
        registrar.OnRequest = request => registrar.Answer(request, 200, headers: (HeaderName.Contact, request.Headers.Get(HeaderName.Contact)!));
        bob.Agent.Register(net.Now, bob.Account($"sip:bob@{Server}"));
        net.Run(1);
        for (var i = 0; i < 5; i++)
        {
            net.Send(Address.Parse($"203.0.113.{i + 1}:40000"), Address.Parse($"{Bob}:5060"), "OPTIONS ", isStream: true);
            net.Run(1);
        }

        Assert.Equal(["203.0.113.1", "203.0.113.2"], bob.Closed.Select(e => e.Ip.ToString()));
        Assert.Equal(0, bob.Count<SipEvent.RegistrationFailed>());
    }

    [Fact]
    [Rfc("5626", "3", Line = "sip T6")]
    public void Request_OnAConnectionThatWeOpened_IsServedOnIt()
    {
        var net = new SipNet();
        var alice = net.Agent(Alice, udp: false, tcp: true, tcpPort: 0);
        var server = new Script(net, Server, isStream: true);
        server.OnRequest = request => server.Answer(request, 200, headers: (HeaderName.Contact, request.Headers.Get(HeaderName.Contact)!));
        alice.Agent.Register(net.Now, alice.Account($"sip:alice@{Server}"));
        net.Run(1);
        AnswerCalls(alice);
        var invite = server.Make(SipMethod.Invite, $"sip:alice@{Alice}", "z9hG4bKin", "<sip:alice@example.com>", sdp: "v=0");
        invite.Headers.Set(HeaderName.Contact, $"<sip:peer@{Server};transport=tcp>");
        server.Send(invite);
        net.Run(1);
        Assert.Contains(server.Responses, r => r.Status == 200);
        Assert.Equal(1, alice.Count<SipEvent.Incoming>());
    }

    [Fact]
    [Rfc("3261", "8.1.3.1", Line = "sip T9")]
    public void Connection_Closed_FailsItsRequestsOnce()
    {
        var net = new SipNet();
        var alice = net.Agent(Alice, udp: false, tcp: true);
        var peer = new Script(net, Server, isStream: true);
        var account = alice.Account("sip:alice@example.com");
        alice.Agent.Invite(net.Now, account, Uri($"sip:peer@{Server}"), Sdp("offer"));
        alice.Agent.Options(net.Now, account, Uri($"sip:{Server}"));
        net.Run(0.1);
        peer.Answer(peer.Last(SipMethod.Invite), 180);
        net.Run(0.1);
        alice.FailStream(peer.At, PathError.Closed);
        net.Run(80);
        Assert.Equal(503, Assert.Single(alice.Events.OfType<SipEvent.Ended>()).Status);
        Assert.Equal(503, Assert.Single(alice.Events.OfType<SipEvent.RequestCompleted>()).Status);
        // The callee is not left ringing: over another connection its INVITE is taken back.
        Assert.Equal([SipMethod.Invite, SipMethod.Options, SipMethod.Cancel, SipMethod.Bye], peer.Requests.Select(r => r.Method));
        Assert.Equal(peer.Requests[0].Headers.Get(HeaderName.Via), peer.Requests[2].Headers.Get(HeaderName.Via));
        Assert.True(alice.Agent.IsIdle);
    }

    [Fact]
    [Rfc("5626", "3.5.1", Line = "sip T11")]
    public void Ping_FromThePeer_GetsAPong()
    {
        var net = new SipNet();
        net.Agent(Bob, udp: false, tcp: true);
        var peer = new Script(net, Server, isStream: true);
        net.Send(peer.At, Address.Parse($"{Bob}:5060"), "\r\n\r\n", isStream: true);
        net.Run(0.1);
        Assert.Equal("\r\n", Encoding.ASCII.GetString(Assert.Single(peer.Other)));
    }

    [Fact]
    [Rfc("3261", "18.3", Line = "sip M6")]
    public void Stream_ThatLosesItsFraming_IsAnswered400AndClosed()
    {
        var net = new SipNet();
        var bob = net.Agent(Bob, udp: false, tcp: true);
        var peer = new Script(net, Server, isStream: true) { From = Address.Parse($"{Bob}:5060") };
        peer.Send($"OPTIONS sip:bob@{Bob} SIP/2.0\nVia: SIP/2.0/TCP {Server};branch=z9hG4bK1\nFrom: <sip:a@b>;tag=1\nTo: <sip:b@b>\nCall-ID: x\nCSeq: 1 OPTIONS\n\n");
        net.Run(0.1);
        Assert.Equal(400, Assert.Single(peer.Responses).Status);
        Assert.Equal(peer.At, Assert.Single(bob.Closed));
    }
}
