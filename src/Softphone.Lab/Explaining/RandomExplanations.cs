using Softphone.Phone;

namespace Softphone.Lab;

/// <summary>
/// What two phones say of calls in random worlds, which are drawn as the simulation draws them and in which nothing goes wrong in the middle. The plan
/// is the whole truth: every hindrance named must be in it, and what would help is applied to it and the call made again.
/// </summary>
public sealed class RandomExplanations(ulong seed)
{
    private static readonly SimulationOptions Undisturbed = new() { PhoneShare = 1, DisturbedShare = 0, AbortedShare = 0 };

    private readonly Simulation _simulation = new(seed, Undisturbed);

    /// <summary>Runs calls, from the first on, until phones have told so many reasons for a path that was not direct.</summary>
    /// <param name="reasons">How many.</param>
    public IReadOnlyList<RandomVerdict> Judge(int reasons)
    {
        var verdicts = new List<RandomVerdict>();
        for (var index = 0L; verdicts.Count < reasons; index++)
        {
            var plan = _simulation.Plan(index);
            var report = _simulation.Run(plan, index: index);
            foreach (var (told, ofCaller) in new[] { (report.CallerSays, true), (report.CalleeSays, false) })
                if (told is { Cause: Cause.Network cause }) verdicts.Add(new RandomVerdict(index, ofCaller, told, Untruth(plan, ofCaller, cause) ?? Broken(plan, ofCaller, told)));
        }

        return verdicts;
    }

    private static string? Untruth(CallPlan plan, bool ofCaller, Cause.Network told) =>
        Untruth(plan, ofCaller ? plan.A : plan.B, told.Ours, told.IsDeduced, "our") ?? Untruth(plan, ofCaller ? plan.B : plan.A, told.Peer, told.IsDeduced, "the peer's");

    private static string? Untruth(CallPlan plan, SidePlan side, Hindrances told, bool isDeduced, string whose)
    {
        var gateways = side.Nats.Concat(plan.Common).Select(n => n.Behavior).ToList();
        var isBlocked = gateways.Exists(g => g.BlocksUdp);
        var isAlone = isBlocked || plan.Servers.All(s => s != ServerState.Alive) || (!side.UsesStun && !side.UsesTurn);
        if (told.HasFlag(Hindrances.RelaySetting) && !side.RelayOnly) return $"no setting of {whose} side allows relays only";
        if (told.HasFlag(Hindrances.UdpBlocked) && !isBlocked) return $"{whose} UDP is not blocked";
        if (told.HasFlag(Hindrances.ServersSilent) && !isAlone) return $"{whose} servers answer";
        if (told.HasFlag(Hindrances.NotAsked) && (side.UsesStun || side.UsesTurn)) return $"{whose} side has servers";
        if (told.HasFlag(Hindrances.NoPublicAddress) && !isAlone && plan.IsLossless) return $"{whose} side has a public address to tell";
        if (isDeduced) return null;
        if (told.HasFlag(Hindrances.PerDestination) && !gateways.Exists(g => g.Translates && g.Mapping != MappingRule.EndpointIndependent)) return $"{whose} NAT does not map per destination";
        return told.HasFlag(Hindrances.Filter) && !gateways.Exists(g => g.Filters) ? $"{whose} side filters nothing" : null;
    }

    /// <summary>The first promise that was not kept.</summary>
    private string? Broken(CallPlan plan, bool ofCaller, Explanation told)
    {
        foreach (var remedy in told.Remedies.Where(r => r.IsCertain && !r.Steps.Any(s => s.Kind == RemedyKind.Ipv6)))
        {
            // Behind one carrier the way back inside is needed too, which the phones know only where they see one address.
            if (remedy.Promise == Promise.Direct && plan.Shared != SharedNetwork.None) continue;
            var mended = remedy.Steps.Aggregate(plan, (p, step) => RemedyTrial.Sides(step.Side, ofCaller).Aggregate(p, (q, caller) => Apply(q, caller, step.Kind)));
            var report = _simulation.Run(mended);
            var isKept = report.Connected && (remedy.Promise == Promise.Connected || report.Legs == 0 || (!plan.IsLossless && report.FewestLegs == 0));
            if (!isKept) return $"did not give {remedy.Promise}: {string.Join(" and ", remedy.Steps.Select(s => $"{s.Kind} {s.Side}"))}";
        }

        return null;
    }

    private static CallPlan Apply(CallPlan plan, bool ofCaller, RemedyKind kind)
    {
        var side = ofCaller ? plan.A : plan.B;
        var changed = kind switch
        {
            RemedyKind.AllowDirect => side with { RelayOnly = false },
            RemedyKind.AskStun => side with { UsesStun = true },
            RemedyKind.Relay => side with { UsesTurn = true },
            RemedyKind.MapAlike => side with { Nats = [.. side.Nats.Select(Alike)] },
            RemedyKind.LetUdpIn => side with { Nats = [.. side.Nats.Select(n => n.Behavior.Translates ? n : n with { Behavior = n.Behavior with { Filters = false } })] },
            _ => side,
        };
        var mended = ofCaller ? plan with { A = changed } : plan with { B = changed };
        return kind switch
        {
            RemedyKind.Relay => mended with { Servers = [.. plan.Servers.Select(_ => ServerState.Alive)], RelaysByTcp = true },
            RemedyKind.MapAlike => mended with { Common = [.. plan.Common.Select(Alike)] },
            _ => mended,
        };

        static NatPlan Alike(NatPlan nat) => nat.Behavior.Translates ? nat with { Behavior = nat.Behavior with { Mapping = MappingRule.EndpointIndependent } } : nat;
    }
}
