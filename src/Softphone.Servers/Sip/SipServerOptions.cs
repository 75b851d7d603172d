using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Servers;

/// <summary>Which domain a SIP server serves, where, and for whom.</summary>
/// <param name="Address">Where it listens, UDP and TCP.</param>
/// <param name="Domain">Its domain, which is also the realm of its digest credentials.</param>
public sealed record SipServerOptions(Address Address, string Domain)
{
    /// <summary>Passwords by user name.</summary>
    public IReadOnlyDictionary<string, string> Users { get; init; } = new Dictionary<string, string>();

    /// <summary>How it asks for passwords, best first.</summary>
    public IReadOnlyList<DigestAlgorithm> Digests { get; init; } = [DigestAlgorithm.Sha256, DigestAlgorithm.Md5];

    /// <summary>Its address of the other family, where it listens on the same ports; unset for none.</summary>
    public IpAddress OtherFamily { get; init; }

    /// <summary>Further host names that mean this server.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>One of <see cref="Aliases"/> that goes into Record-Route in place of the address; null for the address.</summary>
    public string? RouteName { get; init; }

    /// <summary>True: it listens on TCP too.</summary>
    public bool ListensOnTcp { get; init; } = true;

    /// <summary>The port on which it listens with TLS; 0 for none. The network it is lent needs a certificate for it.</summary>
    public ushort TlsPort { get; init; }

    /// <summary>Lifetime of a binding whose REGISTER names none.</summary>
    public TimeSpan DefaultExpiry { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The shortest lifetime granted; a shorter wish is refused with 423 (RFC 3261 §10.2.8).</summary>
    public TimeSpan MinExpiry { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest lifetime granted.</summary>
    public TimeSpan MaxExpiry { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Bindings of one user.</summary>
    public int BindingsPerUser { get; init; } = 8;

    /// <summary>
    /// Transactions at once; a request beyond is refused with 503. One source has a quarter of them at most, and a twentieth while it has
    /// not proved to be a user.
    /// </summary>
    public int Capacity { get; init; } = 10_000;

    /// <summary>Unauthenticated requests of one source that are answered in a second over UDP; further ones are dropped.</summary>
    public int RefusalsPerSecond { get; init; } = 50;

    /// <summary>How long the head of a message on a stream may take from its first octet to its last.</summary>
    public TimeSpan HeadLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long its body may take after that.</summary>
    public TimeSpan BodyLimit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Where users of this server may send requests to beyond the other users; nobody else may send anywhere else.</summary>
    public PeerPolicy Peers { get; init; } = new();

    /// <summary>Further addresses of the server's host, which are no target unless <see cref="Peers"/> names them.</summary>
    public IReadOnlyList<IpAddress> OwnAddresses { get; init; } = [];
}
