using Softphone.Core;

namespace Softphone.Servers;

/// <summary>
/// Which addresses a server may send to at a client's wish, so that it is no door into its own host or network (RFC 8656 §21; RFC 3261
/// §26.3.2). One rule for what TURN relays and for where SIP is forwarded to.
/// </summary>
public sealed record PeerPolicy
{
    /// <summary>
    /// True: private addresses (RFC 1918, RFC 6598, RFC 4193) too, as a lab without public ones needs. Link-local, multicast and
    /// unspecified ones are refused always.
    /// </summary>
    public bool AllowsPrivate { get; init; }

    /// <summary>True: loopback addresses too, for a server that is itself on one.</summary>
    public bool AllowsLoopback { get; init; }

    /// <summary>Allowed whatever the defaults say of them.</summary>
    public IReadOnlyList<AddressBlock> Allowed { get; init; } = [];

    /// <summary>Refused whatever else is allowed.</summary>
    public IReadOnlyList<AddressBlock> Denied { get; init; } = [];

    /// <summary>What no rule allows comes first, then what the owner forbade, then what the owner allowed, then the defaults.</summary>
    public bool Allows(IpAddress peer)
    {
        if (peer.IsV4Mapped || peer.IsUnspecified || peer.IsMulticast) return false;
        if (peer.IsV4 && (peer.V4 >> 24 == 0 || peer.V4 == uint.MaxValue)) return false;
        if (Holds(Denied, peer)) return false;
        if (Names(peer)) return true;
        if (peer.IsLoopback) return AllowsLoopback;
        return !peer.IsLinkLocal && (AllowsPrivate || !peer.IsPrivate);
    }

    /// <summary>True for an address that the owner allowed by name.</summary>
    public bool Names(IpAddress peer) => Holds(Allowed, peer);

    private static bool Holds(IReadOnlyList<AddressBlock> blocks, IpAddress peer)
    {
        for (var i = 0; i < blocks.Count; i++)
            if (blocks[i].Contains(peer)) return true;
        return false;
    }
}
