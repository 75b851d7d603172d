using Softphone.Core;
using Softphone.Lab;

namespace Softphone.Nat.Tests;

/// <summary>What is in a description, and how soon it is there (RFC 8445 §5.1).</summary>
public sealed class GatheringTests
{
    private static readonly Address Dead = Address.Parse("203.0.113.250:3478");

    [Fact]
    [Rfc("8445", "5.1.1.2", Line = "I05")]
    public void Gather_StunAndTurn_HasEveryKindForBothComponentsInTwoRoundTrips()
    {
        var pair = new TransportPair().Gather();
        var local = pair.Left.Local!;
        foreach (var component in new[] { 1, 2 })
            Assert.Equal([CandidateType.Host, CandidateType.ServerReflexive, CandidateType.Relayed], local.Candidates.Where(c => c.Component == component).Select(c => c.Type));

        // 40 ms a round trip: an unauthenticated and an authenticated Allocate; the last question leaves after three Ta of 20 ms.
        Assert.InRange((pair.Left.GatheredAt!.Value - default(Instant)).TotalMilliseconds, 80, 80 + 60 + 1);
        Assert.Equal((local.Candidates[2].Address, local.Candidates[5].Address), (local.DefaultRtp, local.DefaultRtcp));
        // 24 and 128 bits of randomness at least (RFC 8445 §5.3).
        Assert.Equal((5, 22), (local.Ufrag.Length, local.Pwd.Length));
        Assert.Equal(TimeSpan.FromMilliseconds(20), local.Pacing);
    }

    [Fact]
    [Rfc("8445", "5.1.1.3", Line = "I07")]
    public void Gather_Foundations_AreSharedByComponentsAndNotByTypes()
    {
        var candidates = new TransportPair().Gather().Left.Local!.Candidates;
        foreach (var kind in candidates.GroupBy(c => c.Type)) Assert.Single(kind.Select(c => c.Foundation).Distinct());
        Assert.Equal(3, candidates.Select(c => c.Foundation).Distinct().Count());
        Assert.Equal(candidates.Count, candidates.Select(c => c.Priority).Distinct().Count());
    }

    [Fact]
    [Rfc("8839", "5.1", Line = "I06")]
    public void Gather_RelatedAddresses_AreBaseAndMapped()
    {
        var candidates = new TransportPair().Gather().Left.Local!.Candidates.Where(c => c.Component == 1).ToArray();
        Assert.Equal(candidates[0].Address, candidates[1].RelatedAddress);
        Assert.Equal(candidates[1].Address, candidates[2].RelatedAddress);
        Assert.Equal(candidates[2].Address, candidates[2].Base);
    }

    [Fact]
    [Rfc("8445", "5.1.1.2", Line = "I05")]
    public void Gather_OneDeadServer_DelaysByTheGraceOnlyAndIsNamed()
    {
        var pair = new TransportPair(tune: o => o with { StunServers = [Dead, DemoWorld.StunAddress] }).Gather();
        Assert.InRange((pair.Left.GatheredAt!.Value - default(Instant)).TotalMilliseconds, 300, 500);
        Assert.Equal(Dead, Assert.Single(pair.Left.Events.OfType<MediaTransportEvent.ServerFailed>()).Server);
        Assert.Contains(pair.Left.Local!.Candidates, c => c.Type == CandidateType.Relayed);
    }

    [Fact]
    [Rfc("8445", "5.1.1.2", Line = "I05")]
    public void Gather_AllServersDead_IsReadyAtTheBudgetWithHostCandidates()
    {
        var pair = new TransportPair(turn: false, tune: o => o with { StunServers = [Dead], TurnServers = [new RelayServer(Dead, "a", "b")] }).Gather();
        Assert.Equal(500, (pair.Left.GatheredAt!.Value - default(Instant)).TotalMilliseconds);
        Assert.All(pair.Left.Local!.Candidates, c => Assert.Equal(CandidateType.Host, c.Type));
    }

    [Fact]
    public void Gather_LostPacketOfALiveServer_IsWaitedForOnce()
    {
        var late = 0;
        for (ulong seed = 1; seed <= 60; seed++)
        {
            var pair = new TransportPair(loss: 0.05, seed: seed).Gather();
            Assert.InRange((pair.Left.GatheredAt!.Value - default(Instant)).TotalMilliseconds, 0, 1200);
            if (pair.Left.GatheredAt > default(Instant) + TimeSpan.FromMilliseconds(500)) late++;
        }

        Assert.InRange(late, 1, 59);
    }

    [Theory]
    [InlineData(2, 500)]
    [InlineData(80, 800)]
    [Rfc("8445", "14.3", Line = "I04")]
    public void Gather_RetransmissionTimeout_IsTaTimesTheQuestions_HalfASecondAtLeast(int servers, double expected)
    {
        var world = new World(1);
        var host = world.AddHost("host", world.Public, IpAddress.Parse("192.0.2.1"));
        var options = new MediaTransportOptions { StunServers = [.. Enumerable.Range(0, servers).Select(i => new Address(Dead.Ip, (ushort)(4000 + i)))], GatherBudget = TimeSpan.FromSeconds(5) };
        var transport = new MediaTransport(options, host, new SeededEntropy(1), Trace.Off, "a");
        transport.Gather(default, true);
        var sends = new Dictionary<(PathId, Address), List<Instant>>();
        var buffer = new byte[200];
        for (var now = default(Instant); now < default(Instant) + TimeSpan.FromSeconds(3); now += TimeSpan.FromMilliseconds(1))
        {
            transport.Advance(now);
            while (transport.TryTransmit(buffer, out var transmit))
            {
                if (!sends.TryGetValue((transmit.Path, transmit.Remote), out var times)) sends[(transmit.Path, transmit.Remote)] = times = [];
                times.Add(now);
            }
        }

        Assert.Equal(2 * servers, sends.Count);
        Assert.All(sends.Values, times => Assert.Equal(expected, (times[1] - times[0]).TotalMilliseconds));
    }

    [Fact]
    [Rfc("8445", "5.1.3", Line = "I10")]
    public void Gather_OpenHost_DropsTheReflexiveCandidateThatIsTheHost()
    {
        var pair = new TransportPair(NatBehavior.None, turn: false).Gather();
        Assert.Equal([CandidateType.Host, CandidateType.Host], pair.Left.Local!.Candidates.Select(c => c.Type));
        Assert.InRange((pair.Left.GatheredAt!.Value - default(Instant)).TotalMilliseconds, 40, 61);
    }

    [Fact]
    [Rfc("3550", "11", Line = "media R1")]
    public void Gather_Ports_AreEvenAndTheNextOne()
    {
        for (ulong seed = 1; seed <= 10; seed++)
        {
            var local = new TransportPair(NatBehavior.None, turn: false, seed: seed).Gather().Left.Local!;
            Assert.Equal(0, local.DefaultRtp.Port % 2);
            Assert.Equal(local.DefaultRtp.Port + 1, local.DefaultRtcp.Port);
        }
    }

    [Fact]
    public void Gather_OneComponent_OpensOneSocket()
    {
        var pair = new TransportPair(separateRtcp: false).Gather();
        Assert.All(pair.Left.Local!.Candidates, c => Assert.Equal(1, c.Component));
        Assert.False(pair.Left.Local!.DefaultRtcp.IsValid);
        Assert.Equal(1, pair.Demo.HostA.OpenSockets);
    }

    [Fact]
    public void Gather_WrongTurnPassword_SaysSoAndGoesOn()
    {
        var pair = new TransportPair(tune: o => o with { TurnServers = [new RelayServer(DemoWorld.TurnAddress, "alice", "wrong")] }).Gather();
        Assert.Contains(pair.Left.Events.OfType<MediaTransportEvent.ServerFailed>(), e => e.Fault.Layer is Layer.Turn or Layer.Authentication);
        Assert.Contains(pair.Left.Local!.Candidates, c => c.Type == CandidateType.ServerReflexive);
        Assert.InRange((pair.Left.GatheredAt!.Value - default(Instant)).TotalMilliseconds, 0, 200);
    }

    [Fact]
    [Rfc("8445", "5.1.1.4", Line = "I11")]
    public void Gather_WhileRinging_KeepsTheBindingsOfTheNatAlive()
    {
        // The NAT forgets after 30 s; the callee answers after two minutes.
        var nat = NatBehavior.PortRestricted with { UdpLifetime = TimeSpan.FromSeconds(30) };
        var pair = new TransportPair(nat, nat, turn: false).Gather();
        pair.Run(120);
        pair.Right.Do((t, now) => t.SetRemote(now, TransportPair.Describe(pair.Left.Local!)));
        pair.Left.Do((t, now) => t.SetRemote(now, TransportPair.Describe(pair.Right.Local!)));
        Assert.True(pair.Run(5, () => pair.Left.Transport.State == IceState.Completed && pair.Right.Transport.State == IceState.Completed));
        Assert.Equal("SS", pair.Left.Cell(1));
    }

    [Fact]
    [Rfc("8445", "5.1.1.4", Line = "I11")]
    public void Gather_WhileRinging_KeepsTheWayToTheRelayOpen()
    {
        var nat = NatBehavior.Symmetric with { UdpLifetime = TimeSpan.FromSeconds(30) };
        var pair = new TransportPair(nat, nat, tune: o => o with { StunServers = [] }).Gather();
        pair.Run(120);
        pair.Right.Do((t, now) => t.SetRemote(now, TransportPair.Describe(pair.Left.Local!)));
        pair.Left.Do((t, now) => t.SetRemote(now, TransportPair.Describe(pair.Right.Local!)));
        Assert.True(pair.Run(5, () => pair.Left.Transport.State == IceState.Completed && pair.Right.Transport.State == IceState.Completed));
        Assert.True(pair.Talk(1));
    }

    [Fact]
    public void Gather_Trace_TellsSocketsServersAndWhyItWasEnough()
    {
        var trace = new TransportPair().Gather().Left.Trace.Entries.OfType<GatherTrace>().ToArray();
        Assert.Equal(2, trace.OfType<GatherTrace.SocketOpened>().Count());
        Assert.Equal(4, trace.OfType<GatherTrace.ServerAsked>().Count());
        Assert.Equal(TimeSpan.FromMilliseconds(40), trace.OfType<GatherTrace.ServerAnswered>().First().Rtt);
        Assert.Equal("6 candidates: every server has answered", Assert.Single(trace.OfType<GatherTrace.Ready>()).Describe());
        Assert.All(trace, t => Assert.NotEmpty(t.Describe()));
    }

    [Fact]
    [Rfc("8445", "16", Line = "I80")]
    public void Gather_SameSeed_GivesTheSameDescription() =>
        Assert.Equal(
            new TransportPair(seed: 4).Gather().Left.Local!.Candidates.Select(c => c.ToString()),
            new TransportPair(seed: 4).Gather().Left.Local!.Candidates.Select(c => c.ToString()));
}
