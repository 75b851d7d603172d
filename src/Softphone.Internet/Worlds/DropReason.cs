namespace Softphone.Internet;

/// <summary>Why a packet went no further.</summary>
public enum DropReason
{
    /// <summary>It was not dropped.</summary>
    None,

    /// <summary>A lossy link lost it.</summary>
    Loss,

    /// <summary>Nobody on the way knows its destination.</summary>
    NoRoute,

    /// <summary>It reached a NAT at an outside port that no inside socket holds.</summary>
    NoMapping,

    /// <summary>The inside socket has not sent to its source before, so the NAT or firewall refused it.</summary>
    Filtered,

    /// <summary>The network carries no UDP.</summary>
    UdpBlocked,

    /// <summary>It was meant for the NAT's own outside address, and the NAT does not hairpin.</summary>
    NoHairpin,

    /// <summary>The NAT has no port or no room left for a new mapping.</summary>
    NatFull,

    /// <summary>The network keeps its hosts apart.</summary>
    Isolated,

    /// <summary>No socket is open at its destination.</summary>
    PortClosed,

    /// <summary>It passed too many gateways.</summary>
    TooManyHops,

    /// <summary>The link it was to take is down.</summary>
    LinkDown,

    /// <summary>Its receiver was suspended.</summary>
    Asleep,

    /// <summary>The queue before a slow line was full.</summary>
    Queue,

    /// <summary>It was too long for a line, or came in fragments that a NAT does not carry.</summary>
    TooBig,

    /// <summary>Its connection is cut off (<see cref="VirtualHost.CutOffStreams"/>).</summary>
    CutOff,

    /// <summary>The gateway carries nothing of this address family and tells nobody.</summary>
    BlackHole,

    /// <summary>The gateway refused it, and told the sender.</summary>
    Rejected,
}
