using Softphone.Core;
using Softphone.Lab;

namespace Softphone.Nat.Tests;

/// <summary>What is found once more: for a restart, after a change of interfaces, or because it came late.</summary>
public sealed class GatherAgainTests
{
    [Fact]
    [Rfc("8445", "8.3.1", Line = "I66")]
    [Rfc("8656", "8", Line = "T17")]
    public void Restart_AfterRelaysWereFreed_AllocatesThemAgain()
    {
        var pair = new TransportPair().Complete();
        pair.Run(5);
        Assert.Equal(0, pair.Demo.Turn.Allocations);
        var local = Restart(pair.Left);
        Assert.Equal(2, local.Candidates.Count(c => c.Type == CandidateType.Relayed));

        // The second half of a pair is told a round trip before it is there.
        pair.Run(0.1);
        Assert.Equal(2, pair.Demo.Turn.Allocations);
        Assert.All(local.Candidates.Where(c => c.Type == CandidateType.Relayed), c => Assert.Contains(pair.Left.Transport.Snapshot()!.Local, l => l.Address == c.Address));
    }

    [Fact]
    [Rfc("8656", "8.3", Line = "T17")]
    public void Restart_AfterTheServerForgotTheRelay_HasAnotherOne()
    {
        var pair = new TransportPair(NatBehavior.Symmetric, NatBehavior.Symmetric).Complete();
        var before = pair.Left.Local!.Candidates.First(c => c.Type == CandidateType.Relayed);
        pair.Demo.RestartTurn();
        Assert.True(pair.Run(600, () => pair.Left.Events.Any(e => e is MediaTransportEvent.RestartNeeded)));
        var local = Restart(pair.Left);
        var after = local.Candidates.First(c => c.Type == CandidateType.Relayed);
        Assert.NotEqual(before.Address, after.Address);
        Assert.DoesNotContain(local.Candidates, c => c.Address == before.Address);
        pair.Run(0.1);
        Assert.Equal(2, pair.Left.Transport.Snapshot()!.Local.Count(c => c.Type == CandidateType.Relayed && local.Candidates.Any(l => l.Address == c.Address)));
    }

    /// <summary>
    /// A NAT that gives each of our sockets the port that another one had: the server knows all of them, and takes each Refresh for one of
    /// the other's relay.
    /// </summary>
    [Theory, InlineData(true), InlineData(false)]
    [Rfc("8656", "5", Line = "T17")]
    [Rfc("8445", "9", Line = "I82")]
    public void Restart_AfterTheNatRebound_HasOnlyWhatTheServerSeesNow(bool asksStun)
    {
        var nat = NatBehavior.Symmetric with { Ports = PortAllocation.Sequential };
        var pair = new TransportPair(nat, NatBehavior.Symmetric, tune: o => asksStun ? o : o with { StunServers = [] }).Complete();
        var before = pair.Left.Local!.Candidates.Where(c => c.Type != CandidateType.Host).Select(c => c.Address).ToHashSet();
        pair.Demo.GatewayA.Rebind();
        Restart(pair.Left);
        pair.Run(2);
        var after = pair.Left.Transport.Local!.Candidates;
        Assert.DoesNotContain(after, c => before.Contains(c.Address));
        Assert.Equal(2, after.Count(c => c.Type == CandidateType.Relayed));
    }

    [Fact]
    [Rfc("8656", "3.2", Line = "T17")]
    public void Restart_AfterTheStreamOfARelayEnded_HasAnotherOne()
    {
        var pair = new TransportPair(NatBehavior.Named("udp-blocked"), tune: o => o with { TurnServers = [o.TurnServers[0] with { Transport = Transport.Tcp }] }).Complete();
        pair.Demo.RestartTurn();
        Assert.True(pair.Run(60, () => pair.Left.Events.Any(e => e is MediaTransportEvent.RestartNeeded)));
        Assert.Equal(2, Restart(pair.Left).Candidates.Count(c => c.Type == CandidateType.Relayed));
        Assert.Equal(2, pair.Left.Host.OpenStreams);
    }

    [Fact]
    [Rfc("8445", "9", Line = "I82")]
    public void Interfaces_ComeAndGo_SocketsFollow()
    {
        var pair = new TransportPair().Complete();
        var (old, fresh) = (IpAddress.Parse("10.0.1.2"), IpAddress.Parse("10.0.1.77"));
        pair.Left.Host.Attach(pair.Left.Host.SegmentOf(old)!, fresh, kind: InterfaceKind.Wireless);
        pair.Left.Do((t, now) => t.NetworkChanged(now));
        Assert.Equal(4, pair.Left.Host.OpenSockets);
        pair.Left.Host.Detach(old);
        pair.Left.Do((t, now) => t.NetworkChanged(now));
        Assert.Equal(2, pair.Left.Host.OpenSockets);
        var local = Restart(pair.Left);
        Assert.All(local.Candidates.Where(c => c.Type == CandidateType.Host), c => Assert.Equal(fresh, c.Address.Ip));
        Assert.Contains(local.Candidates, c => c.Type == CandidateType.ServerReflexive && c.RelatedAddress.Ip == fresh);
        Assert.Contains(local.Candidates, c => c.Type == CandidateType.Relayed);
        Assert.Equal(local.Candidates.Count, local.Candidates.Select(c => c.Priority).Distinct().Count());
    }

    [Fact]
    [Rfc("8016", "3.2", Line = "T37")]
    public void Interface_Changes_TheRelayIsTakenAlongAndMediaGoesOnWithoutARestart()
    {
        var pair = new TransportPair(
            NatBehavior.Named("port-restricted"), NatBehavior.Symmetric, tune: o => o with { Mobility = true, Mode = o.TurnServers[0].User == "alice" ? IceMode.RelayOnly : IceMode.Auto }).Complete(mux: true);
        var relayed = pair.Left.Transport.Snapshot()!.Local.First(c => c.Type == CandidateType.Relayed).Address;
        Assert.True(pair.Talk(1));
        pair.Run(3);
        var (old, fresh) = (IpAddress.Parse("10.0.1.2"), IpAddress.Parse("10.0.1.77"));
        pair.Left.Host.Attach(pair.Left.Host.SegmentOf(old)!, fresh);
        pair.Left.Host.Detach(old);
        pair.Left.Do((t, now) => t.NetworkChanged(now));
        pair.Run(0.1);
        Assert.True(pair.Talk(1));
        Assert.True(pair.Talk(1));
        Assert.Equal(relayed, pair.Left.Transport.Snapshot()!.Local.First(c => c.Type == CandidateType.Relayed).Address);
        Assert.DoesNotContain(pair.Left.Trace.Entries, e => e is TurnTrace.Happened h && h.What.Contains("lost", StringComparison.Ordinal));
        pair.Run(120);
        Assert.True(pair.Talk(1));
    }

    [Fact]
    [Rfc("8445", "5.1.1.4", Line = "I11")]
    public void Nat_MapsAnew_TheNextKeepaliveTellsTheNewAddress()
    {
        var pair = new TransportPair(turn: false).Gather();
        var before = pair.Left.Local!.Candidates.Where(c => c.Type == CandidateType.ServerReflexive).Select(c => c.Address).ToList();
        pair.Demo.GatewayA.Nat.Restart();
        pair.Run(20);
        var grown = Assert.IsType<MediaTransportEvent.LocalGrown>(pair.Left.Events.Last(e => e is MediaTransportEvent.LocalGrown)).Local;
        var after = grown.Candidates.Where(c => c.Type == CandidateType.ServerReflexive).Select(c => c.Address).ToList();
        Assert.Equal((2, 2), (before.Count, after.Count));
        Assert.Empty(before.Intersect(after));
    }

    [Fact]
    [Rfc("8445", "5.1.1.2", Line = "I05")]
    [Rfc("8445", "5.1.1.4", Line = "I11")]
    public void Server_AnswersAfterTheDescription_IsStillTold()
    {
        var pair = new TransportPair(turn: false, latency: 300).Gather();
        Assert.Equal(500, (pair.Left.GatheredAt!.Value - default(Instant)).TotalMilliseconds);
        Assert.All(pair.Left.Local!.Candidates, c => Assert.Equal(CandidateType.Host, c.Type));
        pair.Run(0.3);
        var grown = pair.Left.Events.OfType<MediaTransportEvent.LocalGrown>().Last().Local;
        Assert.Equal(2, grown.Candidates.Count(c => c.Type == CandidateType.ServerReflexive));
    }

    [Fact]
    [Rfc("8489", "14.8", Line = "S35")]
    public void Server_SendsElsewhereWithoutIntegrity_NobodyGoesThere()
    {
        var world = new World(1);
        var host = world.AddHost("host", world.Public, IpAddress.Parse("192.0.2.1"));
        var (server, elsewhere) = (Address.Parse("203.0.113.10:3478"), Address.Parse("203.0.113.66:3478"));
        var transport = new MediaTransport(new MediaTransportOptions { StunServers = [server], SeparateRtcp = false }, host, new SeededEntropy(1), Trace.Off, "a");
        transport.Gather(default, true);
        var asked = new List<Address>();
        var buffer = new byte[200];
        for (var now = default(Instant); now < default(Instant) + TimeSpan.FromSeconds(5); now += TimeSpan.FromMilliseconds(10))
        {
            transport.Advance(now);
            while (transport.TryTransmit(buffer, out var transmit))
            {
                asked.Add(transmit.Remote);
                Assert.True(StunReader.TryParse(buffer.AsSpan(0, transmit.Length), out var request, out _));
                var answer = StunWriter.Reply(new byte[200], request, StunClass.Error);
                answer.AddErrorCode(StunErrorCode.TryAlternate);
                answer.AddAddress(StunAttributeType.AlternateServer, elsewhere);
                transport.Receive(new Datagram(now, transmit.Path, transmit.Remote, answer.Written));
            }
        }

        Assert.Equal([server], asked);
        var events = new List<MediaTransportEvent>();
        while (transport.TryEvent(out var happened)) events.Add(happened);
        Assert.Single(events.OfType<MediaTransportEvent.Gathered>());
    }

    /// <summary>Restarts; the description of the next offer.</summary>
    private static LocalIce Restart(TransportParty party)
    {
        var before = party.Events.Count;
        party.Do((t, now) => t.Restart(now));
        party.Host.World.RunUntil(() => party.Events.Skip(before).Any(e => e is MediaTransportEvent.Gathered), party.Host.World.Now + TimeSpan.FromSeconds(3));
        return party.Events.OfType<MediaTransportEvent.Gathered>().Last().Local;
    }
}
