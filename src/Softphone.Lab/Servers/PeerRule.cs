using Softphone.Core;

namespace Softphone.Lab;

/// <summary>Which peers a relay may be used towards, so that it is no door into its own host or network (RFC 8656 §21, checklist T41).</summary>
internal static class PeerRule
{
    /// <summary>What no rule allows comes first, then what the owner forbade, then what the owner allowed, then the defaults.</summary>
    public static bool Allows(IpAddress peer, TurnServerOptions options)
    {
        if (peer.IsV4Mapped || peer.IsUnspecified || peer.IsMulticast) return false;
        if (peer.IsV4 && (peer.V4 >> 24 == 0 || peer.V4 == uint.MaxValue)) return false;
        if (Holds(options.DeniedPeers, peer)) return false;
        if (Holds(options.AllowedPeers, peer)) return true;
        if (peer.IsLoopback) return options.AllowsLoopbackPeers;
        return !peer.IsLinkLocal && (options.AllowsPrivatePeers || !peer.IsPrivate);
    }

    /// <summary>
    /// True for a service of the server's own host: one of its addresses, and no port of its relays, which two clients of the same server
    /// reach each other by.
    /// </summary>
    public static bool IsOwnService(Address peer, TurnServerOptions options)
    {
        if (peer.Port == options.Address.Port && (peer.Ip == options.Address.Ip || peer.Ip == options.OtherFamily)) return true;
        if (peer.Port >= options.FirstRelayPort && peer.Port <= options.LastRelayPort) return false;
        var isOwn = peer.Ip == options.Address.Ip || peer.Ip == options.OtherFamily || peer.Ip == options.RelayV4 || peer.Ip == options.RelayV6 || Holds(options.OwnAddresses, peer.Ip);
        return isOwn && !Holds(options.AllowedPeers, peer.Ip);
    }

    private static bool Holds(IReadOnlyList<AddressBlock> blocks, IpAddress peer)
    {
        for (var i = 0; i < blocks.Count; i++)
            if (blocks[i].Contains(peer)) return true;
        return false;
    }

    private static bool Holds(IReadOnlyList<IpAddress> addresses, IpAddress peer)
    {
        for (var i = 0; i < addresses.Count; i++)
            if (addresses[i] == peer) return true;
        return false;
    }
}
