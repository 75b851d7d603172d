using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Softphone.Cli;

/// <summary>
/// The certificate of the lab's servers: the owner's, or one that is made at the first start and kept, so that its fingerprint stays in the
/// profiles that name it.
/// </summary>
internal static class ServeCertificate
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3 * 365);

    /// <summary>A kept one is replaced when less than this is left of it.</summary>
    private static readonly TimeSpan LeastLeft = TimeSpan.FromDays(7);

    /// <exception cref="UsageException">The files hold no certificate with its key.</exception>
    public static X509Certificate2 Load(string certificate, string? key)
    {
        try
        {
            return Whole(X509Certificate2.CreateFromPemFile(certificate, key));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new UsageException($"--certificate {certificate}{(key is null ? "" : $" with --key {key}")} cannot be used: {e.Message}");
        }
    }

    /// <summary>The one that was kept for this address and domain, or a new one, which is kept.</summary>
    /// <param name="folder">Where; made for its owner alone.</param>
    /// <param name="address">What it is for.</param>
    /// <param name="domain">And the SIP domain.</param>
    /// <param name="notKept">Why the new one cannot be kept and the next start makes another; null when all is well.</param>
    public static X509Certificate2 Keep(string folder, IPAddress address, string domain, out string? notKept)
    {
        notKept = null;
        var file = Path.Combine(folder, $"{FileNames.Of($"{address}-{domain}")}.pem");
        if (TryRead(file, address, domain) is { } kept) return kept;
        var made = Make(address, domain);
        try
        {
            using var key = made.GetECDsaPrivateKey()!;
            AtomicFile.Write(file, Encoding.ASCII.GetBytes($"{made.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            notKept = $"the certificate cannot be kept in {file}, so the next start makes another with another fingerprint: {e.Message}";
        }

        return made;
    }

    private static X509Certificate2? TryRead(string file, IPAddress address, string domain)
    {
        if (!File.Exists(file)) return null;
        try
        {
            var kept = Whole(X509Certificate2.CreateFromPemFile(file));
            if (kept.MatchesHostname(address.ToString()) && kept.MatchesHostname(domain) && kept.NotAfter > DateTime.Now + LeastLeft) return kept;
            kept.Dispose();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            // Another takes its place.
            return null;
        }
    }

    /// <summary>Signed by itself, for the address and the domain.</summary>
    public static X509Certificate2 Make(IPAddress address, string domain)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={domain}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address);
        if (!IPAddress.TryParse(domain, out _)) names.AddDnsName(domain);
        names.AddUri(new Uri($"sip:{domain}"));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        var now = DateTimeOffset.UtcNow;
        using var made = request.CreateSelfSigned(now.AddMinutes(-5), now + Lifetime);
        return Whole(made);
    }

    /// <summary>With a key that TLS on Windows takes too: it refuses one that lives in memory only.</summary>
    private static X509Certificate2 Whole(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
}
