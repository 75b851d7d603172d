namespace Softphone.Lab;

/// <summary>One cell of the table of explanations.</summary>
/// <param name="A">NAT type before alice, who calls.</param>
/// <param name="B">NAT type before bob.</param>
/// <param name="Turn">Both have a TURN server.</param>
/// <param name="Stun">Both have a STUN server.</param>
/// <param name="RelayOnly">Alice's setting allows relays only.</param>
public readonly record struct ExplainCell(string A, string B, bool Turn, bool Stun, bool RelayOnly)
{
    /// <summary>
    /// What is in no row, and cannot be told from what is in one: a NAT that maps per address, so that two ports of one server see the same;
    /// a firewall before a public address that lets no UDP out; a side that asks no STUN server where the other does. What may help is judged with them too.
    /// </summary>
    public static IReadOnlyList<string> Hidden { get; } = ["address-dependent", "udp-firewall", "without-stun"];

    public ExplainWorld World => new(new SideSetup(Named(A), Turn, Stun && A != "without-stun", RelayOnly), new SideSetup(Named(B), Turn, Stun && B != "without-stun", false));

    /// <summary>It stands in the table.</summary>
    public bool IsShown => !Hidden.Contains(A) && !Hidden.Contains(B);

    public override string ToString() => $"{A} to {B}, {(Turn ? "TURN" : "no TURN")}, {(Stun ? "STUN" : "no STUN")}, {(RelayOnly ? "relay" : "auto")}";

    private static NatBehavior Named(string name) => name switch
    {
        "address-dependent" => NatBehavior.PortRestricted with { Mapping = MappingRule.AddressDependent },
        "without-stun" => NatBehavior.PortRestricted,
        "udp-firewall" => NatBehavior.Firewall with { BlocksUdp = true },
        _ => NatBehavior.Named(name),
    };
}
