using Softphone.Core;
using Softphone.Media;
using Softphone.Phone;

namespace Softphone.Lab;

/// <summary>Draws the plan of a simulated call from its seed. The draws are in a fixed order: a change of it is a change of every call.</summary>
public sealed class CallPlanner(ulong seed, SimulationOptions options)
{
    private const ulong Secrecy = 0x5EC2_E7C0_FFEE_0001;

    private static readonly int[] Pacings = [20, 20, 20, 5, 50];

    /// <summary>Every pair of wishes that can talk; half of the calls are plain.</summary>
    private static readonly (SrtpMode Caller, SrtpMode Callee)[] Encryptions =
    [
        (SrtpMode.Off, SrtpMode.Off), (SrtpMode.Try, SrtpMode.Off), (SrtpMode.Off, SrtpMode.Try), (SrtpMode.Off, SrtpMode.Off),
        (SrtpMode.Try, SrtpMode.Try), (SrtpMode.Try, SrtpMode.Sdes), (SrtpMode.Sdes, SrtpMode.Try), (SrtpMode.Sdes, SrtpMode.Sdes),
    ];

    private readonly SeededEntropy _chance = new(seed);

    /// <summary>The plan of call number <paramref name="index"/> of a run.</summary>
    public static CallPlan Plan(ulong seed, long index, SimulationOptions options) => new CallPlanner(SeedOf(seed, index), options).Draw();

    /// <summary>The seed of one call: neighbours have nothing in common.</summary>
    public static ulong SeedOf(ulong seed, long index)
    {
        var z = seed * 0x9E3779B97F4A7C15 + (ulong)index * 0xD1B54A32D192ED03 + 0x632BE59BD9B4E019;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    public CallPlan Draw()
    {
        var lines = new LineDraw(_chance);
        var shared = Weighted(70, 14, 11, 5) switch { 0 => SharedNetwork.None, 1 => SharedNetwork.Carrier, 2 => SharedNetwork.Lan, _ => SharedNetwork.IsolatedLan };
        var a = Side(shared, lines);
        var b = Side(shared, lines);
        var turn = Weighted(64, 10, 10, 16);
        var plan = new CallPlan
        {
            Seed = seed,
            Shared = shared,
            A = a with { UsesTurn = turn is 0 or 1, RelayOnly = a.RelayOnly && turn is 0 or 1 },
            B = b with { UsesTurn = turn is 0 or 2, RelayOnly = b.RelayOnly && turn is 0 or 2 },
            Common = shared == SharedNetwork.None ? [] : [.. Enumerable.Range(0, 1 + Weighted(75, 25)).Select(_ => Nat(lines, isShared: true))],
            Servers = [.. Enumerable.Range(0, 1 + Weighted(75, 25)).Select(_ => Server())],
            ServerLine = Chance(0.2) ? lines.Server() : Link.Perfect,
            OneRelayServer = Chance(0.6),
            Mux = Chance(0.4),
            SignalDelay = Milliseconds(5, 150),
            SignalLoss = Chance(0.3) ? _chance.NextDouble() * 0.1 : 0,
            Ringing = Chance(0.5) ? TimeSpan.Zero : Milliseconds(100, 3000),
            HangingUp = (HangingUp)_chance.NextInt(3),
            WholePhones = Chance(options.PhoneShare),
        };
        var events = Chance(options.DisturbedShare) ? Disturbances(plan).ToArray() : [];
        var abort = Chance(options.AbortedShare) ? Milliseconds(0, Chance(0.7) ? 2500 : 60_000) : (TimeSpan?)null;
        // Of a chance of its own, so that the calls that failed once are still those calls.
        var secrecy = new SeededEntropy(seed ^ Secrecy);
        var (caller, callee) = Encryptions[secrecy.NextInt(Encryptions.Length)];
        return plan with
        {
            Disturbances = plan.WholePhones ? [] : events,
            AbortAt = abort,
            Srtp = plan.WholePhones ? (caller, callee) : default,
            SrtpSuite = SrtpSuite.All[secrecy.NextInt(SrtpSuite.All.Count)].Name,
            A = events.Any(d => d.Kind == DisturbanceKind.InterfaceSwap && d.OfCaller) ? plan.A with { Spare = Spare(lines) } : plan.A,
            B = events.Any(d => d.Kind == DisturbanceKind.InterfaceSwap && !d.OfCaller) ? plan.B with { Spare = Spare(lines) } : plan.B,
        };
    }

    private IEnumerable<Disturbance> Disturbances(CallPlan plan)
    {
        for (var i = 1 + Weighted(80, 20); i > 0; i--)
        {
            var kind = options.Disturbances[_chance.NextInt(options.Disturbances.Count)];
            var ofCaller = Chance(0.5);
            var gateways = (ofCaller ? plan.A : plan.B).Nats.Count + plan.Common.Count;
            var lasts = kind switch
            {
                DisturbanceKind.Outage => Milliseconds(1000, options.LongestOutageMs),
                DisturbanceKind.Suspend => Milliseconds(35_000, 45_000),
                DisturbanceKind.InterfaceSwap => Milliseconds(0, 3000),
                _ => TimeSpan.Zero,
            };
            if (kind == DisturbanceKind.Rebinding && gateways == 0) continue;
            yield return new Disturbance(kind, ofCaller, gateways == 0 ? 0 : _chance.NextInt(gateways), lasts);
        }
    }

    private SidePlan Side(SharedNetwork shared, LineDraw lines)
    {
        var depth = shared switch
        {
            SharedNetwork.None => Weighted(8, 66, 22, 4),
            SharedNetwork.Carrier => Weighted(25, 65, 10),
            _ => 0,
        };
        return new SidePlan
        {
            Nats = [.. Enumerable.Range(0, depth).Select(_ => Nat(lines, isShared: false))],
            Line = depth == 0 && shared == SharedNetwork.None ? lines.Wan() : lines.Lan(),
            Home = _chance.NextInt(4),
            HostNumber = 2 + _chance.NextInt(3),
            UsesStun = !Chance(0.04),
            RelayOnly = Chance(0.03),
            NominatesAtOnce = Chance(0.05),
            SeparateRtcp = !Chance(0.15),
            Pacing = TimeSpan.FromMilliseconds(Pacings[_chance.NextInt(Pacings.Length)]),
        };
    }

    private NatPlan Spare(LineDraw lines)
    {
        var nat = Nat(lines, isShared: true);
        return nat.Behavior.Translates ? nat : nat with { Behavior = NatBehavior.PortRestricted, Outside = 1 };
    }

    private NatPlan Nat(LineDraw lines, bool isShared)
    {
        var wan = lines.Wan();
        var behavior = (isShared ? Weighted(94, 3, 3, 0) : Weighted(84, 6, 5, 5)) switch
        {
            0 => new NatBehavior
            {
                Mapping = (MappingRule)_chance.NextInt(3),
                Filtering = (FilteringRule)_chance.NextInt(3),
                Ports = (PortAllocation)_chance.NextInt(3),
                PreservesParity = Chance(0.3),
                Hairpin = Weighted(50, 35, 15) switch { 0 => Hairpinning.Off, 1 => Hairpinning.External, _ => Hairpinning.Internal },
                InboundRefreshes = Chance(0.5),
                UdpLifetime = TimeSpan.FromSeconds(30 + _chance.NextInt(270)),
                Pooling = Chance(0.3) ? AddressPooling.Arbitrary : AddressPooling.Paired,
            },
            1 => NatBehavior.Firewall with { Filtering = (FilteringRule)_chance.NextInt(3) },
            2 => NatBehavior.None,
            _ => NatBehavior.UdpBlocked,
        };
        return new NatPlan(behavior, behavior.Translates ? 1 + Weighted(85, 15) * (1 + _chance.NextInt(2)) : 0, wan);
    }

    private ServerState Server() => Weighted(90, 6, 4) switch { 0 => ServerState.Alive, 1 => ServerState.Silent, _ => ServerState.Refusing };

    private bool Chance(double probability) => _chance.NextDouble() < probability;

    private TimeSpan Milliseconds(int least, int most) => TimeSpan.FromMilliseconds(least + _chance.NextInt(most - least + 1));

    private int Weighted(params ReadOnlySpan<int> weights)
    {
        var total = 0;
        foreach (var weight in weights) total += weight;
        var draw = _chance.NextInt(total);
        for (var i = 0; i < weights.Length; i++)
        {
            draw -= weights[i];
            if (draw < 0) return i;
        }

        return weights.Length - 1;
    }

    /// <summary>The lines of one call: all clean, some with jitter, or some with loss that comes to a tenth at most.</summary>
    private sealed class LineDraw(SeededEntropy chance)
    {
        private readonly int _quality = chance.NextInt(3);
        private readonly int _most = chance.NextInt(4) switch { 0 => 0, 1 => 10, 2 => 40, _ => 120 };
        private double _loss = chance.NextDouble() * 0.1;

        public Link Wan()
        {
            var delay = TimeSpan.FromMilliseconds(chance.NextDouble() * _most);
            if (_quality == 0) return new Link(delay);
            var jitter = TimeSpan.FromMilliseconds(chance.NextDouble() * 30);
            var duplicate = chance.NextInt(3) == 0 ? chance.NextDouble() * 0.03 : 0;
            var overtake = chance.NextInt(3) == 0 ? chance.NextDouble() * 0.1 : 0;
            if (_quality == 1) return new Link(delay, jitter, 0, duplicate, overtake);
            var loss = _loss * (chance.NextInt(3) == 0 ? 1 : 0.5);
            _loss -= loss;
            return new Link(delay, jitter, loss, duplicate, overtake);
        }

        public Link Lan() => chance.NextInt(2) == 0 ? Link.Perfect : new Link(TimeSpan.FromMilliseconds(chance.NextDouble() * 3));

        public Link Server() => new(TimeSpan.FromMilliseconds(chance.NextDouble() * 20));
    }
}
