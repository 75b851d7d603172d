namespace Softphone.Lab;

/// <summary>How a STUN and TURN server of a simulated call is.</summary>
public enum ServerState
{
    Alive,

    /// <summary>Nothing is there: packets to it vanish.</summary>
    Silent,

    /// <summary>Its host runs and its program does not: ICMP port unreachable.</summary>
    Refusing,
}
