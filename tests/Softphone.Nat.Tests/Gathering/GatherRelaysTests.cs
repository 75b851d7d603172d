using Softphone.Core;
using Softphone.Lab;

namespace Softphone.Nat.Tests;

/// <summary>Pairs of relays, servers that refuse, and relays that come late.</summary>
public sealed class GatherRelaysTests
{
    private const ulong Token = 77;
    private static readonly RelayServer Server = new(HandNetwork.Server, "alice", "secret");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Rfc("8656", "7.2", Line = "T08")]
    [Rfc("8656", "3.8", Line = "T09")]
    public void Pair_ServerReserves_NeighbouringPortsAndReadyInTwoRoundTrips(bool tiesNonces)
    {
        var hand = new HandNetwork((path, has) => has(StunAttributeType.EvenPort) ? (0, 50_000, Token) : (has(StunAttributeType.ReservationToken) ? 0 : 400, 50_001, null))
        {
            TiesNoncesToPorts = tiesNonces,
        }.Run();
        Assert.Equal(2, hand.ReadyAfter);
        var told = Assert.Single(hand.Events.OfType<MediaTransportEvent.Gathered>()).Local;
        Assert.Equal((50_000, 50_001), (told.DefaultRtp.Port, told.DefaultRtcp.Port));
        Assert.Equal(told.DefaultRtp.Ip, told.DefaultRtcp.Ip);
        Assert.Equal(tiesNonces ? ["1 bare even", "1 even", "2 token", "2 token"] : ["1 bare even", "1 even", "2 token"], hand.Log);
        Assert.Empty(hand.Events.OfType<MediaTransportEvent.LocalGrown>());
        Assert.Contains(hand.Transport.Snapshot()!.Local, c => c.Type == CandidateType.Relayed && c.Component == 2 && c.Address.Port == 50_001);
    }

    [Theory]
    [InlineData(508)]
    [InlineData(420)]
    [InlineData(0)]
    [Rfc("8656", "3.8", Line = "T09")]
    [Rfc("8656", "7.4", Line = "T09")]
    public void Pair_NotToBeHad_CostsOneRoundTripOnceForTheWholeProcess(int code)
    {
        var memory = new TurnMemory();
        HandNetwork Call() => new HandNetwork(
            (path, has) => (has(StunAttributeType.EvenPort) ? code : 0, 50_000 + 10 * path.Value, null), new MediaTransportOptions { Memory = memory }).Run();
        var first = Call();
        Assert.Equal(3, first.ReadyAfter);
        Assert.Equal([50_010, 50_020], first.Relayed.Select(c => (int)c.Address.Port));
        Assert.Empty(first.Events.OfType<MediaTransportEvent.ServerFailed>());
        var second = Call();
        Assert.Equal(2, second.ReadyAfter);
        Assert.DoesNotContain(second.Log, l => l.Contains("even", StringComparison.Ordinal));
        Assert.Equal(2, second.Relayed.Count);
    }

    [Fact]
    [Rfc("8656", "7.2", Line = "T09")]
    public void Pair_TokenRefusedAfterThePromise_RtcpGetsAnyPortAndTheOwnerIsTold()
    {
        var hand = new HandNetwork((path, has) => has(StunAttributeType.EvenPort) ? (0, 50_000, Token) : (has(StunAttributeType.ReservationToken) ? 508 : 0, 51_000, null)).Run();
        Assert.Equal(2, hand.ReadyAfter);
        var grown = Assert.Single(hand.Events.OfType<MediaTransportEvent.LocalGrown>()).Local;
        Assert.Equal([50_000, 51_000], grown.Candidates.Where(c => c.Type == CandidateType.Relayed).Select(c => (int)c.Address.Port));
        Assert.Equal(51_000, grown.DefaultRtcp.Port);
    }

    [Fact]
    [Rfc("8656", "7.4", Line = "T12")]
    public void Mismatch_OfOnePort_IsTriedFromAnother()
    {
        var hand = new HandNetwork((path, has) => (path.Value <= 2 ? 437 : 0, 50_000 + path.Value, null)).Run();
        Assert.Equal(2, hand.Relayed.Count);
        Assert.Equal(4, hand.Open.Count);
        Assert.Equal([1, 2], hand.Relayed.Select(c => c.Component));
        Assert.All(hand.Transport.Local!.Candidates.Where(c => c.Type == CandidateType.Host), c => Assert.Contains(c.Path.Value, new[] { 1, 2 }));
        Assert.Equal(2, hand.Relayed.Select(c => c.Path).Distinct().Count());
        Assert.All(Enumerable.Range(1, 4), i => Assert.True(hand.Transport.Owns(new PathId(i))));
        hand.Transport.Close(hand.Now);
        for (var i = 0; i < 30; i++) hand.Round();
        Assert.Empty(hand.Open);
        Assert.Contains(hand.Events, e => e is MediaTransportEvent.Closed);
    }

    /// <summary>A socket that speaks to the server alone takes no checks, so it has no candidate, when all is gathered again either.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [Rfc("8445", "5.1.1.2")]
    public void Mismatch_SpareSockets_HaveNoReflexiveCandidates(int remembered)
    {
        var options = new MediaTransportOptions { StunServers = [HandNetwork.Server] };
        var hand = new HandNetwork((path, has) => (path.Value <= remembered ? 437 : 0, 50_000 + path.Value, null), options) { Outside = IpAddress.Parse("203.0.113.9") }.Run(12);
        hand.Transport.NetworkChanged(hand.Now);
        for (var i = 0; i < 30; i++) hand.Round();
        Assert.Equal(2, hand.Relayed.Count);
        var told = hand.Transport.Snapshot()!.Local.Concat(hand.Transport.Local!.Candidates).Where(c => c.Type == CandidateType.ServerReflexive).ToList();
        Assert.NotEmpty(told);
        Assert.All(told, c => Assert.InRange(c.Path.Value, 1, 2));
    }

    [Theory]
    [InlineData(true, 50_001)]
    [InlineData(false, 51_003)]
    [Rfc("8656", "7.4", Line = "T12")]
    [Rfc("8656", "7.2", Line = "T08")]
    public void Mismatch_OfTheSecondHalfOfAPair_ComesWithItsTokenAgain(bool isKept, int port)
    {
        var hand = new HandNetwork((path, has) =>
            path.Value == 2 ? (437, 0, null)
            : has(StunAttributeType.EvenPort) ? (0, 50_000, Token)
            : has(StunAttributeType.ReservationToken) ? (isKept ? 0 : 508, 50_001, null)
            : (0, 51_000 + path.Value - 1, null)).Run(12);
        Assert.Equal([50_000, port], hand.Transport.Snapshot()!.Local.Where(c => c.Type == CandidateType.Relayed).OrderBy(c => c.Component).Select(c => (int)c.Address.Port));
        Assert.Contains("3 token", hand.Log);
        Assert.Equal(!isKept, hand.Log.Contains("4"));
        Assert.Empty(hand.Events.OfType<MediaTransportEvent.ServerFailed>());
    }

    [Fact]
    [Rfc("8656", "7.4", Line = "T12")]
    public void Mismatch_OfEveryPort_EndsAfterThree()
    {
        var hand = new HandNetwork((_, _) => (437, 0, null)).Run(20);
        Assert.Equal(6, hand.Log.Where(l => !l.Contains("bare", StringComparison.Ordinal)).Distinct().Count());
        Assert.Equal(6, hand.Open.Count);
        Assert.Equal(2, hand.Events.OfType<MediaTransportEvent.ServerFailed>().Count());
        Assert.Single(hand.Events.OfType<MediaTransportEvent.Gathered>());
    }

    [Theory]
    [InlineData(486)]
    [InlineData(508)]
    [Rfc("8656", "7.4", Line = "T14")]
    public void NoRoom_TheServerIsLeftAloneForAMinute(int code)
    {
        var memory = new TurnMemory();
        HandNetwork Call(Instant at) => new HandNetwork((_, _) => (code, 0, null), new MediaTransportOptions { Memory = memory }, at).Run();
        var first = Call(default);
        Assert.NotEmpty(first.Log);
        Assert.NotEmpty(first.Events.OfType<MediaTransportEvent.ServerFailed>());
        var soon = Call(first.Now + TimeSpan.FromSeconds(50));
        Assert.Empty(soon.Log);
        Assert.Contains("left alone", Assert.Single(soon.Events.OfType<MediaTransportEvent.ServerFailed>()).Fault.What, StringComparison.Ordinal);
        Assert.Equal(1, soon.ReadyAfter);
        Assert.NotEmpty(Call(first.Now + TimeSpan.FromSeconds(61)).Log);
    }

    [Fact]
    public void Memory_OfManyServers_IsBounded()
    {
        var memory = new TurnMemory();
        for (var i = 1; i <= 100; i++) memory.Rest(default, Server with { User = $"user{i}" });
        Assert.Equal(64, Enumerable.Range(1, 100).Count(i => memory.IsResting(default, Server with { User = $"user{i}" })));
        Assert.False(memory.IsResting(default(Instant) + TurnClient.RetryAfter, Server with { User = "user1" }));
    }

    [Fact]
    [Rfc("8656", "7.2", Line = "T08")]
    public void Pair_InTheLab_HasNeighbouringPorts()
    {
        for (ulong seed = 1; seed <= 10; seed++)
        {
            var pair = new TransportPair(seed: seed).Gather();
            var local = pair.Left.Local!;
            Assert.Equal(0, local.DefaultRtp.Port % 2);
            Assert.Equal(local.DefaultRtp.Port + 1, local.DefaultRtcp.Port);
            pair.Run(1);
            Assert.Equal((4, 0), (pair.Demo.Turn.Allocations, pair.Demo.Turn.Reservations));
        }
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [Rfc("8445", "5.1.1", Line = "I11")]
    public void Late_RelayBetweenSymmetricNats_StillCarriesTheCall(bool lateLeft, bool lateRight)
    {
        // 200 ms each way: the mapped address is there after 400 ms, the relay after 800, 300 later than this description.
        MediaTransportOptions Tune(MediaTransportOptions o, bool isLate) => isLate
            ? o with { GatherBudget = TimeSpan.FromMilliseconds(500), GatherExtension = TimeSpan.Zero }
            : o with { GatherBudget = TimeSpan.FromSeconds(2) };
        var pair = new TransportPair(
            NatBehavior.Symmetric, NatBehavior.Symmetric, latency: 200,
            tune: o => Tune(o, o.TurnServers[0].User == "alice" ? lateLeft : lateRight)).Connect(mux: true);
        Assert.Equal(lateLeft, !pair.Left.Local!.Candidates.Any(c => c.Type == CandidateType.Relayed));
        Assert.Equal(lateRight, !pair.Right.Local!.Candidates.Any(c => c.Type == CandidateType.Relayed));
        if (lateLeft && lateRight)
        {
            // No check can reach a symmetric NAT from a relay that it has never sent to: another offer tells the candidates.
            Assert.True(pair.Run(2, () => Grown(pair.Left) is not null && Grown(pair.Right) is not null));
            pair.Right.Do((t, now) => t.SetRemote(now, TransportPair.Describe(Grown(pair.Left)!, mux: true)));
            pair.Left.Do((t, now) => t.SetRemote(now, TransportPair.Describe(Grown(pair.Right)!, mux: true)));
        }

        Assert.True(pair.Run(5, () => pair.Left.Transport.State == IceState.Completed && pair.Right.Transport.State == IceState.Completed));
        Assert.True(pair.Talk(1));
    }

    [Fact]
    [Rfc("8445", "6.1.4.2", Line = "I11")]
    public void Late_RelayAfterThePeersDescription_JoinsTheRunningChecks()
    {
        var pair = new TransportPair(
            latency: 200, tune: o => o with { GatherBudget = TimeSpan.FromMilliseconds(500), GatherExtension = TimeSpan.Zero }).Connect(mux: true);
        Assert.DoesNotContain(pair.Right.Transport.Snapshot()!.Local, c => c.Type == CandidateType.Relayed);
        Assert.True(pair.Run(0.6, () => pair.Right.Transport.Snapshot()!.Pairs.Any(p => p.Local.Type == CandidateType.Relayed && p.Sent > 0)));
        Assert.Equal(IceState.Checking, pair.Right.Transport.State);
    }

    private static LocalIce? Grown(TransportParty party) => party.Events.OfType<MediaTransportEvent.LocalGrown>().LastOrDefault()?.Local;
}
