using Softphone.Phone;

namespace Softphone.Lab.Tests;

/// <summary>Phones that stay registered, as the simulation has them: each trouble alone, and what is drawn.</summary>
public sealed class StayTests
{
    public static TheoryData<NetworkTrouble, SipTransports, ulong> Conditions()
    {
        var data = new TheoryData<NetworkTrouble, SipTransports, ulong>();
        foreach (var condition in Enum.GetValues<NetworkTrouble>().Where(t => t < NetworkTrouble.NatFlushed))
        {
            data.Add(condition, SipTransports.Tcp, 1);
            // By datagrams alone nothing can be done where what is longer vanishes.
            if (condition != NetworkTrouble.SmallMtuSilent) data.Add(condition, SipTransports.Udp, 2);
        }

        return data;
    }

    public static TheoryData<NetworkTrouble, SipTransports, double, bool> Events()
    {
        var data = new TheoryData<NetworkTrouble, SipTransports, double, bool>();
        foreach (var kind in Enum.GetValues<NetworkTrouble>().Where(t => t >= NetworkTrouble.NatFlushed))
        {
            data.Add(kind, SipTransports.Udp, 3, false);
            data.Add(kind, SipTransports.Tcp, 17, false);
        }

        data.Add(NetworkTrouble.FamilyDies, SipTransports.Udp, 0, true);
        data.Add(NetworkTrouble.CableMoved, SipTransports.Tcp, 1, true);
        data.Add(NetworkTrouble.LineCut, SipTransports.Udp, 20, true);
        data.Add(NetworkTrouble.RelayRestarted, SipTransports.Udp, 8, true);
        return data;
    }

    [Theory, MemberData(nameof(Conditions))]
    public void Registered_InSuchANetwork_IsCalledAfterTheNatWasFlushed(NetworkTrouble condition, SipTransports transports, ulong seed)
    {
        var isOfAFamily = condition is NetworkTrouble.FamilySilent or NetworkTrouble.FamilyRejected;
        Survives(new StayPlan
        {
            Seed = seed,
            Conditions = [condition],
            Transports = transports,
            HasV6 = isOfAFamily,
            IsV4Broken = seed == 1,
            Nat = NatBehavior.PortRestricted with { UdpLifetime = TimeSpan.FromSeconds(condition == NetworkTrouble.NatForgetsSoon ? 20 : 120) },
            Events = [new StayEvent(NetworkTrouble.NatFlushed, TimeSpan.FromSeconds(70))],
        });
    }

    [Theory, MemberData(nameof(Events))]
    [Rfc("5626", "4.4")]
    public void Registered_AfterSuchAnEvent_IsCalledWithinItsTime(NetworkTrouble kind, SipTransports transports, double lasts, bool inCall) => Survives(new StayPlan
    {
        Seed = 3,
        Transports = transports,
        HasV6 = kind is NetworkTrouble.FamilyDies or NetworkTrouble.FamilyRefuses,
        Nat = inCall ? NatBehavior.Symmetric : NatBehavior.PortRestricted,
        Other = inCall ? NatBehavior.Symmetric : NatBehavior.PortRestricted,
        Events = [new StayEvent(kind, TimeSpan.FromSeconds(inCall ? 6 : 40), TimeSpan.FromSeconds(lasts), inCall, Abrupt: lasts > 10)],
    });

    /// <summary>The connections were ended as the phone woke, and the new one was taken for one that is kept alive already: no keepalive went out any more.</summary>
    [Theory]
    [InlineData(SipTransports.Tcp, 60, NetworkTrouble.StreamHalfOpen, true)]
    [InlineData(SipTransports.Tls, 130, NetworkTrouble.StreamHalfOpen, true)]
    [InlineData(SipTransports.Tcp, 142, NetworkTrouble.NatFlushed, false)]
    [InlineData(SipTransports.Tls, 20, NetworkTrouble.NatFlushed, false)]
    [Rfc("5626", "4.4.1")]
    public void AfterASleep_OverAConnection_KeepalivesGoOn(SipTransports transports, double sleeps, NetworkTrouble then, bool translates) => Survives(new StayPlan
    {
        Seed = 4,
        Transports = transports,
        Nat = translates ? NatBehavior.PortRestricted : NatBehavior.Firewall,
        Events = [new StayEvent(NetworkTrouble.Asleep, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(sleeps)), new StayEvent(then, TimeSpan.FromSeconds(20))],
    });

    /// <summary>
    /// What is longer than a packet comes by a stream of small segments alone: the phone finds that out, and comes back to it when the server was away, though
    /// the stream had stood for seconds only and refused meanwhile.
    /// </summary>
    [Theory]
    [InlineData(NetworkTrouble.SmallMtuSilent, SipTransports.Tcp, false, NetworkTrouble.NatFlushed, 0)]
    [InlineData(NetworkTrouble.SmallMtuSilent, SipTransports.Tls, true, NetworkTrouble.ServerRestarted, 3)]
    [InlineData(NetworkTrouble.SmallMtuSilent, SipTransports.UdpAndTcp, true, NetworkTrouble.ServerRestarted, 2.5)]
    [InlineData(NetworkTrouble.SmallMtuSilent, SipTransports.UdpAndTcp, false, NetworkTrouble.ServerRestartedWithMemory, 6)]
    [InlineData(NetworkTrouble.FragmentsLost, SipTransports.UdpAndTcp, true, NetworkTrouble.ServerRestarted, 5)]
    [InlineData(NetworkTrouble.FragmentsLost, SipTransports.UdpAndTcp, true, NetworkTrouble.AddressChanged, 1)]
    [Rfc("2923", "2.1")]
    public void Registered_WhereLongMessagesAreLost_IsCalledByAStream(NetworkTrouble condition, SipTransports transports, bool hasV6, NetworkTrouble then, double lasts) => Survives(new StayPlan
    {
        Seed = 6,
        Conditions = [condition],
        Transports = transports,
        HasV6 = hasV6,
        Events = [new StayEvent(then, TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(lasts))],
    });

    [Fact]
    public void Stays_OfAFixedSeed_AreDrawnBesideTheCallsAndAlikeTwice()
    {
        var options = new SimulationOptions { OnlyStays = true };
        Lab.Simulation once = new(5, options), twice = new(5, options);
        for (var index = 0; index < 8; index++)
        {
            var (first, second) = (once.Run(index).Stay!, twice.Run(index).Stay!);
            Assert.True(first.Violation is null, $"{first.Violation}\n{first.Plan}");
            Assert.Equal((first.Digest, first.Events, first.Lasted), (second.Digest, second.Events, second.Lasted));
        }

        // What a call draws is the same with and without them.
        Assert.Equal(new Lab.Simulation(5, new SimulationOptions { StayShare = 0 }).Plan(7).ToString(), once.Plan(7).ToString());
    }

    private static void Survives(StayPlan plan)
    {
        var report = new Lab.Simulation(1).Run(plan);
        Assert.True(report.Violation is null, $"{report.Violation}\n{plan}");
        Assert.Equal(plan.Events.Count, report.Survived);
    }
}
