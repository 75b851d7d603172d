namespace Softphone.Internet;

/// <summary>
/// How a NAT or firewall behaves, along the axes of RFC 4787. The seven presets carry the names a person gives them: the four classic
/// types of RFC 3489 §5, an open network, a stateful firewall and a network that carries no UDP.
/// </summary>
public sealed record NatBehavior
{
    /// <summary>False: addresses pass unchanged and the inside is reached by routing; only <see cref="Filters"/> matters then.</summary>
    public bool Translates { get; init; } = true;

    /// <summary>False: everything from outside is let in (an open network; never with <see cref="Translates"/>).</summary>
    public bool Filters { get; init; } = true;

    /// <summary>True: no UDP passes in either direction; TCP and TLS do.</summary>
    public bool BlocksUdp { get; init; }

    public MappingRule Mapping { get; init; } = MappingRule.EndpointIndependent;

    public FilteringRule Filtering { get; init; } = FilteringRule.AddressAndPortDependent;

    public PortAllocation Ports { get; init; } = PortAllocation.Random;

    /// <summary>True: an even inside port gets an even outside port, an odd one an odd one (RFC 4787 §4.2.2).</summary>
    public bool PreservesParity { get; init; }

    public AddressPooling Pooling { get; init; } = AddressPooling.Paired;

    public Hairpinning Hairpin { get; init; } = Hairpinning.Off;

    /// <summary>How long a UDP mapping lives after its last refresh; at least two minutes by RFC 4787 REQ-5.</summary>
    public TimeSpan UdpLifetime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long an idle TCP connection lives; at least 2 hours 4 minutes by RFC 5382 REQ-5.</summary>
    public TimeSpan TcpLifetime { get; init; } = TimeSpan.FromMinutes(124);

    /// <summary>True: packets from outside refresh a mapping too (RFC 4787 §4.3 allows it; REQ-6 asks only for outgoing ones).</summary>
    public bool InboundRefreshes { get; init; }

    /// <summary>What its SIP application layer gateway does to messages over UDP port 5060.</summary>
    public SipAlgMode SipAlg { get; init; }

    /// <summary>True: UDP packets that come in fragments, as those above 1500 octets do, are dropped (against RFC 4787 REQ-14).</summary>
    public bool DropsFragments { get; init; }

    /// <summary>How many mappings fit at once.</summary>
    public int Capacity { get; init; } = 32_768;

    /// <summary>No NAT and no firewall.</summary>
    public static NatBehavior None { get; } = new() { Translates = false, Filters = false };

    /// <summary>Public addresses behind a stateful firewall.</summary>
    public static NatBehavior Firewall { get; } = new() { Translates = false };

    public static NatBehavior FullCone { get; } = new() { Filtering = FilteringRule.EndpointIndependent };

    public static NatBehavior RestrictedCone { get; } = new() { Filtering = FilteringRule.AddressDependent };

    public static NatBehavior PortRestricted { get; } = new();

    public static NatBehavior Symmetric { get; } = new() { Mapping = MappingRule.AddressAndPortDependent };

    /// <summary>A NAT that carries TCP and TLS only.</summary>
    public static NatBehavior UdpBlocked { get; } = new() { BlocksUdp = true };

    /// <summary>The names of the presets, in the order of growing strictness.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["none", "firewall", "full-cone", "restricted-cone", "port-restricted", "symmetric", "udp-blocked"];

    /// <summary>The preset of this name; false when there is none.</summary>
    public static bool TryNamed(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out NatBehavior? behavior)
    {
        behavior = name switch
        {
            "none" => None,
            "firewall" => Firewall,
            "full-cone" => FullCone,
            "restricted-cone" => RestrictedCone,
            "port-restricted" => PortRestricted,
            "symmetric" => Symmetric,
            "udp-blocked" => UdpBlocked,
            _ => null,
        };
        return behavior is not null;
    }

    /// <summary>The preset of this name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static NatBehavior Named(string name) =>
        TryNamed(name, out var behavior) ? behavior : throw new ArgumentException($"no NAT type \"{name}\"; there are {string.Join(", ", Names)}", nameof(name));
}
