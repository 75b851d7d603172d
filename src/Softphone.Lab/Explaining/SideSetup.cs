namespace Softphone.Lab;

/// <summary>One side of an <see cref="ExplainWorld"/>: what stands before it, and what its phone is told to use.</summary>
/// <param name="Nat">Its NAT or firewall.</param>
/// <param name="Turn">It has an account at the TURN server: by UDP, TCP and TLS.</param>
/// <param name="Stun">It asks the STUN server.</param>
/// <param name="RelayOnly">Its setting allows relays only.</param>
public sealed record SideSetup(NatBehavior Nat, bool Turn, bool Stun, bool RelayOnly)
{
    /// <summary>Its own address means nothing outside.</summary>
    public bool IsPrivate => Nat.Translates;

    public bool MapsPerDestination => Nat is { Translates: true, Mapping: not MappingRule.EndpointIndependent };

    /// <summary>It knows an address that can be reached from outside.</summary>
    public bool KnowsPublic => !IsPrivate || ((Stun || Turn) && !Nat.BlocksUdp);
}
