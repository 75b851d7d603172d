namespace Softphone.Lab;

/// <summary>A whole situation whose explanations are tried: alice, who calls, and bob. Equal ones run the same.</summary>
public sealed record ExplainWorld(SideSetup Alice, SideSetup Bob)
{
    /// <summary>Both have IPv6 too, behind a stateful firewall.</summary>
    public bool HasV6 { get; init; }

    /// <summary>Every cell: NAT types against NAT types, with TURN and without, with STUN and without, and alice free or bound to relays.</summary>
    public static IEnumerable<ExplainCell> All(IReadOnlyList<string> types)
    {
        foreach (var relayOnly in new[] { false, true })
            foreach (var turn in new[] { true, false })
                foreach (var stun in new[] { true, false })
                    foreach (var a in types.Concat(ExplainCell.Hidden))
                        foreach (var b in types.Concat(ExplainCell.Hidden).Where(b => types.Contains(a) || types.Contains(b))) yield return new ExplainCell(a, b, turn, stun, relayOnly);
    }

    /// <summary>The side that a phone means by ours, or by the peer's.</summary>
    public SideSetup Of(bool isAlice) => isAlice ? Alice : Bob;

    /// <summary>The same with a side changed.</summary>
    public ExplainWorld With(bool isAlice, SideSetup side) => isAlice ? this with { Alice = side } : this with { Bob = side };
}
