using Softphone.Lab;

namespace Softphone.Scenarios;

/// <summary>What the simulation has found once, as plans that no other draw changes.</summary>
public sealed class FoundBySimulationTests
{
    private static readonly NatBehavior Odd = new() { Mapping = MappingRule.AddressAndPortDependent, Filtering = FilteringRule.EndpointIndependent };

    /// <summary>
    /// Each check gave the other side a new source, and each new source a check before all others: the relay never had its turn.
    /// </summary>
    [Theory, InlineData(true), InlineData(false)]
    [Rfc("8445", "7.3.1.3", Line = "I49")]
    public void OpenSymmetricNats_LadderOfLearnedAddresses_LeavesTheRelayItsTurn(bool lets)
    {
        var peer = NatBehavior.Symmetric with { Filtering = lets ? FilteringRule.EndpointIndependent : FilteringRule.AddressDependent };
        var report = Run(Odd, peer, callerTurn: true, calleeTurn: false);
        Assert.Null(report.Violation);
        Assert.Equal((true, 1), (report.Connected, report.Legs));
        Assert.True(report.ConnectedAfter < TimeSpan.FromSeconds(2), $"connected after {report.ConnectedAfter}");
    }

    /// <summary>The symmetric side's last check before the hole was opened is repeated an RTO after it, which was later than the hold for a relay.</summary>
    [Theory, InlineData(0), InlineData(20), InlineData(80)]
    [Rfc("8445", "8.1.1", Line = "I61")]
    public void RestrictedToSymmetric_RelayValidFirst_WaitsForTheDirectPath(double delay)
    {
        var report = Run(NatBehavior.RestrictedCone, NatBehavior.Symmetric, callerTurn: true, calleeTurn: true, delay);
        Assert.Null(report.Violation);
        Assert.Equal(0, report.Legs);
    }

    /// <summary>A restart that begins while RTP is carried by one generation and RTCP by another ended in a key that was disposed of.</summary>
    [Theory, InlineData(1UL), InlineData(2UL), InlineData(3UL), InlineData(4UL)]
    [Rfc("8445", "9", Line = "I26")]
    public void RestartsOneUponAnother_TwoComponents_GoOn(ulong seed)
    {
        var side = new SidePlan { Nats = [new NatPlan(NatBehavior.Symmetric, 1, Link.OfMilliseconds(20, 0, 0.03))] };
        var plan = new CallPlan
        {
            Seed = seed,
            A = side,
            B = side with { Home = 1 },
            SignalDelay = TimeSpan.FromMilliseconds(40),
            Disturbances = [new Disturbance(DisturbanceKind.ServerRestart, true), new Disturbance(DisturbanceKind.Rebinding, true), new Disturbance(DisturbanceKind.ServerRestart, true)],
        };
        Assert.Null(new Lab.Simulation(1).Run(plan).Violation);
    }

    /// <summary>Loopback stood in between the two networks, and stayed: the relay was asked for from there.</summary>
    [Theory, InlineData(0), InlineData(2000)]
    [Rfc("8445", "9", Line = "I82")]
    public void InterfaceSwap_WithATimeWithoutAny_AsksForRelaysFromTheNewOne(int gap)
    {
        var side = new SidePlan { Nats = [new NatPlan(NatBehavior.Symmetric, 1, Link.OfMilliseconds(20))], Spare = new NatPlan(NatBehavior.Symmetric, 1, Link.OfMilliseconds(30)) };
        var plan = new CallPlan
        {
            Seed = 1,
            A = side,
            B = side with { Home = 1, UsesTurn = false },
            SignalDelay = TimeSpan.FromMilliseconds(40),
            Disturbances = [new Disturbance(DisturbanceKind.InterfaceSwap, true, 0, TimeSpan.FromMilliseconds(gap))],
        };
        var report = new Lab.Simulation(1).Run(plan);
        Assert.Equal((null, true, true), (report.Violation, report.MustRecover, report.Recovered));
    }

    /// <summary>Two failed pairs set each other's checks off for ever where a NAT has several addresses, and the relays had no turn.</summary>
    [Theory, InlineData(1UL), InlineData(2UL), InlineData(3UL)]
    [Rfc("8445", "7.3.1.4", Line = "I51")]
    public void OpenSymmetricNats_OfSeveralAddresses_LeaveTheRelaysTheirTurn(ulong seed)
    {
        var plan = new CallPlan
        {
            Seed = seed,
            A = new SidePlan { Nats = [new NatPlan(Odd with { Mapping = MappingRule.AddressDependent, Ports = PortAllocation.Sequential }, 1, Link.OfMilliseconds(1))] },
            B = new SidePlan
            {
                Nats = [new NatPlan(NatBehavior.Symmetric with { Filtering = FilteringRule.AddressDependent, Ports = PortAllocation.Preserve, Pooling = AddressPooling.Arbitrary }, 3, Link.Perfect)],
                Home = 1,
                Pacing = TimeSpan.FromMilliseconds(50),
            },
            Mux = true,
        };
        var report = new Lab.Simulation(1).Run(plan);
        Assert.Equal((null, true), (report.Violation, report.Connected));
    }

    private static CallReport Run(NatBehavior caller, NatBehavior callee, bool callerTurn, bool calleeTurn, double delay = 10)
    {
        var plan = new CallPlan
        {
            Seed = 1,
            A = new SidePlan { Nats = [new NatPlan(caller, 1, Link.OfMilliseconds(delay))], UsesTurn = callerTurn },
            B = new SidePlan { Nats = [new NatPlan(callee, 1, Link.OfMilliseconds(delay))], UsesTurn = calleeTurn, Home = 1 },
            SignalDelay = TimeSpan.FromMilliseconds(76),
            Mux = true,
        };
        return new Lab.Simulation(1).Run(plan);
    }
}
