using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Lab.Tests;

/// <summary>Rules about peers, the account of what was relayed, and old channel numbers.</summary>
public class TurnRulesTests
{
    [Theory]
    [InlineData("127.0.0.1", true, false, "", "", true)]
    [InlineData("127.0.0.1", true, false, "", "127.0.0.1", false)]
    [InlineData("127.0.0.1", false, true, "", "", false)]
    [InlineData("10.0.1.2", false, false, "10.0.1.0/24", "", true)]
    [InlineData("10.0.2.2", false, false, "10.0.1.0/24", "", false)]
    [InlineData("10.0.1.2", false, true, "", "10.0.0.0/8", false)]
    [InlineData("10.0.1.2", false, true, "10.0.1.2/32", "10.0.0.0/8", false)]
    [InlineData("169.254.7.7", true, true, "", "", false)]
    [InlineData("224.0.0.1", true, true, "224.0.0.0/4", "", false)]
    [InlineData("0.0.0.0", true, true, "0.0.0.0/0", "", false)]
    [InlineData("::ffff:10.0.1.2", true, true, "", "10.0.0.0/8", false)]
    [InlineData("203.0.113.77", false, false, "", "203.0.113.0/24", false)]
    [InlineData("fd00::7", false, false, "fd00::/8", "", true)]
    [Rfc("8656", "21", Line = "T41")]
    public void Peers_DenialsGoOverAllowancesWhichGoOverDefaults(string peer, bool loopback, bool lan, string allowed, string denied, bool expected)
    {
        var policy = new PeerPolicy { AllowsLoopback = loopback, AllowsPrivate = lan, Allowed = Blocks(allowed), Denied = Blocks(denied) };
        Assert.Equal(expected, policy.Allows(IpAddress.Parse(peer)));
    }

    [Theory]
    [InlineData("203.0.113.10:3478", false, true)]
    [InlineData("203.0.113.10:5060", false, true)]
    [InlineData("203.0.113.10:5060", true, false)]
    [InlineData("203.0.113.10:3478", true, true)]
    [InlineData("203.0.113.11:22", false, true)]
    [InlineData("203.0.113.10:50000", false, false)]
    [InlineData("203.0.113.50:22", false, false)]
    [Rfc("8656", "21", Line = "T41")]
    public void Peers_TheServersOwnHost_IsAPeerByItsRelaysOnly(string peer, bool allowed, bool expected)
    {
        var options = new TurnServerOptions(StunBench.Server, StunBench.Realm)
        {
            OwnAddresses = [StunBench.Alternate],
            Peers = new PeerPolicy { Allowed = allowed ? Blocks("203.0.113.0/24") : [] },
        };
        Assert.Equal(expected, options.IsOwnService(Address.Parse(peer)));
    }

    [Fact]
    [Rfc("8656", "21", Line = "T41")]
    public void OwnServices_AreReachedNeitherByIndicationNorByChannel()
    {
        var bench = new StunBench(o => o with { OwnAddresses = [StunBench.Alternate] });
        var hand = new TurnHand(bench);
        hand.Allocate();
        Assert.Equal(403, hand.Bind(0x4001, "203.0.113.11:5060").Code);
        Assert.Equal(0, hand.Permit("203.0.113.11:1").Code);
        hand.SendIndication(Address.Parse("203.0.113.11:5060"), "hello");
        Assert.Equal((0L, 1L), (bench.Turn.RelayedPackets, bench.Turn.DroppedPackets));
    }

    [Fact]
    public void Usage_IsCountedForEachUser_AndOfEachAllocationWhenItEnds()
    {
        var trace = new Trace();
        var bench = new StunBench(trace: trace);
        var peer = Bench.On(Bench.PublicHost(bench.World, "peer", "203.0.113.50"), 7000);
        var alice = new TurnHand(bench);
        var bob = new TurnHand(bench, "203.0.113.2", "bob");
        foreach (var hand in (TurnHand[])[alice, bob])
        {
            hand.Allocate();
            hand.Bind(0x4001, "203.0.113.50:7000");
        }

        alice.SendChannel(0x4001, "four");
        peer.Send(alice.Relay, "sixsix");
        bench.World.RunUntil(bench.World.Now + TimeSpan.FromSeconds(1));
        bob.SendChannel(0x4001, "1");
        Assert.Equal([new TurnUsage("alice", 1, 2, 10), new TurnUsage("bob", 1, 1, 1)], bench.Turn.Usage.OrderBy(u => u.User));
        alice.Refresh(0);
        var released = Assert.Single(trace.Entries.OfType<TurnServerTrace.Released>());
        Assert.Equal(("alice", 2L, 10L), (released.User, released.Packets, released.Bytes));
    }

    [Theory]
    [InlineData(false, 400)]
    [InlineData(true, 0)]
    [Rfc("5766", "11")]
    public void ChannelNumber_OfTheOlderRfc_IsTakenWhereAllowed(bool accepts, int code)
    {
        var bench = new StunBench(o => o with { AcceptsOldChannels = accepts });
        var peer = Bench.On(Bench.PublicHost(bench.World, "peer", "203.0.113.50"), 7000);
        foreach (var transport in (Transport[])[Transport.Udp, Transport.Tcp])
        {
            var hand = new TurnHand(bench, transport == Transport.Udp ? "203.0.113.1" : "203.0.113.2", transport: transport);
            hand.Allocate();
            Assert.Equal(code, hand.Bind(0x7FFE, "203.0.113.50:7000").Code);
            Assert.Equal(400, hand.Bind(0x7FFF, "203.0.113.50:7001").Code);
            Assert.Equal(400, hand.Bind(0x3FFF, "203.0.113.50:7001").Code);
            if (code == 0) hand.SendChannel(0x7FFE, "hello");
        }

        Assert.Equal(code == 0 ? 2 : 0, peer.Probe.Received.Count);
    }

    private static AddressBlock[] Blocks(string text) => text.Length == 0 ? [] : [Parse(text)];

    private static AddressBlock Parse(string text)
    {
        Assert.True(AddressBlock.TryParse(text, out var block));
        return block;
    }
}
