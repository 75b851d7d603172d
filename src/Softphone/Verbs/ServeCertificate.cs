using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Softphone.Cli;

/// <summary>The certificate of the lab's servers: the owner's, or one made for this run.</summary>
internal static class ServeCertificate
{
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

    /// <summary>Signed by itself, for the address and the domain, good for a month.</summary>
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
        using var made = request.CreateSelfSigned(now.AddMinutes(-5), now.AddDays(30));
        return Whole(made);
    }

    /// <summary>With a key that TLS on Windows takes too: it refuses one that lives in memory only.</summary>
    private static X509Certificate2 Whole(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
}
