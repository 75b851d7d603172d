using Softphone.Core;
using Softphone.Phone;

namespace Softphone.Lab;

/// <summary>
/// Draws what a registered phone goes through. Its chance is apart from that of <see cref="CallPlanner"/>, so that a change here changes no call.
/// </summary>
public sealed class StayPlanner(ulong seed)
{
    private const ulong Apart = 0x2545F4914F6CDD1D;
    private readonly SeededEntropy _chance = new(seed);

    /// <summary>The plan that goes with call number <paramref name="index"/> of a run; null for most.</summary>
    public static StayPlan? Plan(ulong seed, long index, SimulationOptions options)
    {
        var drawn = CallPlanner.SeedOf(seed ^ Apart, index);
        return options.OnlyStays || drawn / (double)ulong.MaxValue < options.StayShare ? new StayPlanner(drawn).Draw() : null;
    }

    public StayPlan Draw()
    {
        var hasV6 = Chance(0.5);
        var transports = _chance.NextInt(8) switch { < 3 => SipTransports.Udp, 3 => SipTransports.UdpAndTcp, < 7 => SipTransports.Tcp, _ => SipTransports.Tls };
        var conditions = Conditions(hasV6, transports).ToList();
        var plan = new StayPlan
        {
            Seed = seed,
            HasV6 = hasV6,
            IsV4Broken = Chance(0.5),
            Transports = transports,
            Delay = Seconds(0.001, 0.08),
            CallsOut = Chance(0.5),
            Nat = Nat(conditions.Contains(NetworkTrouble.NatForgetsSoon), transports),
            Elsewhere = Nat(conditions.Contains(NetworkTrouble.NatForgetsSoon), transports),
            Other = Nat(false, SipTransports.Udp),
            Conditions = conditions,
        };
        // Media that goes by a connection to its relay has bounds of its own, which nobody has set.
        var mayTalk = !plan.Nat.BlocksUdp && !plan.Elsewhere.BlocksUdp;
        return plan with { Events = [.. Events(plan).Select(e => e with { InCall = e.InCall && mayTalk })] };
    }

    private IEnumerable<NetworkTrouble> Conditions(bool hasV6, SipTransports transports)
    {
        if (Chance(0.3)) yield return NetworkTrouble.NatForgetsSoon;
        // What is longer than one packet comes by streams alone, and a description with addresses of both families is. A phone that may use either
        // finds its way back to the stream too late where the server was away for long, and one that greets by TLS in two families, of which one leads
        // nowhere, learns too late that the other loses what is long (docs/performance.md).
        var isByStream = transports is SipTransports.Tcp or SipTransports.Tls;
        if (Chance(0.1) && (!hasV6 || isByStream)) yield return NetworkTrouble.FragmentsLost;
        else if (Chance(0.1)) yield return NetworkTrouble.SmallMtuTold;
        else if (Chance(0.1) && isByStream && !(hasV6 && transports == SipTransports.Tls)) yield return NetworkTrouble.SmallMtuSilent;
        switch (_chance.NextInt(12))
        {
            case 0: yield return NetworkTrouble.NameServerSilent; break;
            case 1: yield return NetworkTrouble.NamesLate; break;
            case 2: yield return NetworkTrouble.NamesDeadAtFirst; break;
        }

        if (hasV6 && Chance(0.25)) yield return Chance(0.5) ? NetworkTrouble.FamilySilent : NetworkTrouble.FamilyRejected;
    }

    private IEnumerable<StayEvent> Events(StayPlan plan)
    {
        var kinds = Enum.GetValues<NetworkTrouble>().Where(k => k >= NetworkTrouble.NatFlushed).ToList();
        if (!plan.MayUseStreams) kinds.Remove(NetworkTrouble.StreamHalfOpen);
        var mayLoseFamily = plan.HasV6 && !plan.Has(NetworkTrouble.FamilySilent) && !plan.Has(NetworkTrouble.FamilyRejected);
        for (var left = 1 + _chance.NextInt(2); left > 0; left--)
        {
            var kind = kinds[_chance.NextInt(kinds.Count)];
            if (kind is NetworkTrouble.FamilyDies or NetworkTrouble.FamilyRefuses && !mayLoseFamily) kind = NetworkTrouble.NatFlushed;
            if (kind is NetworkTrouble.FamilyDies or NetworkTrouble.FamilyRefuses or NetworkTrouble.CableMoved) mayLoseFamily = false;
            yield return Event(kind);
        }
    }

    private StayEvent Event(NetworkTrouble kind)
    {
        var before = Chance(0.5) ? Seconds(0.1, 20) : Seconds(20, 150);
        var inCall = kind == NetworkTrouble.RelayRestarted || (kind != NetworkTrouble.Asleep && Chance(0.15));
        return new StayEvent(kind, inCall ? Seconds(4, 9) : before, kind switch
        {
            NetworkTrouble.ServerRestarted or NetworkTrouble.ServerRestartedWithMemory => Chance(0.7) ? Seconds(0.5, 8) : Seconds(8, 100),
            NetworkTrouble.AddressChanged or NetworkTrouble.CableMoved => Seconds(0, 4),
            NetworkTrouble.LineCut or NetworkTrouble.RouterDead => Seconds(1, 30),
            NetworkTrouble.Asleep => Seconds(10, 200),
            NetworkTrouble.RelayRestarted => Seconds(1, 20),
            _ => TimeSpan.Zero,
        }, inCall, Chance(0.5));
    }

    private NatBehavior Nat(bool forgetsSoon, SipTransports transports)
    {
        var lifetime = TimeSpan.FromSeconds(forgetsSoon ? 20 + _chance.NextInt(11) : 35 + _chance.NextInt(265));
        var drawn = new NatBehavior
        {
            Mapping = (MappingRule)_chance.NextInt(3),
            Filtering = (FilteringRule)_chance.NextInt(3),
            Ports = (PortAllocation)_chance.NextInt(3),
            InboundRefreshes = Chance(0.5),
            UdpLifetime = lifetime,
        };
        return _chance.NextInt(20) switch
        {
            0 => NatBehavior.Firewall with { UdpLifetime = lifetime },
            1 => NatBehavior.None,
            2 when transports is SipTransports.Tcp or SipTransports.Tls => NatBehavior.UdpBlocked,
            _ => drawn,
        };
    }

    private bool Chance(double probability) => _chance.NextDouble() < probability;

    private TimeSpan Seconds(double least, double most) => TimeSpan.FromSeconds(least + _chance.NextDouble() * (most - least));
}
