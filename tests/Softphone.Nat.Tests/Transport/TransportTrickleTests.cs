using Softphone.Core;
using Softphone.Lab;

namespace Softphone.Nat.Tests;

/// <summary>Two media transports that tell each other candidates one by one (RFC 8838, RFC 8840).</summary>
public sealed class TransportTrickleTests
{
    [Theory]
    [InlineData("port-restricted", "port-restricted", "SS")]
    [InlineData("symmetric", "symmetric", "PR")]
    [Rfc("8838", "4.2", Line = "I31")]
    public void Trickle_BothSides_ConnectsOnThePathOfTheMatrix(string left, string right, string cell)
    {
        var pair = new TransportPair(NatBehavior.Named(left), NatBehavior.Named(right));
        pair.Left.Happened = e => Carry(pair, pair.Right, e);
        pair.Right.Happened = e => Carry(pair, pair.Left, e);
        pair.Left.Gather(true, trickles: true);
        pair.Right.Gather(false, trickles: true);

        // The descriptions have host candidates only, at once.
        Assert.All(pair.Left.Local!.Candidates, c => Assert.Equal(CandidateType.Host, c.Type));
        pair.Right.Do((t, now) => t.SetRemote(now, Open(pair.Left.Local!)));
        pair.Run(0.05);
        pair.Left.Do((t, now) => t.SetRemote(now, Open(pair.Right.Local!) with { IsAnswer = true }));
        Assert.True(pair.Run(5, () => pair.IsCompleted), Story(pair));
        Assert.Equal(cell, pair.Left.Cell(1));
        Assert.True(pair.Talk(1));
        Assert.Single(pair.Left.Events.OfType<MediaTransportEvent.EndOfLocal>());
        Assert.Equal(4, pair.Left.Events.OfType<MediaTransportEvent.LocalCandidate>().Count(c => c.Candidate.Component is 1 or 2));
    }

    [Fact]
    [Rfc("8838", "14", Line = "I32")]
    public void Trickle_OfAnotherGeneration_IsIgnored_AndOneBeforeItsDescriptionWaits()
    {
        var pair = new TransportPair(turn: false).Gather();
        var early = HandPeer.Host(1, Address.Parse("203.0.113.200:7000"), "early");
        pair.Left.Do((t, now) => t.AddRemote(now, pair.Right.Local!.Ufrag, early));
        pair.Left.Do((t, now) => t.AddRemote(now, "stale", HandPeer.Host(1, Address.Parse("203.0.113.201:7000"), "stale")));
        pair.Left.Do((t, now) => t.SetRemote(now, Open(pair.Right.Local!) with { IsAnswer = true }));
        pair.Left.Do((t, now) => t.AddRemote(now, "stale", HandPeer.Host(1, Address.Parse("203.0.113.202:7000"), "stale")));
        var remotes = pair.Left.Transport.Snapshot()!.Remote;
        Assert.Contains(remotes, c => c.Address == early.Address);
        Assert.DoesNotContain(remotes, c => c.Foundation == "stale");
    }

    [Fact]
    [Rfc("8838", "4.2", Line = "I32")]
    public void Trickle_BeforeAnyDescription_IsBounded()
    {
        var pair = new TransportPair(turn: false).Gather();
        for (var i = 0; i < 1000; i++)
        {
            var port = (ushort)(1000 + i);
            pair.Left.Do((t, now) => t.AddRemote(now, pair.Right.Local!.Ufrag, HandPeer.Host(1, new Address(HandPeer.Far.Ip, port), $"{port}")));
        }

        pair.Left.Do((t, now) => t.SetRemote(now, Open(pair.Right.Local!) with { IsAnswer = true }));
        Assert.InRange(pair.Left.Transport.Snapshot()!.Remote.Count, 64, 80);
    }

    [Fact]
    [Rfc("8839", "5.1", Line = "I35")]
    public void CandidateOfAName_GivenOnceResolved_IsTried_AndNothingWaitedForIt()
    {
        // A description whose only candidate is a .local name: the call looks it up, and gives what it finds.
        var pair = new TransportPair(NatBehavior.None, NatBehavior.None, turn: false, separateRtcp: false).Gather();
        var host = pair.Right.Local!.Candidates.Single(c => c.Type == CandidateType.Host);
        pair.Right.Do((t, now) => t.SetRemote(now, TransportPair.Describe(pair.Left.Local!)));
        var described = Open(pair.Right.Local!);
        pair.Left.Do((t, now) => t.SetRemote(now, described with { IsAnswer = true, Ice = described.Ice! with { Candidates = [] } }));
        pair.Left.Do((t, now) => t.AddRemote(now, pair.Right.Local!.Ufrag, Candidate.Remote(host.Type, 1, host.Address, host.Priority, host.Foundation)));
        pair.Left.Do((t, now) => t.EndOfRemote(now, pair.Right.Local!.Ufrag));
        Assert.True(pair.Run(2, () => pair.IsCompleted));
        Assert.True(pair.Talk(1));
    }

    [Fact]
    [Rfc("8421", "4", Line = "I81")]
    public void V6OnlyHostBehindNat64_ReachesThePeersIpv4Candidates()
    {
        var demo = new DemoWorld(new DemoOptions { NatB = NatBehavior.FullCone });
        var lan = demo.World.AddLan("mobile", IpAddress.Parse("2001:db8:1::"), 64, NatBehavior.Firewall, demo.World.Public);
        demo.World.AddNat64(lan, "nat64", NatBehavior.PortRestricted, demo.World.Public, null, IpAddress.Parse("203.0.113.64"));
        var options = new MediaTransportOptions { StunServers = [DemoWorld.StunAddress] };
        var left = new TransportParty(demo.World, demo.World.AddHost("six", lan, IpAddress.Parse("2001:db8:1::2")), "alice", "alice", options);
        var right = new TransportParty(demo.World, demo.HostB, "bob", "bob", options);
        left.Gather(true);
        right.Gather(false);
        Assert.True(demo.World.RunUntil(() => left.Local is not null && right.Local is not null, demo.World.Now + TimeSpan.FromSeconds(3)));
        right.Do((t, now) => t.SetRemote(now, TransportPair.Describe(left.Local!)));
        left.Do((t, now) => t.SetRemote(now, TransportPair.Describe(right.Local!) with { IsAnswer = true }));
        Assert.True(demo.World.RunUntil(
            () => left.Transport.State == IceState.Completed && right.Transport.State == IceState.Completed, demo.World.Now + TimeSpan.FromSeconds(5)));
        Assert.True(left.Send(1, TransportPair.Rtp));
        Assert.True(right.Send(1, TransportPair.Rtp));
        demo.World.RunUntil(demo.World.Now + TimeSpan.FromSeconds(1));
        Assert.Equal((1, 1), (left.Received[1], right.Received[1]));
    }

    private static string Story(TransportPair pair) =>
        string.Join('\n', pair.Left.Trace.Entries.Concat(pair.Right.Trace.Entries).OrderBy(e => e.At.Nanoseconds).Select(e => e.ToString()));

    private static RemoteMedia Open(LocalIce local)
    {
        var description = TransportPair.Describe(local);
        return description with { Ice = description.Ice! with { EndOfCandidates = false, Components = 2 } };
    }

    private static void Carry(TransportPair pair, TransportParty to, MediaTransportEvent happened)
    {
        if (happened is MediaTransportEvent.LocalCandidate one)
        {
            var c = one.Candidate;
            var told = Candidate.Remote(c.Type, c.Component, c.Address, c.Priority, c.Foundation);
            pair.World.At(pair.World.Now + TimeSpan.FromMilliseconds(50), () => to.Do((t, now) => t.AddRemote(now, one.Ufrag, told)));
        }
        else if (happened is MediaTransportEvent.EndOfLocal end)
        {
            pair.World.At(pair.World.Now + TimeSpan.FromMilliseconds(50), () => to.Do((t, now) => t.EndOfRemote(now, end.Ufrag)));
        }
    }
}
