using System.Formats.Asn1;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Softphone.Sockets;

/// <summary>
/// Decides whether a server's certificate is that of the domain wanted (RFC 5922 §7): a pin is enough by itself; else the chain must
/// end in a trusted root, and the certificate must name the domain as a sip: URI or as a DNS name.
/// </summary>
/// <param name="options">Whom to trust.</param>
/// <param name="name">The name wanted.</param>
/// <param name="allowsWildcard">
/// A wildcard stands for no SIP domain (RFC 5922 §7.2), whatever the system's check thinks of it; for a TURN server it does (RFC 8489
/// §6.2.3, RFC 6125 §6.4.3).
/// </param>
internal sealed class CertificateJudge(TlsOptions options, string name, bool allowsWildcard)
{
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    /// <summary>Why the last certificate was refused; empty when it was not.</summary>
    public string Objection { get; private set; } = "";

    public bool Accepts(X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors)
    {
        Objection = "";
        if (shown is null)
        {
            Objection = "it showed no certificate";
            return false;
        }

        using var certificate = new X509Certificate2(shown);
        if (IsPinned(certificate)) return true;
        if ((errors & SslPolicyErrors.RemoteCertificateChainErrors) != 0)
        {
            var why = chain?.ChainStatus.FirstOrDefault().Status ?? X509ChainStatusFlags.PartialChain;
            Objection = $"its certificate is not trusted ({why}); its SHA-256 is {Fingerprint(certificate)}";
            return false;
        }

        var isNamed = (errors & SslPolicyErrors.RemoteCertificateNameMismatch) == 0 && certificate.MatchesHostname(name, allowsWildcard);
        if (isNamed || NamesSipDomain(certificate, name)) return true;
        Objection = $"its certificate is for {certificate.GetNameInfo(X509NameType.DnsName, false)}, not for {name}";
        return false;
    }

    /// <summary>A subjectAltName of type URI with the sip scheme and just the domain (RFC 5922 §7.1).</summary>
    internal static bool NamesSipDomain(X509Certificate2 certificate, string domain)
    {
        foreach (var extension in certificate.Extensions)
        {
            if (extension.Oid?.Value != "2.5.29.17") continue;
            try
            {
                var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
                while (names.HasData)
                {
                    if (!names.PeekTag().HasSameClassAndValue(UriTag))
                    {
                        names.ReadEncodedValue();
                        continue;
                    }

                    var uri = names.ReadCharacterString(UniversalTagNumber.IA5String, UriTag);
                    if (uri.Equals($"sip:{domain}", StringComparison.OrdinalIgnoreCase)) return true;
                }
            }
            catch (AsnContentException)
            {
            }
        }

        return false;
    }

    private static string Fingerprint(X509Certificate2 certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256);

    private bool IsPinned(X509Certificate2 certificate)
    {
        var fingerprint = Fingerprint(certificate);
        return options.Pins.Any(pin => pin.Replace(":", "", StringComparison.Ordinal).Equals(fingerprint, StringComparison.OrdinalIgnoreCase));
    }
}
