using Softphone.Core;

namespace Softphone.Lab;

/// <summary>One side of a simulated call: its networks from the host outward, and what its phone knows.</summary>
public sealed record SidePlan
{
    /// <summary>Its own gateways, the host's first; those that both sides share come after them.</summary>
    public IReadOnlyList<NatPlan> Nats { get; init; } = [];

    /// <summary>The host's line to its network.</summary>
    public Link Line { get; init; } = Link.Perfect;

    /// <summary>Which of the usual private networks its home is: two sides apart may well have the same.</summary>
    public int Home { get; init; }

    /// <summary>The host's number in its network.</summary>
    public int HostNumber { get; init; } = 2;

    /// <summary>It asks the STUN servers.</summary>
    public bool UsesStun { get; init; } = true;

    /// <summary>It has an account at the TURN servers.</summary>
    public bool UsesTurn { get; init; } = true;

    /// <summary>Only relayed candidates are offered.</summary>
    public bool RelayOnly { get; init; }

    public bool NominatesAtOnce { get; init; }

    /// <summary>The network that an interface swap takes it to, behind one gateway of its own.</summary>
    public NatPlan? Spare { get; init; }

    /// <summary>It has gone there.</summary>
    public bool IsAway { get; init; }

    /// <summary>Two sockets for RTP and RTCP, or one.</summary>
    public bool SeparateRtcp { get; init; } = true;

    /// <summary>Ta as it proposes it.</summary>
    public TimeSpan Pacing { get; init; } = TimeSpan.FromMilliseconds(20);
}
