namespace Softphone.Lab;

/// <summary>What networks and servers do to a registered phone, from the start or in between.</summary>
public enum NetworkTrouble
{
    /// <summary>The NAT forgets a UDP mapping that was idle for 20 to 30 s.</summary>
    NatForgetsSoon,

    /// <summary>The way carries no fragments.</summary>
    FragmentsLost,

    /// <summary>The way carries 1,280 octets in one packet, and tells who sends more.</summary>
    SmallMtuTold,

    /// <summary>The way carries 1,280 octets in one packet, and tells nobody.</summary>
    SmallMtuSilent,

    /// <summary>The first name server never answers.</summary>
    NameServerSilent,

    /// <summary>Names are answered late.</summary>
    NamesLate,

    /// <summary>For the first seconds no name server answers.</summary>
    NamesDeadAtFirst,

    /// <summary>One address family leads nowhere, and nobody is told.</summary>
    FamilySilent,

    /// <summary>One address family is refused.</summary>
    FamilyRejected,

    /// <summary>The NAT forgets every mapping.</summary>
    NatFlushed,

    /// <summary>The phone's connections carry nothing any more, and neither end is told.</summary>
    StreamHalfOpen,

    /// <summary>The SIP server is down for a while and knows nothing afterwards.</summary>
    ServerRestarted,

    /// <summary>The SIP server is down for a while and knows who was registered by datagrams.</summary>
    ServerRestartedWithMemory,

    /// <summary>An address family that worked leads nowhere from now on.</summary>
    FamilyDies,

    /// <summary>An address family that worked is refused from now on.</summary>
    FamilyRefuses,

    /// <summary>The phone gets another address in the same network.</summary>
    AddressChanged,

    /// <summary>The phone's cable goes to another network, behind another NAT.</summary>
    CableMoved,

    /// <summary>The phone's line is cut for a while.</summary>
    LineCut,

    /// <summary>The router is dead for a while, and the link to it stays up.</summary>
    RouterDead,

    /// <summary>The phone's host sleeps.</summary>
    Asleep,

    /// <summary>The STUN and TURN server is down for a while and knows nothing afterwards.</summary>
    RelayRestarted,
}
