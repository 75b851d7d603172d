using Softphone.Core;

namespace Softphone.Lab;

/// <summary>What a TURN server listens on, whom it serves and how much it gives.</summary>
/// <param name="Address">Where it listens, UDP and TCP.</param>
/// <param name="Realm">The realm of its long-term credentials.</param>
public sealed record TurnServerOptions(Address Address, string Realm)
{
    /// <summary>Passwords by user name.</summary>
    public IReadOnlyDictionary<string, string> Users { get; init; } = new Dictionary<string, string>();

    /// <summary>The IPv4 address of its relays; that of <see cref="Address"/> when unset.</summary>
    public IpAddress RelayV4 { get; init; }

    /// <summary>The IPv6 address of its relays; without one such allocations are refused with 440.</summary>
    public IpAddress RelayV6 { get; init; }

    /// <summary>True: it listens on TCP too.</summary>
    public bool ListensOnTcp { get; init; } = true;

    /// <summary>True: offers SHA-256 beside MD5 for the password (RFC 8489 §9.2.1).</summary>
    public bool OffersSha256 { get; init; } = true;

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

    /// <summary>
    /// True: peers may have private addresses (RFC 1918, RFC 6598, RFC 4193), as a lab without public ones needs. Loopback, link-local,
    /// multicast and unspecified ones are refused always.
    /// </summary>
    public bool AllowsPrivatePeers { get; init; }

    /// <summary>Unauthenticated answers to one source address in a second, over UDP; further requests are dropped (checklist T42).</summary>
    public int RefusalsPerSecond { get; init; } = 50;
}
