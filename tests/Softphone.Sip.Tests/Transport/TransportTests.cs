using System.Text;
using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>Via, response routing, connections and keepalives.</summary>
public sealed class TransportTests
{
    private static readonly Flow Udp = new(new PathId(1), Address.Parse("198.51.100.7:40000"), Transport.Udp);

    [Theory]
    [InlineData("SIP/2.0/UDP 10.0.0.1:5062;branch=z9hG4bK1;rport=40000;received=198.51.100.7", "198.51.100.7:40000")]
    [InlineData("SIP/2.0/UDP 10.0.0.1:5062;branch=z9hG4bK1;received=198.51.100.7", "198.51.100.7:5062")]
    [InlineData("SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1;received=198.51.100.7", "198.51.100.7:5060")]
    [InlineData("SIP/2.0/UDP 198.51.100.7;branch=z9hG4bK1", "198.51.100.7:5060")]
    [InlineData("SIP/2.0/UDP 10.0.0.1:5062;maddr=224.0.1.75;branch=z9hG4bK1", "224.0.1.75:5062")]
    [InlineData("SIP/2.0/UDP 198.51.100.7:5062;maddr=203.0.113.9;branch=z9hG4bK1", "198.51.100.7:5062")]
    [Rfc("3261", "18.2.2", Line = "sip T4")]
    [Rfc("3581", "4", Line = "sip T4")]
    public void Response_OverUdp_GoesWhereTheViaSays(string via, string expected)
    {
        Assert.True(Via.TryParse(via, out var top, out _));
        Assert.Equal(Address.Parse(expected), ResponseRoute.Of(top, Udp).Remote);
    }

    [Theory]
    [InlineData("SIP/2.0/UDP 198.51.100.7:40000;received=203.0.113.9;branch=z9hG4bK1")]
    [InlineData("SIP/2.0/UDP 198.51.100.7:40000;rport=9;received=203.0.113.9;branch=z9hG4bK1")]
    [Rfc("3261", "18.2.1", Line = "sip T3")]
    public void Source_AsTheSenderClaims_IsNotBelieved(string claimed)
    {
        Assert.True(Via.TryParse(claimed, out var top, out _));
        Assert.Equal(Udp.Remote, ResponseRoute.Of(top.WithSource(Udp.Remote), Udp).Remote);
    }

    [Fact]
    [Rfc("3261", "18.2.2", Line = "sip T4")]
    public void Response_OverAStream_GoesBackOnIt()
    {
        var flow = Udp with { Transport = Transport.Tcp };
        Assert.True(Via.TryParse("SIP/2.0/TCP 10.0.0.1:5062;branch=z9hG4bK1", out var top, out _));
        Assert.Equal(flow, ResponseRoute.Of(top, flow));
    }

    [Fact]
    [Rfc("3261", "18.1.1", Line = "sip T1")]
    [Rfc("3581", "3", Line = "sip T1")]
    public void Requests_HaveUniqueBranchesRportAndOurPort()
    {
        var net = new SipNet();
        var alice = net.Agent(Alice, port: 5070);
        var peer = new Script(net, Server);
        peer.OnRequest = request => peer.Answer(request, 200);
        var account = alice.Account("sip:alice@example.com");
        for (var i = 0; i < 50; i++) alice.Agent.Options(net.Now, account, Uri($"sip:{Server}"));
        net.Run(1);
        var vias = peer.Requests.Select(r => r.Headers.TryVia(out var via) ? via : null!).ToList();
        Assert.Equal(50, vias.Select(v => v.Branch).Distinct().Count());
        Assert.All(vias, via => Assert.True(via.HasMagicBranch && via.HasRport && via.Port == 5070));
        Assert.All(net.Ladder.Where(m => m.Message is SipRequest), m => Assert.Equal(5070, m.From.Port));
    }

    [Fact]
    [Rfc("3261", "18.2.1", Line = "sip T3")]
    public void Request_FromBehindNat_IsAnsweredWithReceivedAndRport()
    {
        var net = new SipNet();
        net.Agent(Bob).Account("sip:bob@example.com");
        var peer = new Script(net, "203.0.113.5:33000") { From = Address.Parse($"{Bob}:5060") };
        var options = peer.Make(SipMethod.Options, $"sip:bob@{Bob}", "z9hG4bK1", "<sip:bob@example.com>");
        options.Headers.SetTopVia(new Via("UDP", "10.0.0.5", 5060) { Parameters = Parameters.Empty.With("rport").With("branch", "z9hG4bKx") });
        peer.Send(options);
        net.Run(0.1);
        Assert.True(Assert.Single(peer.Responses).Headers.TryVia(out var via));
        Assert.Equal(("203.0.113.5", (ushort?)33000), (via.Received, via.Rport));
    }

    [Fact]
    [Rfc("3261", "18.1.1", Line = "sip T5")]
    public void Request_TooLongForUdp_GoesByTcp()
    {
        var (net, alice, peers) = Long();
        net.Run(0.5);
        Assert.Equal(0, peers.Udp.Count(SipMethod.Invite));
        var invite = peers.Tcp.Last(SipMethod.Invite);
        Assert.StartsWith("SIP/2.0/TCP", invite.Headers.Get(HeaderName.Via));
        // We are reached where we listen; the stack that this one request went by only connects.
        Assert.DoesNotContain("transport=tcp", invite.Headers.Get(HeaderName.Contact));
        peers.Tcp.Answer(invite, 200, sdp: "v=0");
        net.Run(0.5);
        Assert.Equal(1, alice.Count<SipEvent.Answered>());
    }

    [Fact]
    [Rfc("3261", "18.1.1", Line = "sip T5")]
    public void Request_TooLongForUdp_TcpRefused_FallsBackToUdp()
    {
        var (net, alice, peers) = Long(tcp: false);
        net.Run(0.5);
        var invite = peers.Udp.Last(SipMethod.Invite);
        Assert.StartsWith("SIP/2.0/UDP", invite.Headers.Get(HeaderName.Via));
        Assert.DoesNotContain("transport=tcp", invite.Headers.Get(HeaderName.Contact));
        peers.Udp.Answer(invite, 200, sdp: "v=0");
        net.Run(0.5);
        Assert.Equal(1, alice.Count<SipEvent.Answered>());
        Assert.Equal(0, alice.Count<SipEvent.Ended>());
    }

    [Fact]
    [Rfc("3261", "18.1.1", Line = "sip T5")]
    public void Request_TooLongForUdp_TcpSilent_FallsBackToUdpAfterFourSeconds()
    {
        var (net, alice, peers) = Long();
        net.Run(3.9);
        Assert.Equal(0, peers.Udp.Count(SipMethod.Invite));
        net.Run(0.2);
        peers.Udp.Answer(peers.Udp.Last(SipMethod.Invite), 200, sdp: "v=0");
        net.Run(60);
        Assert.Equal(1, peers.Tcp.Count(SipMethod.Invite));
        Assert.Equal(1, alice.Count<SipEvent.Answered>());
        Assert.Equal(0, alice.Count<SipEvent.Ended>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("3261", "18.1.1")]
    public void Request_TooLongForUdp_TcpFoundDeadBefore_GoesByUdpAtOnceForAWhile(bool isRefused)
    {
        var (net, alice, peers) = Long();
        if (isRefused) alice.FailStream(peers.Tcp.At, PathError.Refused);
        net.Run(5);
        Assert.NotEqual(0, peers.Udp.Count(SipMethod.Invite));
        var account = alice.Account("sip:alice@example.com");
        Again(0.1, tcp: 1, udp: 2);
        net.Run(700);
        Again(0.1, tcp: 2, udp: 2);

        void Again(double within, int tcp, int udp)
        {
            alice.Agent.Invite(net.Now, account, Uri($"sip:peer@{Server}"), new byte[1300]);
            net.Run(within);
            Assert.Equal((tcp, udp), (peers.Tcp.Requests.Select(r => r.Headers.CallId).Distinct().Count(), peers.Udp.Requests.Where(r => r.Method == SipMethod.Invite).Select(r => r.Headers.CallId).Distinct().Count()));
        }
    }

    [Fact]
    [Rfc("6026", "7.1", Line = "sip X8")]
    public void IcmpError_WhileItRings_EndsNoCall()
    {
        var net = new SipNet();
        var bob = net.Agent(Bob);
        var peer = new Script(net, Server) { From = Address.Parse($"{Bob}:5060") };
        peer.Send(peer.Make(SipMethod.Invite, $"sip:bob@{Bob}", "z9hG4bK1", "<sip:bob@example.com>", sdp: "v=0"));
        net.Run(0.1);
        bob.Agent.Fail(new PathFailure(net.Now, new PathId(1), peer.At, PathError.Refused));
        bob.Agent.Accept(net.Now, bob.Last<SipEvent.Incoming>().Session, Sdp("answer"));
        net.Run(0.1);
        Assert.Equal(200, peer.Responses[^1].Status);
        Assert.Equal(0, bob.Count<SipEvent.Ended>());
    }

    /// <summary>What the shell knows better than any error says, such as what is wrong with a certificate, is what the person is told.</summary>
    [Theory]
    [InlineData("no TLS with it: its issuer is unknown")]
    [InlineData("no TLS with it: it expired on 2021-01-01")]
    public void Failure_WithAReason_IsToldByIt_AndTheNextOneByItsOwn(string what)
    {
        var why = new Fault(Layer.Tls, what, "pin it");
        var (net, alice, peer, _) = Calling();
        alice.Agent.Fail(new PathFailure(net.Now, new PathId(1), peer.At, PathError.TlsFailed, why));
        net.Run(0.1);
        Assert.Same(why, alice.Last<SipEvent.Ended>().Fault);

        (net, alice, peer, _) = Calling();
        alice.Agent.Fail(new PathFailure(net.Now, new PathId(1), Address.Parse("192.0.2.99:5061"), PathError.TlsFailed, why));
        alice.Agent.Fail(new PathFailure(net.Now, new PathId(1), peer.At, PathError.Refused));
        net.Run(0.1);
        Assert.Contains("refused", alice.Last<SipEvent.Ended>().Fault!.What, StringComparison.Ordinal);
    }

    [Fact]
    [Rfc("3261", "17.1.1.2", Line = "sip X2")]
    public void IcmpError_AfterAProvisional_EndsNoCall()
    {
        var (net, alice, peer, _) = Calling();
        peer.Answer(peer.Last(SipMethod.Invite), 180);
        net.Run(0.1);
        alice.Agent.Fail(new PathFailure(net.Now, new PathId(1), peer.At, PathError.Refused));
        peer.Answer(peer.Last(SipMethod.Invite), 200, sdp: "v=0");
        net.Run(0.1);
        Assert.Equal(1, alice.Count<SipEvent.Answered>());
        Assert.Equal(0, alice.Count<SipEvent.Ended>());
    }

    [Theory]
    [InlineData(null, ";transport=udp")]
    [InlineData(Transport.Udp, "")]
    [Rfc("3261", "18.1.1", Line = "sip T5")]
    public void Request_TooLong_UdpPrescribed_StaysOnUdp(Transport? transport, string parameter)
    {
        var (net, _, peers) = Long(transport: transport, parameter: parameter);
        net.Run(0.1);
        Assert.Equal(0, peers.Tcp.Count(SipMethod.Invite));
        Assert.Equal(1, peers.Udp.Count(SipMethod.Invite));
    }

    [Fact]
    [Rfc("3261", "8.1.3.1", Line = "sip T10")]
    public void Path_Removed_MovesTheRegistrationToAnother()
    {
        var net = new SipNet();
        var alice = net.Agent(Alice);
        var registrar = new Script(net, Server);
        registrar.OnRequest = request => registrar.Answer(request, 200, headers: (HeaderName.Contact, request.Headers.Get(HeaderName.Contact)!));
        alice.Agent.Register(net.Now, alice.Account($"sip:alice@{Server}"));
        net.Run(1);
        alice.Remove(new PathId(1));
        alice.Add(Transport.Udp, 5099);
        net.Run(3);
        Assert.Equal(1, alice.Count<SipEvent.RegistrationFailed>());
        Assert.Equal((ushort?)5099, alice.Last<SipEvent.Registered>().Contact.Port);
    }

    [Fact]
    [Rfc("3261", "10.2.2", Line = "sip T10")]
    public void Path_Replaced_RegistersAtOnceAndTakesTheOldBindingAway()
    {
        var net = new SipNet();
        var alice = net.Agent(Alice);
        var registrar = new Script(net, Server);
        registrar.OnRequest = request => registrar.Answer(request, 200, headers: (HeaderName.Contact, request.Headers.Get(HeaderName.Contact)!));
        alice.Agent.Register(net.Now, alice.Account($"sip:alice@{Server}"));
        net.Run(1);
        alice.Add(Transport.Udp, 5099);
        alice.Remove(new PathId(1));
        net.Run(0.1);
        Assert.Equal(0, alice.Count<SipEvent.RegistrationFailed>());
        Assert.Equal(2, registrar.Count(SipMethod.Register));
        Assert.True(registrar.Last(SipMethod.Register).Headers.TryContacts(out var contacts));
        Assert.Equal([(5060, 0u), (5099, 600u)], contacts.Select(c => ((int)c.Uri.EffectivePort, c.Expires!.Value)));
        Assert.Equal(2, alice.Count<SipEvent.Registered>());
    }

    [Fact]
    [Rfc("3263", "4.3", Line = "sip T10")]
    public void Path_Replaced_RequestsNotYetHeardOfAreSentAnew()
    {
        var net = new SipNet();
        var alice = net.Agent(Alice);
        var server = new Script(net, Server);
        alice.Agent.Options(net.Now, alice.Account($"sip:alice@{Server}"), SipNode.Uri($"sip:{Server}"));
        net.Run(0.1);
        alice.Add(Transport.Udp, 5099);
        alice.Remove(new PathId(1));
        net.Run(0.1);
        Assert.Equal(2, server.Count(SipMethod.Options));
        server.Answer(server.Last(SipMethod.Options), 200);
        net.Run(0.1);
        Assert.Equal(200, Assert.Single(alice.Events.OfType<SipEvent.RequestCompleted>()).Status);
        net.Run(60);
        Assert.True(alice.Agent.IsIdle);
    }

    private static (SipNet Net, SipNode Alice, (Script Udp, Script Tcp) Peers) Long(bool tcp = true, Transport? transport = null, string parameter = "")
    {
        var net = new SipNet();
        var alice = net.Agent(Alice, tcp: true);
        var stream = new Script(net, tcp ? Server : "192.0.2.99:5060", isStream: true);
        var udp = new Script(net, Server);
        alice.Agent.Invite(net.Now, alice.Account("sip:alice@example.com", transport: transport), Uri($"sip:peer@{Server}{parameter}"), new byte[1300]);
        return (net, alice, (udp, stream));
    }
}
