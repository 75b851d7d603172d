using System.Security.Cryptography.X509Certificates;

namespace Softphone.Sockets;

/// <summary>Whom a TLS connection trusts, and who we are. TLS 1.2 and 1.3 only (RFC 8996).</summary>
public sealed record TlsOptions
{
    public static TlsOptions Default { get; } = new();

    /// <summary>
    /// The name that the certificate of the server at an address must carry: the domain of the URI that led there, not the SRV target
    /// (RFC 5922 §7.1, RFC 3263 §4.1). Accounts of one phone have domains of their own, so it is asked for the path too. Null: the IP
    /// address itself. Called on the pump thread.
    /// </summary>
    public Func<PathId, Address, string?> ServerName { get; init; } = static (_, _) => null;

    /// <summary>Which certificates are believed on a path; accounts of one phone have servers of their own. Called on the pump thread.</summary>
    public Func<PathId, TlsTrust> Trust { get; init; } = static _ => TlsTrust.OfSystem;

    /// <summary>Our own certificate with its key: needed to listen, and shown to a server that asks.</summary>
    public X509Certificate2? Certificate { get; init; }
}
