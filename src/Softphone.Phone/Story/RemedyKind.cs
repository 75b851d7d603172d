namespace Softphone.Phone;

/// <summary>The things that can be changed about a path.</summary>
public enum RemedyKind
{
    /// <summary>Leave out the setting that allows relays only.</summary>
    AllowDirect,

    /// <summary>Let UDP out of the network.</summary>
    LetUdpOut,

    /// <summary>Let UDP in to the phone, through a firewall that translates nothing.</summary>
    LetUdpIn,

    /// <summary>Configure a STUN server.</summary>
    AskStun,

    /// <summary>A NAT with endpoint-independent mapping (RFC 4787 REQ-1).</summary>
    MapAlike,

    /// <summary>IPv6 that lets UDP out.</summary>
    Ipv6,

    /// <summary>IPv4 on the side that has IPv6 alone.</summary>
    Ipv4,

    /// <summary>Client isolation off.</summary>
    LetClientsMeet,

    /// <summary>Hairpinning on (RFC 4787 REQ-9).</summary>
    Hairpin,

    /// <summary>A TURN server, reached by TCP or TLS where no UDP gets out.</summary>
    Relay,

    /// <summary>Have the TURN servers let packets through between these peers.</summary>
    PermitRelay,

    /// <summary>Place the call from here, so that this side chooses the path.</summary>
    CallFromHere,

    /// <summary>Look for what rewrites descriptions or STUN.</summary>
    FindRewriter,

    /// <summary>Bring up an interface.</summary>
    Interface,

    /// <summary>Have the peer name candidates that can be used.</summary>
    NameCandidates,
}
