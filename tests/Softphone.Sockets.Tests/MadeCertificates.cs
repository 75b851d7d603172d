using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Softphone.Sockets.Tests;

/// <summary>An issuer of certificates, for servers of every kind of wrongness.</summary>
internal sealed class MadeCertificates : IDisposable
{
    private readonly List<X509Certificate2> _made = [];
    private readonly byte[] _serial = new byte[8];

    public MadeCertificates(string name = "Office CA")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        Root = Add(request.CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-9), DateTimeOffset.UtcNow.AddYears(9)));
    }

    public X509Certificate2 Root { get; }

    public X509Certificate2 Issue(string dnsName, int fromDays = -1, int toDays = 30)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _serial[0]++;
        using var bare = Request(dnsName, key).Create(Root, DateTimeOffset.UtcNow.AddDays(fromDays), DateTimeOffset.UtcNow.AddDays(toDays), _serial);
        return Add(bare.CopyWithPrivateKey(key));
    }

    public X509Certificate2 SelfSigned(string dnsName, int fromDays = -1, int toDays = 30)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Add(Request(dnsName, key).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(fromDays), DateTimeOffset.UtcNow.AddDays(toDays)));
    }

    public static string FingerprintOf(X509Certificate2 certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant();

    public void Dispose() => _made.ForEach(c => c.Dispose());

    private static CertificateRequest Request(string dnsName, ECDsa key)
    {
        var request = new CertificateRequest($"CN={dnsName}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(dnsName);
        request.CertificateExtensions.Add(names.Build());
        return request;
    }

    private X509Certificate2 Add(X509Certificate2 certificate)
    {
        _made.Add(certificate);
        return certificate;
    }
}
