using Softphone.Core;

namespace Softphone.Lab;

/// <summary>A LAN behind a gateway of the same name.</summary>
public sealed record ScenarioNetwork(string Name)
{
    public NatBehavior Nat { get; init; } = NatBehavior.PortRestricted;

    /// <summary>The network that its gateway hangs on; null for the public internet.</summary>
    public string? Behind { get; init; }

    /// <summary>The line of its gateway.</summary>
    public Link Line { get; init; } = Link.OfMilliseconds(20);

    /// <summary>Its IPv4 prefix; chosen when null.</summary>
    public (IpAddress Network, int Length)? Prefix { get; init; }

    /// <summary>How many outside addresses its NAT has.</summary>
    public int Outside { get; init; } = 1;

    /// <summary>Its hosts cannot reach each other.</summary>
    public bool IsIsolated { get; init; }

    public bool HasV4 { get; init; } = true;

    /// <summary>What stands before its IPv6; null when it has none.</summary>
    public NatBehavior? V6 { get; init; }

    /// <summary>Its hosts have IPv6 addresses, and nothing that they send by it arrives: the gateway's line for it is cut.</summary>
    public bool IsV6Broken { get; init; }

    /// <summary>How its gateway fails IPv4.</summary>
    public GatewayFailure V4Failure { get; init; }

    /// <summary>How its gateway fails IPv6.</summary>
    public GatewayFailure V6Failure { get; init; }

    /// <summary>A NAT64 for hosts without IPv4; null when there is none.</summary>
    public NatBehavior? Nat64 { get; init; }

    public InterfaceKind Kind { get; init; } = InterfaceKind.Wired;
}
