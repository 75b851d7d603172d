namespace Softphone.Nat;

/// <summary>Where a session stands, over all its components.</summary>
public enum IceState
{
    /// <summary>The peer's description is not here yet; its checks are answered.</summary>
    Gathering,

    /// <summary>Checks run, and some component has no valid pair yet.</summary>
    Checking,

    /// <summary>Every component has a valid pair: media flows, nomination goes on.</summary>
    Connected,

    /// <summary>Every component has its selected pair.</summary>
    Completed,

    /// <summary>Some component has no valid pair and nothing is left to try.</summary>
    Failed,

    /// <summary>The peer's consent ran out: nothing may be sent until a restart (RFC 7675 §5.1).</summary>
    Disconnected,
}
