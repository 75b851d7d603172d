using Softphone.Phone;

namespace Softphone.Lab;

/// <summary>Applies a remedy, as a phone has told it, to the world that it was told in.</summary>
public static class RemedyTrial
{
    /// <summary>What may stand behind a block of UDP: nobody has seen it.</summary>
    private static readonly NatBehavior[] Behind = [NatBehavior.PortRestricted, NatBehavior.Symmetric];

    /// <summary>The worlds that it may lead to; none when it changes nothing that this world has.</summary>
    /// <param name="world">The world as it was.</param>
    /// <param name="steps">What is changed.</param>
    /// <param name="isAlice">Alice's phone told it, so that ours is hers.</param>
    public static IReadOnlyList<ExplainWorld> Apply(ExplainWorld world, IReadOnlyList<RemedyStep> steps, bool isAlice)
    {
        IReadOnlyList<ExplainWorld> worlds = [world];
        foreach (var step in steps)
        {
            if (step.Kind == RemedyKind.Ipv6)
            {
                worlds = [.. worlds.Select(w => w with { HasV6 = true })];
                continue;
            }

            foreach (var side in Sides(step.Side, isAlice))
                worlds = [.. worlds.SelectMany(w => Changed(w.Of(side), step.Kind).Select(s => w.With(side, s)))];
        }

        return [.. worlds.Where(w => w != world)];
    }

    /// <summary>The sides that a step is taken on: true for alice's.</summary>
    public static IEnumerable<bool> Sides(Side side, bool isAlice) => side switch
    {
        Side.Ours => [isAlice],
        Side.Peer => [!isAlice],
        _ => [true, false],
    };

    private static IEnumerable<SideSetup> Changed(SideSetup side, RemedyKind kind) => kind switch
    {
        RemedyKind.AllowDirect => [side with { RelayOnly = false }],
        RemedyKind.LetUdpOut when side.Nat is { BlocksUdp: true, Translates: true } => Behind.Select(nat => side with { Nat = nat }),
        RemedyKind.LetUdpOut => [side with { Nat = side.Nat with { BlocksUdp = false } }],
        RemedyKind.LetUdpIn when !side.Nat.Translates => [side with { Nat = side.Nat with { Filters = false } }],
        RemedyKind.AskStun => [side with { Stun = true }],
        RemedyKind.MapAlike when side.Nat.Translates => [side with { Nat = side.Nat with { Mapping = MappingRule.EndpointIndependent } }],
        RemedyKind.Relay => [side with { Turn = true }],
        _ => [side],
    };
}
