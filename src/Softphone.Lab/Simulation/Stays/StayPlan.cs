using Softphone.Phone;

namespace Softphone.Lab;

/// <summary>
/// Everything about a phone that stays registered while its network and its server have their troubles, drawn from one seed before anything runs.
/// Another phone, in a good network, calls it after each event.
/// </summary>
public sealed record StayPlan
{
    public required ulong Seed { get; init; }

    /// <summary>The NAT of the phone.</summary>
    public NatBehavior Nat { get; init; } = NatBehavior.PortRestricted;

    /// <summary>The NAT of the network that its cable may be moved to.</summary>
    public NatBehavior Elsewhere { get; init; } = NatBehavior.PortRestricted;

    /// <summary>The NAT of the other phone.</summary>
    public NatBehavior Other { get; init; } = NatBehavior.PortRestricted;

    /// <summary>Both networks have IPv6 beside IPv4.</summary>
    public bool HasV6 { get; init; }

    /// <summary>Which family has its troubles, where one has.</summary>
    public bool IsV4Broken { get; init; }

    public SipTransports Transports { get; init; }

    /// <summary>One-way delay of each line.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The phone itself calls where an event happens in a call; false: it is called.</summary>
    public bool CallsOut { get; init; }

    /// <summary>How its network is from the start.</summary>
    public IReadOnlyList<NetworkTrouble> Conditions { get; init; } = [];

    /// <summary>What happens, one after the other.</summary>
    public IReadOnlyList<StayEvent> Events { get; init; } = [];

    /// <summary>It may be registered by datagrams.</summary>
    public bool MayUseUdp => Transports is SipTransports.Udp or SipTransports.UdpAndTcp;

    /// <summary>It may be registered by a connection.</summary>
    public bool MayUseStreams => Transports != SipTransports.Udp;

    public bool Has(NetworkTrouble condition) => Conditions.Contains(condition);

    public override string ToString() =>
        $"{Transports}, {(HasV6 ? "dual stack" : "IPv4")}{(IsV4Broken ? ", IPv4 is the worse" : "")}, {Delay.TotalMilliseconds:0} ms, {Describe(Nat)} to {Describe(Other)}{(CallsOut ? ", calls out" : "")}"
        + $"{string.Concat(Conditions.Select(c => $", {c}"))}{string.Concat(Events.Select(e => $"; {e}"))}";

    private static string Describe(NatBehavior nat) =>
        nat.BlocksUdp ? "blocked" : nat.Translates ? $"{nat.Mapping}/{nat.Filtering}/{nat.Ports} {nat.UdpLifetime.TotalSeconds:0} s" : nat.Filters ? "firewall" : "routed";
}
