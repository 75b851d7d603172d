namespace Softphone.Nat;

/// <summary>Who opens the connection of a TCP candidate (RFC 6544 §4.5).</summary>
public enum TcpType
{
    /// <summary>No TCP candidate.</summary>
    None,

    /// <summary>It connects; its port is 9 in descriptions, for the connection gets its own.</summary>
    Active,

    /// <summary>It waits to be connected to.</summary>
    Passive,

    /// <summary>Both connect at once; read, never used.</summary>
    SimultaneousOpen,
}
