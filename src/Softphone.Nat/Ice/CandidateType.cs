namespace Softphone.Nat;

/// <summary>How an agent came by a candidate (RFC 8445 §4).</summary>
public enum CandidateType
{
    /// <summary>An address of a local interface.</summary>
    Host,

    /// <summary>What a STUN or TURN server saw.</summary>
    ServerReflexive,

    /// <summary>What the peer saw in a connectivity check.</summary>
    PeerReflexive,

    /// <summary>An address on a TURN server.</summary>
    Relayed,
}
