using Softphone.Core;
using Softphone.Lab;

namespace Softphone.Nat.Tests;

/// <summary>A host that has IPv6 only, and a peer that has IPv4 only: a relay of the peer's family stands between them.</summary>
public sealed class Nat64Tests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("8656", "3.1", Line = "T05")]
    [Rfc("8421", "4", Line = "I81")]
    public void HostWithIpv6Only_PeerWithIpv4Only_MeetAtARelayOfThePeersFamily(bool isCaller)
    {
        var world = new World(3);
        var six = Address.Parse("[2001:db8::10]:3478");
        var turnHost = world.AddHost("turn", world.Public, six.Ip);
        turnHost.Attach(world.Public, IpAddress.Parse("203.0.113.10"));
        var server = new TurnServer(
            new TurnServerOptions(six, "lab.test") { RelayV4 = IpAddress.Parse("203.0.113.10"), Users = new Dictionary<string, string> { ["alice"] = "secret" } },
            turnHost,
            world.NewEntropy());
        Assert.True(server.TryStart(out _));
        turnHost.Run(server);
        var options = new MediaTransportOptions { TurnServers = [new RelayServer(six, "alice", "secret")] };
        var alice = new TransportParty(world, world.AddHost("a", world.Public, IpAddress.Parse("2001:db8::5")), "alice", "alice", options);
        var bob = new TransportParty(world, world.AddHost("b", world.Public, IpAddress.Parse("198.51.100.9")), "bob", "bob", options with { TurnServers = [] });
        alice.Gather(isCaller);
        bob.Gather(!isCaller);
        Assert.True(Run(2, () => alice.Local is not null && bob.Local is not null));
        var relayed = Assert.Single(alice.Local!.Candidates, c => c is { Type: CandidateType.Relayed, Component: 1 });
        Assert.True(relayed.Address.Ip.IsV4 && relayed.RelatedAddress.Ip.IsV6);
        Assert.Equal(relayed.Address, alice.Local.DefaultRtp);
        bob.Do((t, now) => t.SetRemote(now, TransportPair.Describe(alice.Local)));
        alice.Do((t, now) => t.SetRemote(now, TransportPair.Describe(bob.Local!)));
        Assert.True(Run(5, () => alice.Transport.State == IceState.Completed && bob.Transport.State == IceState.Completed));
        Assert.Equal(("RH", "HR"), (alice.Cell(1), bob.Cell(1)));
        for (var component = 1; component <= 2; component++)
        {
            alice.Send(component, component == 1 ? TransportPair.Rtp : TransportPair.Rtcp);
            bob.Send(component, component == 1 ? TransportPair.Rtp : TransportPair.Rtcp);
        }

        Run(1, () => false);
        Assert.Equal((1, 1, 1, 1), (alice.Received[1], alice.Received[2], bob.Received[1], bob.Received[2]));

        bool Run(double seconds, Func<bool> done) => world.RunUntil(done, world.Now + TimeSpan.FromSeconds(seconds));
    }
}
