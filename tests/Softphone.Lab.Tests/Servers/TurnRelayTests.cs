using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Lab.Tests;

/// <summary>Permissions, channels and data.</summary>
public class TurnRelayTests
{
    private readonly StunBench _bench = new();
    private readonly TurnHand _hand;
    private readonly Bench _peer;

    public TurnRelayTests()
    {
        _hand = new TurnHand(_bench);
        _hand.Allocate();
        _peer = Bench.On(Bench.PublicHost(_bench.World, "peer", "203.0.113.50"), 7000);
    }

    [Fact]
    [Rfc("8656", "11.1", Line = "T22")]
    public void SendIndication_OnlyWithPermission_ReachesThePeer()
    {
        _hand.SendIndication(_peer.Bound, "too early");
        Assert.Empty(_peer.Probe.Received);
        Assert.Equal(0, _hand.Permit("203.0.113.50:1").Code);
        _hand.SendIndication(_peer.Bound, "hello");
        Assert.Equal((_hand.Relay, "hello"), (_peer.Probe.Received[0].From, _peer.Probe.Received[0].Text));
        _hand.SendIndication(_peer.Bound, "whole", dontFragment: true);
        Assert.Single(_peer.Probe.Received);
        Assert.Equal((1L, 5L, 2L), (_bench.Turn.RelayedPackets, _bench.Turn.RelayedBytes, _bench.Turn.DroppedPackets));
    }

    [Theory]
    [InlineData(7000)]
    [InlineData(9999)]
    [Rfc("8656", "9", Line = "T18")]
    public void FromPeer_AnyPortOfAPermittedAddress_BecomesADataIndication(ushort port)
    {
        var other = port == 7000 ? _peer : Bench.On(_peer.Host, port);
        _hand.Permit("203.0.113.50:7000");
        other.Send(_hand.Relay, "hi");
        Run();
        var data = _hand.Last();
        Assert.Equal((StunClass.Indication, StunMethod.Data), (data.Class, data.Method));
        Assert.Equal(other.Bound, data.Address(StunAttributeType.XorPeerAddress));
        Assert.Equal("hi", data.Text(StunAttributeType.Data));
    }

    [Fact]
    [Rfc("8656", "9", Line = "T18")]
    public void Permission_NotRefreshedForFiveMinutes_EndsThoughDataFlows()
    {
        _hand.Permit("203.0.113.50:1");
        for (var i = 0; i < 5; i++)
        {
            _bench.World.RunUntil(_bench.World.Now + TimeSpan.FromSeconds(58));
            _peer.Send(_hand.Relay, "hi");
            Run();
        }

        var got = _hand.Client.Probe.Received.Count;
        _bench.World.RunUntil(_bench.World.Now + TimeSpan.FromSeconds(10));
        _peer.Send(_hand.Relay, "late");
        Run();
        Assert.Equal(got, _hand.Client.Probe.Received.Count);
        _hand.Permit("203.0.113.50:1");
        _peer.Send(_hand.Relay, "again");
        Run();
        Assert.Equal("again", _hand.Last().Text(StunAttributeType.Data));
    }

    [Theory]
    [InlineData("203.0.113.51:1", 0)]
    [InlineData("10.0.1.2:1", 403)]
    [InlineData("100.64.0.1:1", 403)]
    [InlineData("127.0.0.1:1", 403)]
    [InlineData("169.254.1.1:1", 403)]
    [InlineData("224.0.0.1:1", 403)]
    [InlineData("0.1.2.3:1", 403)]
    [InlineData("255.255.255.255:1", 403)]
    [InlineData("[2001:db8::1]:1", 443)]
    [Rfc("8656", "10.2", Line = "T19")]
    [Rfc("8656", "21", Line = "T41")]
    public void CreatePermission_ForbiddenPeerAmongGood_InstallsNone(string peer, int code)
    {
        Assert.Equal(code, _hand.Permit("203.0.113.50:1", peer).Code);
        _peer.Send(_hand.Relay, "hi");
        var before = _hand.Client.Probe.Received.Count;
        Run();
        Assert.Equal(code == 0 ? 1 : 0, _hand.Client.Probe.Received.Count - before);
    }

    [Theory]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("fe80::1")]
    [InlineData("ff02::1")]
    [InlineData("fd00::1")]
    [InlineData("fec0::1")]
    [InlineData("64:ff9b:1::cb00:7132")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("::a00:1")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("2002:c0a8:101:1::1")]
    [InlineData("2001:0:cb00:7132:0:0:80ff:fffe")]
    [Rfc("8656", "21", Line = "T41")]
    public void Peers_IPv6InnerAddresses_AreRefused(string ip) => Assert.False(Rules(false).Allows(IpAddress.Parse(ip)));

    /// <summary>What a translator or a tunnel leads to is judged as if it were named itself.</summary>
    [Theory]
    [InlineData("64:ff9b::cb00:7132", false, true)]
    [InlineData("64:ff9b::cb00:7132", true, false)]
    [InlineData("2002:cb00:7132::1", false, true)]
    [InlineData("2002:cb00:7132::1", true, false)]
    [InlineData("2001:db8::cb00:7132", true, true)]
    [Rfc("8656", "21.4")]
    public void Peers_WithAnIPv4AddressInside_AreWhatThatIs(string ip, bool isDenied, bool isAllowed)
    {
        Assert.True(AddressBlock.TryParse("203.0.113.0/24", out var denied));
        Assert.Equal(isAllowed, (Rules(false) with { Denied = isDenied ? [denied] : [] }).Allows(IpAddress.Parse(ip)));
    }

    private static PeerPolicy Rules(bool privateToo) => new() { AllowsPrivate = privateToo };

    [Fact]
    public void Peers_LabSwitch_AllowsPrivatePeersOnly()
    {
        Assert.True(Rules(true).Allows(IpAddress.Parse("10.0.1.2")));
        Assert.False(Rules(true).Allows(IpAddress.Parse("127.0.0.1")));
    }

    [Fact]
    [Rfc("8656", "10.2", Line = "T19")]
    public void CreatePermission_WithoutPeer_IsBad() => Assert.Equal(400, _hand.Permit().Code);

    [Fact]
    [Rfc("8656", "12", Line = "T29")]
    public void Channel_Bound_CarriesBothWaysWithFourOctetsMore()
    {
        Assert.Equal(0, _hand.Bind(0x4001, "203.0.113.50:7000").Code);
        _hand.SendChannel(0x4001, "there");
        Assert.Equal((_hand.Relay, "there"), (_peer.Probe.Received[0].From, _peer.Probe.Received[0].Text));
        _peer.Send(_hand.Relay, "back");
        Run();
        Assert.Equal("\u0040\u0001\0\u0004back", _hand.Client.Probe.Received[^1].Text);
        _hand.SendChannel(0x4002, "unbound");
        _hand.SendChannel(0x4001, "short", claimedLength: 6);
        Assert.Single(_peer.Probe.Received);
    }

    [Theory]
    [InlineData(0x3FFF, 400)]
    [InlineData(0x4000, 0)]
    [InlineData(0x4FFF, 0)]
    [InlineData(0x5000, 400)]
    [Rfc("8656", "12", Line = "T25")]
    public void ChannelBind_Number_MustBeInRange(ushort number, int code) => Assert.Equal(code, _hand.Bind(number, "203.0.113.50:7000").Code);

    [Fact]
    [Rfc("8656", "12", Line = "T26")]
    public void ChannelBind_NumberOrPeerHeldByAnother_IsRefusedUntilFiveMinutesAfterItsEnd()
    {
        _hand.Bind(0x4001, "203.0.113.50:7000");
        Assert.Equal(0, _hand.Bind(0x4001, "203.0.113.50:7000").Code);
        Assert.Equal(400, _hand.Bind(0x4001, "203.0.113.50:7001").Code);
        Assert.Equal(400, _hand.Bind(0x4002, "203.0.113.50:7000").Code);
        _hand.Refresh(3600);
        _bench.World.RunUntil(_bench.World.Now + TimeSpan.FromMinutes(14.9));
        Assert.Equal(400, _hand.Bind(0x4001, "203.0.113.50:7001").Code);
        _bench.World.RunUntil(_bench.World.Now + TimeSpan.FromMinutes(0.2));
        Assert.Equal(0, _hand.Bind(0x4001, "203.0.113.50:7001").Code);
    }

    [Fact]
    [Rfc("8656", "12", Line = "T27")]
    public void Channel_NotRefreshedForTenMinutes_FallsBackToIndications()
    {
        _hand.Refresh(3600);
        _hand.Bind(0x4001, "203.0.113.50:7000");
        _bench.World.RunUntil(_bench.World.Now + TimeSpan.FromMinutes(10));
        _hand.Permit("203.0.113.50:1");
        _hand.SendChannel(0x4001, "late");
        Assert.Empty(_peer.Probe.Received);
        _peer.Send(_hand.Relay, "hi");
        Run();
        Assert.Equal("hi", _hand.Last().Text(StunAttributeType.Data));
    }

    [Fact]
    [Rfc("8656", "11.5", Line = "T24")]
    public void FromPeer_PortUnreachable_IsToldByAnIcmpAttribute()
    {
        _hand.Permit("203.0.113.50:1");
        _hand.SendIndication(_peer.Bound with { Port = 9 }, "x");
        var data = _hand.Last();
        Assert.Equal(StunMethod.Data, data.Method);
        Assert.Equal([0, 0, 3 << 1, 3, 0, 0, 0, 0], data.Octets(StunAttributeType.Icmp));
    }

    [Fact]
    [Rfc("8656", "3.9")]
    public void TwoRelays_OfOneServer_ReachEachOther()
    {
        var other = new TurnHand(_bench, "203.0.113.2", "bob");
        other.Allocate();
        _hand.Permit(other.Relay.ToString());
        other.Permit(_hand.Relay.ToString());
        _hand.SendIndication(other.Relay, "through both");
        Assert.Equal("through both", other.Last().Text(StunAttributeType.Data));
        Assert.Equal(_hand.Relay, other.Last().Address(StunAttributeType.XorPeerAddress));
    }

    [Fact]
    [Rfc("8656", "12.5", Line = "T30")]
    public void OverTcp_FromAUdpBlockedNetwork_RelaysAndReleasesWhenItEnds()
    {
        var bench = new StunBench(o => o with { Peers = new PeerPolicy { AllowsPrivate = true } });
        var hand = new TurnHand(bench, transport: Transport.Tcp);
        Assert.Equal(0, hand.Allocate().Code);
        var peer = Bench.On(Bench.PublicHost(bench.World, "peer", "203.0.113.50"), 7000);
        Assert.Equal(0, hand.Bind(0x4001, "203.0.113.50:7000").Code);
        hand.SendChannel(0x4001, "hello");
        Assert.Equal("hello", Assert.Single(peer.Probe.Received).Text);
        peer.Send(hand.Relay, "12345");
        bench.World.RunUntil(bench.World.Now + TimeSpan.FromSeconds(1));
        Assert.Equal("\u0040\u0001\0\u000512345\0\0\0", hand.Client.Probe.Received[^1].Text);
        hand.Client.Host.Close(hand.Client.Path);
        bench.World.RunUntil(bench.World.Now + TimeSpan.FromSeconds(1));
        Assert.Equal(0, bench.Turn.Allocations);
    }

    [Fact]
    public void Relaying_SteadyState_AllocatesNothing()
    {
        var network = new VirtualNetworkStub();
        var server = new TurnServer(
            new TurnServerOptions(StunBench.Server, StunBench.Realm) { Users = new Dictionary<string, string> { ["alice"] = "alice-secret" } },
            network,
            new SeededEntropy(1));
        Assert.True(server.TryStart(out _));
        var client = Address.Parse("203.0.113.1:5000");
        var peer = Address.Parse("203.0.113.50:7000");
        var (relay, _) = network.Allocate(server, client, peer);
        var output = new byte[2048];
        byte[] channel = [0x40, 1, 0, 160, .. new byte[160]];
        var payload = new byte[160];
        long before = 0;
        for (var i = 0; i < 2000; i++)
        {
            if (i == 1000) before = Allocated.Now;
            server.Receive(new Datagram(Instant.Zero, network.Udp, client, channel));
            server.Receive(new Datagram(Instant.Zero, relay, peer, payload));
            server.Receive(new Datagram(Instant.Zero, relay, peer with { Port = 1 }, payload));
            while (server.TryTransmit(output, out _))
            {
            }
        }

        Allocated.AssertNoneSince(before);
        Assert.Equal(6000, server.RelayedPackets);
    }

    private void Run() => _bench.World.RunUntil(_bench.World.Now + TimeSpan.FromSeconds(1));
}
