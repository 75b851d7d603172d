using Softphone.Core;

namespace Softphone.Servers;

/// <summary>
/// Which addresses a server may send to at a client's wish, so that it is no door into its own host or network (RFC 8656 §21; RFC 3261
/// §26.3.2). One rule for what TURN relays and for where SIP is forwarded to.
/// </summary>
public sealed record PeerPolicy
{
    private static readonly AddressBlock Translated = Block("64:ff9b::", 96);
    private static readonly AddressBlock Compatible = Block("::", 96);
    private static readonly AddressBlock SixToFour = Block("2002::", 16);
    private static readonly AddressBlock Teredo = Block("2001::", 32);

    /// <summary>
    /// Private by other documents: translators of a network's own (RFC 8215 §3), and what unique local addresses have replaced (RFC 3879 §4).
    /// </summary>
    private static readonly IReadOnlyList<AddressBlock> InnerNetworks = [Block("64:ff9b:1::", 48), Block("fec0::", 10)];

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
        if (TryInner(peer, out var inner) && !Allows(inner) && !Names(peer)) return false;
        if (peer.IsV4 && (peer.V4 >> 24 == 0 || peer.V4 == uint.MaxValue)) return false;
        if (Holds(Denied, peer)) return false;
        if (Names(peer)) return true;
        if (peer.IsLoopback) return AllowsLoopback;
        return !peer.IsLinkLocal && (AllowsPrivate || !(peer.IsPrivate || Holds(InnerNetworks, peer)));
    }

    /// <summary>True for an address that the owner allowed by name.</summary>
    public bool Names(IpAddress peer) => Holds(Allowed, peer);

    /// <summary>
    /// The IPv4 address to which a translator or a tunnel takes what is sent to an IPv6 one (RFC 6052 §2.1, RFC 3056 §2, RFC 4380 §4,
    /// RFC 4291 §2.5.5.1): a way around what is said of it otherwise, and into a tunnel without end (RFC 8656 §21.4).
    /// </summary>
    private static bool TryInner(IpAddress peer, out IpAddress inner)
    {
        inner = default;
        if (!peer.IsV6 || peer.IsLoopback) return false;
        Span<byte> octets = stackalloc byte[16];
        peer.WriteTo(octets);
        if (Translated.Contains(peer) || Compatible.Contains(peer)) inner = IpAddress.FromBytes(octets[12..]);
        else if (SixToFour.Contains(peer)) inner = IpAddress.FromBytes(octets[2..6]);
        // The client's own, with all bits turned over.
        else if (Teredo.Contains(peer)) inner = IpAddress.FromV4(~IpAddress.FromBytes(octets[12..]).V4);
        return inner.IsValid;
    }

    private static AddressBlock Block(string network, int length) => new(IpAddress.Parse(network), length);

    private static bool Holds(IReadOnlyList<AddressBlock> blocks, IpAddress peer)
    {
        for (var i = 0; i < blocks.Count; i++)
            if (blocks[i].Contains(peer)) return true;
        return false;
    }
}
