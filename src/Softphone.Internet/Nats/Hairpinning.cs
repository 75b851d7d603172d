namespace Softphone.Internet;

/// <summary>What happens to a packet from inside to one of the NAT's own outside addresses (RFC 4787 §6).</summary>
public enum Hairpinning
{
    /// <summary>It is dropped.</summary>
    Off,

    /// <summary>It comes back in with the sender's outside address as its source (REQ-9).</summary>
    External,

    /// <summary>It comes back in with the sender's inside address as its source, which breaks the answer's symmetry.</summary>
    Internal,
}
