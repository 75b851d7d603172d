using Softphone.Core;

namespace Softphone.Servers;

/// <summary>What a TURN server listens on, whom it serves and how much it gives.</summary>
/// <param name="Address">Where it listens, UDP and TCP.</param>
/// <param name="Realm">The realm of its long-term credentials.</param>
public sealed record TurnServerOptions(Address Address, string Realm)
{
    /// <summary>Passwords by user name.</summary>
    public IReadOnlyDictionary<string, string> Users { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// What it shares with a service that makes credentials which end by themselves (draft-uberti-behave-turn-rest), as coturn's
    /// use-auth-secret does; empty for none. Users of <see cref="Users"/> have their passwords beside that.
    /// </summary>
    public string SharedSecret { get; init; } = "";

    /// <summary>The wall clock at instant zero of the server's owner, by which credentials end.</summary>
    public DateTimeOffset ClockOrigin { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>True: a credential that has ended serves no request at all, so that its allocations end soon after; false: only no new one.</summary>
    public bool EndsWithCredential { get; init; }

    /// <summary>Its address of the other family, where it listens on the same ports; unset for none.</summary>
    public IpAddress OtherFamily { get; init; }

    /// <summary>
    /// The IPv4 address of its relays; the one that it listens on when unset. Without one, allocations that ask for IPv4 or for no family
    /// are refused with 440.
    /// </summary>
    public IpAddress RelayV4
    {
        get => field.IsValid ? field : Own(isV4: true);
        init;
    }

    /// <summary>The same for IPv6.</summary>
    public IpAddress RelayV6
    {
        get => field.IsValid ? field : Own(isV4: false);
        init;
    }

    /// <summary>True: it listens on TCP too.</summary>
    public bool ListensOnTcp { get; init; } = true;

    /// <summary>The port on which it listens with TLS; 0 for none. The network it is lent needs a certificate for it.</summary>
    public ushort TlsPort { get; init; }

    /// <summary>True: a client that asked for it may take its relay along to another address (RFC 8016); else such requests get a 405.</summary>
    public bool AllowsMobility { get; init; }

    /// <summary>True: offers SHA-256 beside MD5 for the password (RFC 8489 §9.2.1).</summary>
    public bool OffersSha256 { get; init; } = true;

    /// <summary>
    /// DEVIATION: true takes the channel numbers of RFC 5766 §11 too, up to 0x7FFE; RFC 8656 §12 ends at 0x4FFF. Clients of the older RFC
    /// choose from them (coturn's among them), and on a TURN port nothing else begins with such an octet.
    /// </summary>
    public bool AcceptsOldChannels { get; init; }

    public ushort FirstRelayPort { get; init; } = 49_152;

    public ushort LastRelayPort { get; init; } = 65_535;

    /// <summary>Lifetime of an allocation whose request names none (RFC 8656 §3.2).</summary>
    public TimeSpan DefaultLifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest lifetime granted.</summary>
    public TimeSpan MaxLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a nonce holds; an hour at most (RFC 8656 §5).</summary>
    public TimeSpan NonceLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Allocations of one user; the next is refused with 486.</summary>
    public int UserQuota { get; init; } = 64;

    /// <summary>Allocations in all; the next is refused with 508.</summary>
    public int Capacity { get; init; } = 4096;

    /// <summary>Which peers its relays may be used towards.</summary>
    public PeerPolicy Peers { get; init; } = new();

    /// <summary>Further addresses of the server's host: there no port but those of the relays is a peer.</summary>
    public IReadOnlyList<IpAddress> OwnAddresses { get; init; } = [];

    /// <summary>Unauthenticated answers to one source address in a second, over UDP; further requests are dropped (checklist T42).</summary>
    public int RefusalsPerSecond { get; init; } = 50;

    /// <summary>
    /// True for a service of the server's own host: one of its addresses, and no port of its relays, which two clients of the same server
    /// reach each other by.
    /// </summary>
    internal bool IsOwnService(Address peer)
    {
        if (peer.Port == Address.Port && (peer.Ip == Address.Ip || peer.Ip == OtherFamily)) return true;
        if (peer.Port >= FirstRelayPort && peer.Port <= LastRelayPort) return false;
        var isOwn = peer.Ip == Address.Ip || peer.Ip == OtherFamily || peer.Ip == RelayV4 || peer.Ip == RelayV6;
        for (var i = 0; i < OwnAddresses.Count && !isOwn; i++) isOwn = OwnAddresses[i] == peer.Ip;
        return isOwn && !Peers.Names(peer.Ip);
    }

    private IpAddress Own(bool isV4) => Address.Ip.IsV4 == isV4 ? Address.Ip : OtherFamily;
}
