namespace Softphone.Core;

/// <summary>
/// Names a local endpoint that bytes leave from and arrive at: a UDP socket, a TCP or TLS stack (its connections are told apart
/// by the remote address), or a TURN allocation. The shell hands out positive numbers; a machine that makes paths of its own
/// (relays) uses negative ones. So ICE never knows TURN framing.
/// </summary>
public readonly record struct PathId(int Value)
{
    /// <summary>No path.</summary>
    public static PathId None => default;

    public bool IsRelay => Value < 0;

    public override string ToString() => Value < 0 ? $"relay{-Value}" : $"path{Value}";
}
