namespace Softphone.Nat;

/// <summary>How a call finds its way through NATs.</summary>
public enum IceMode
{
    /// <summary>ICE where the peer has it, else plain RTP to the address it gave.</summary>
    Auto,

    /// <summary>A peer without ICE gets no media.</summary>
    IceOnly,

    /// <summary>Only relayed candidates are offered and used: the peer never learns our address.</summary>
    RelayOnly,

    /// <summary>No ICE, no servers: one address, symmetric RTP.</summary>
    None,
}
