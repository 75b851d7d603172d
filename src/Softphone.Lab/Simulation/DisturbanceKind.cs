namespace Softphone.Lab;

/// <summary>What happens to the network or a host in the middle of a simulated call.</summary>
public enum DisturbanceKind
{
    /// <summary>The line of a host is cut for a while.</summary>
    Outage,

    /// <summary>A gateway forgets every mapping.</summary>
    Rebinding,

    /// <summary>The servers restart: allocations, permissions and channels are gone.</summary>
    ServerRestart,

    /// <summary>A host sleeps: nothing is sent, received or timed until it wakes.</summary>
    Suspend,

    /// <summary>A host leaves its network for another one, with another address.</summary>
    InterfaceSwap,
}
