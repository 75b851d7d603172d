namespace Softphone.Nat;

/// <summary>RFC 8445 §6.1.2.6.</summary>
public enum PairState
{
    /// <summary>Held back until a pair of the same foundation succeeds, or nothing else is left.</summary>
    Frozen,

    /// <summary>To be checked when its turn comes.</summary>
    Waiting,

    /// <summary>A check is on its way.</summary>
    InProgress,

    /// <summary>A check was answered.</summary>
    Succeeded,

    /// <summary>No answer, or an error.</summary>
    Failed,
}
