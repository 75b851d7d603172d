using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>By what an account is registered where nobody named a transport, and what is found out of long messages on the way there.</summary>
public sealed class FlowChoiceTests
{
    private const string V4 = "192.0.2.9:5060";
    private const string V6 = "[2001:db8::9]:5070";

    private readonly SipNet _net = new();

    [Theory]
    [InlineData(V4)]
    [InlineData(V6)]
    [InlineData("192.0.2.200:5080")]
    public void Register_ServerSpeaksTcpToo_IsDoneByUdpAtOnceAndMovesThere(string at)
    {
        var server = new EitherServer(_net, at);
        var alice = Agent(keepalive: 15);
        var account = Register(alice, at);
        _net.Run(0.02);
        Assert.Equal(Transport.Udp, Assert.Single(alice.Events.OfType<SipEvent.Registered>()).Transport);
        _net.Run(1);
        Assert.Equal(Transport.Tcp, alice.Last<SipEvent.Registered>().Transport);
        Assert.Equal(Transport.Tcp, Assert.Single(server.Bindings).Value);
        var told = Assert.Single(alice.Events.OfType<SipEvent.WayFound>());
        Assert.Equal((WayKind.StreamChosen, server.At, Transport.Tcp), (told.Kind, told.Server, told.Transport));
        Assert.Contains("large messages are not cut", told.Fault.What, StringComparison.Ordinal);

        // It stays there, and nothing more goes by UDP.
        var sent = _net.Ladder.Count;
        _net.Run(TimeSpan.FromMinutes(30));
        alice.Agent.Invite(_net.Now, account, Uri("sip:bob@example.com"), Sdp("offer"));
        _net.Run(1);
        Assert.All(_net.Ladder.Skip(sent), m => Assert.True(m.IsStream));
        Assert.Equal(Transport.Tcp, Assert.Single(server.Bindings).Value);
        Assert.Single(alice.Events.OfType<SipEvent.WayFound>());
        Assert.Single(server.Of(SipMethod.Invite, Transport.Tcp));
        alice.Agent.Shutdown(_net.Now);
        _net.Run(1);
        Assert.Empty(server.Bindings);
    }

    [Theory]
    [InlineData(V4, true)]
    [InlineData(V4, false)]
    [InlineData(V6, true)]
    [InlineData(V6, false)]
    public void Register_TcpIsRefusedOrSwallowed_StaysOnUdpAndAsksAgainAfterTenMinutes(string at, bool isRefused)
    {
        var server = new EitherServer(_net, at, tcp: !isRefused);
        server.Mute.Add(Transport.Tcp);
        var alice = Agent();
        Register(alice, at);
        _net.Run(0.02);
        Assert.Equal(Transport.Udp, Assert.Single(alice.Events.OfType<SipEvent.Registered>()).Transport);
        _net.Run(TimeSpan.FromMinutes(9.5));
        Assert.Equal(1, TcpSent(server, SipMethod.Options));
        Assert.Empty(alice.Events.OfType<SipEvent.WayFound>());
        Assert.Empty(alice.Events.OfType<SipEvent.RegistrationFailed>());
        _net.Run(TimeSpan.FromMinutes(30));
        Assert.InRange(TcpSent(server, SipMethod.Options), 2, 4);
        Assert.Equal(0, TcpSent(server, SipMethod.Register));
    }

    [Theory]
    [InlineData(V4)]
    [InlineData(V6)]
    public void Register_UdpIsSwallowed_IsDoneByTcpWithinFourSeconds(string at)
    {
        var server = new EitherServer(_net, at);
        server.Mute.Add(Transport.Udp);
        var alice = Agent();
        Register(alice, at);
        _net.Run(4);
        Assert.Equal(Transport.Tcp, alice.Last<SipEvent.Registered>().Transport);
        Assert.Equal(0, alice.Count<SipEvent.RegistrationFailed>());
    }

    [Theory]
    [InlineData(25)]
    [InlineData(70)]
    public void ChosenStream_GoesMuteAgainAndAgain_IsReachableByUdpAndDoesNotFlap(double standsFor)
    {
        var server = new EitherServer(_net, V4);
        var alice = Agent(keepalive: 15);
        Register(alice, V4);
        _net.Run(standsFor);
        server.Mute.Add(Transport.Tcp);
        _net.Run(30);
        Assert.Equal(Transport.Udp, alice.Last<SipEvent.Registered>().Transport);
        Assert.Contains(alice.Events.OfType<SipEvent.WayFound>(), w => w.Kind == WayKind.StreamGivenUp);

        // It answers at first and dies each time: an hour sees a handful of moves.
        for (var i = 0; i < 60; i++)
        {
            server.Mute.Remove(Transport.Tcp);
            _net.Run(60 - standsFor % 60);
            server.Mute.Add(Transport.Tcp);
            _net.Run(standsFor % 60);
        }

        Assert.InRange(alice.Events.OfType<SipEvent.WayFound>().Count(w => w.Kind == WayKind.StreamChosen), 1, 8);
        Assert.InRange(server.Taken.Count(t => t.Request.Method == SipMethod.Register), 1, 60);
    }

    /// <summary>A server that restarts: the connection ends, and a stream that had stood long is chosen again.</summary>
    [Theory]
    [InlineData(130, true)]
    [InlineData(500, true)]
    [InlineData(20, false)]
    public void ChosenStream_IsClosedByTheServer_IsRegisteredAgainWithinThreeSeconds(double standsFor, bool returns)
    {
        var server = new EitherServer(_net, V4);
        var alice = Agent(keepalive: 15);
        Register(alice, V4);
        _net.Run(standsFor);
        var before = alice.Count<SipEvent.Registered>();
        alice.FailStream(server.At, PathError.Closed);
        _net.Run(3);
        Assert.True(alice.Count<SipEvent.Registered>() > before);
        Assert.Equal(returns ? Transport.Tcp : Transport.Udp, alice.Last<SipEvent.Registered>().Transport);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(503)]
    public void RegistrarRefusesTcp_StaysRegisteredByUdp(int status)
    {
        var server = new EitherServer(_net, V4) { TcpRegisterStatus = status };
        var alice = Agent();
        Register(alice, V4);
        _net.Run(5);
        Assert.Equal(Transport.Udp, alice.Last<SipEvent.Registered>().Transport);
        Assert.Equal(Transport.Udp, Assert.Single(server.Bindings).Value);
        _net.Run(TimeSpan.FromMinutes(9));
        Assert.Single(server.Of(SipMethod.Register, Transport.Tcp));
        Assert.Equal(0, alice.Count<SipEvent.RegistrationFailed>());
    }

    [Theory]
    [InlineData("sip:192.0.2.9;transport=udp")]
    [InlineData("sip:192.0.2.9")]
    public void Profile_NamesUdpOrProbesNothing_StaysOnUdp(string registrar)
    {
        var server = new EitherServer(_net, V4);
        var alice = Agent();
        var isNamed = registrar.EndsWith("udp", StringComparison.Ordinal);
        Register(alice, V4, isNamed ? Transport.Udp : null, probes: isNamed);
        _net.Run(60);
        Assert.Equal(Transport.Udp, alice.Last<SipEvent.Registered>().Transport);
        Assert.DoesNotContain(_net.Ladder, m => m.IsStream);
        Assert.Empty(alice.Events.OfType<SipEvent.WayFound>());
        Assert.Single(server.Bindings);
    }

    /// <summary>Fragments die: whoever insists on UDP is told so, and why a call comes to nothing.</summary>
    [Theory]
    [InlineData(V4, true)]
    [InlineData(V6, true)]
    [InlineData(V4, false)]
    [InlineData(V6, false)]
    public void Datagrams_LongOnesDoNotPass_IsToldOnceWithTheRemedy(string at, bool isNamed)
    {
        var server = new EitherServer(_net, at, tcp: !isNamed);
        server.Mute.Add(Transport.Tcp);
        _net.Drop = m => m is not null && m.ToArray().Length > 1472;
        var alice = Agent();
        var account = Register(alice, at, isNamed ? Transport.Udp : null);
        _net.Run(20);
        var told = Assert.Single(alice.Events.OfType<SipEvent.WayFound>());
        Assert.Equal((WayKind.DatagramsCut, server.At, Transport.Udp), (told.Kind, told.Server, told.Transport));
        Assert.StartsWith("fragments do not pass", told.Fault.What, StringComparison.Ordinal);
        Assert.Contains(isNamed ? "write transport=tcp" : "TCP was tried", told.Fault.Remedy, StringComparison.Ordinal);

        var session = alice.Agent.Invite(_net.Now, account, Uri("sip:bob@example.com"), new byte[1800]);
        _net.Run(isNamed ? 4.5 : 6);
        var ended = alice.Last<SipEvent.Ended>();
        Assert.Equal(session, ended.Session);
        Assert.Contains("fragments do not pass", ended.Fault!.What, StringComparison.Ordinal);
        Assert.Equal(told.Fault.Remedy, ended.Fault.Remedy);

        // Short ones go as ever.
        alice.Agent.Invite(_net.Now, account, Uri("sip:bob@example.com"), Sdp("offer"));
        _net.Run(1);
        Assert.Equal(486, alice.Last<SipEvent.Ended>().Status);
        _net.Run(TimeSpan.FromMinutes(9));
        Assert.Single(alice.Events.OfType<SipEvent.WayFound>());
        Assert.InRange(_net.Ladder.Count(m => !m.IsStream && m.Message is SipRequest { Method: SipMethod.Options }), 3, 12);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(true, 0.3)]
    [InlineData(false, 0)]
    [InlineData(false, 0.3)]
    public void Datagrams_PassOrNobodyAnswersOptions_NothingIsTold(bool answers, double loss)
    {
        var server = new EitherServer(_net, V4) { AnswersOptions = answers };
        _net.Loss = loss;
        var alice = Agent();
        Register(alice, V4, Transport.Udp);
        _net.Run(TimeSpan.FromMinutes(5));
        Assert.Empty(alice.Events.OfType<SipEvent.WayFound>());
        Assert.Single(server.Bindings);
    }

    /// <summary>A path on which packets of 1280 octets pass and longer ones vanish, over a stream that the profile names.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("2923", "2.1")]
    public void Stream_LongSegmentsDoNotPass_IsOpenedAnewWithSmallOnesAndTold(bool probes)
    {
        var server = new EitherServer(_net, V4);
        var alice = Agent();
        alice.LongestSegment = 1240;
        var account = Register(alice, V4, Transport.Tcp, probes);
        _net.Run(5);
        alice.Agent.Invite(_net.Now, account, Uri("sip:bob@example.com"), new byte[1800]);
        _net.Run(5);
        Assert.Equal(486, alice.Last<SipEvent.Ended>().Status);
        Assert.Single(server.Of(SipMethod.Invite, Transport.Tcp));
        var told = Assert.Single(alice.Events.OfType<SipEvent.WayFound>());
        Assert.Equal((WayKind.SegmentsCut, server.At), (told.Kind, told.Server));
        Assert.Equal(Transport.Tcp, alice.Last<SipEvent.Registered>().Transport);
        Assert.Single(server.Bindings);
        Assert.Single(alice.Closed);
    }

    [Fact]
    public void Register_LongSegmentsDoNotPass_MovesToTcpWithSmallOnes()
    {
        var server = new EitherServer(_net, V4);
        var alice = Agent();
        alice.LongestSegment = 1240;
        Register(alice, V4);
        _net.Run(5);
        Assert.Equal(Transport.Tcp, alice.Last<SipEvent.Registered>().Transport);
        Assert.Single(server.Bindings);
        Assert.Equal([WayKind.SegmentsCut, WayKind.StreamChosen], alice.Events.OfType<SipEvent.WayFound>().Select(w => w.Kind));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    public void Register_WhileSomebodyTalks_MovesOnlyAfterwards(double talk)
    {
        var server = new EitherServer(_net, V4);
        var alice = Agent();
        var account = alice.Account("sip:alice@example.com", registrar: $"sip:{V4}", probes: true);
        var bob = new Script(_net, "192.0.2.77:5060");
        bob.OnRequest = request =>
        {
            if (request.Method == SipMethod.Invite) bob.Answer(request, 200, sdp: "v=0");
            if (request.Method == SipMethod.Bye) bob.Answer(request, 200);
        };
        var session = alice.Agent.Invite(_net.Now, account, Uri("sip:bob@192.0.2.77"), Sdp("offer"));
        alice.Agent.Register(_net.Now, account);
        _net.Run(talk);
        Assert.Equal(Transport.Udp, alice.Last<SipEvent.Registered>().Transport);
        alice.Agent.Hangup(_net.Now, session);
        _net.Run(40);
        Assert.Equal(Transport.Tcp, alice.Last<SipEvent.Registered>().Transport);
        Assert.Single(server.Bindings);
    }

    [Theory]
    [InlineData("tcp,udp", Transport.Tcp)]
    [InlineData("udp", Transport.Udp)]
    [InlineData("udp,tcp", Transport.Tcp)]
    public void Services_OfTheName_LeadToTheStreamFirst(string offered, Transport expected)
    {
        foreach (var name in offered.Split(',')) _net.Services[$"_sip._{name}.example.com"] = [new SrvRecord(1, 1, 5060, "s.example.com")];
        _net.Hosts["s.example.com"] = [IpAddress.Parse("192.0.2.9")];
        _ = new EitherServer(_net, V4, tcp: expected == Transport.Tcp);
        var alice = Agent();
        Register(alice, "example.com");
        _net.Run(0.2);
        Assert.Equal(expected, alice.Events.OfType<SipEvent.Registered>().First().Transport);
    }

    [Theory]
    [InlineData("SIP+D2T,SIP+D2U", Transport.Tcp)]
    [InlineData("SIP+D2U,SIP+D2T", Transport.Udp)]
    [InlineData("SIPS+D2T,SIP+D2U", Transport.Udp)]
    [InlineData("E2U+sip,SIP+D2X", Transport.Tcp)]
    [Rfc("3263", "4.1")]
    public void Pointers_OfTheName_AreFollowedInTheirOrderWhereWeSpeakThem(string services, Transport expected)
    {
        _net.Pointers["example.com"] = [.. services.Split(',').Select((service, i) => new NaptrRecord((ushort)(10 * i), 1, "s", service, service.EndsWith("2U", StringComparison.Ordinal) ? "_sip._udp.example.com" : "_sip._tcp.example.com"))];
        foreach (var name in (string[])["udp", "tcp"]) _net.Services[$"_sip._{name}.example.com"] = [new SrvRecord(1, 1, 5060, "s.example.com")];
        _net.Hosts["s.example.com"] = [IpAddress.Parse("192.0.2.9")];
        _ = new EitherServer(_net, V4);
        var alice = Agent();
        Register(alice, "example.com");
        _net.Run(0.2);
        Assert.Equal(expected, alice.Events.OfType<SipEvent.Registered>().First().Transport);
    }

    private int TcpSent(EitherServer server, string method) => _net.Ladder.Count(m => m.IsStream && m.To == server.At && m.Message is SipRequest request && request.Method == method);

    private SipNode Agent(double keepalive = 0)
    {
        SipNode? node = null;
        var pause = TimeSpan.FromSeconds(keepalive);
        node = _net.Agent(Alice, new SipAgentOptions { UdpKeepalive = pause, StreamKeepalive = pause, IsStuck = (_, remote) => node!.IsStuck(remote) }, tcp: true, tcpPort: 0);
        node.Add(Transport.Udp, 5060, "2001:db8::1");
        node.Add(Transport.Tcp, 0, "2001:db8::1");
        return node;
    }

    private AccountId Register(SipNode node, string registrar, Transport? transport = null, bool probes = true)
    {
        var account = node.Account("sip:alice@example.com", registrar: $"sip:{registrar}", transport: transport, probes: probes);
        node.Agent.Register(_net.Now, account);
        return account;
    }
}
