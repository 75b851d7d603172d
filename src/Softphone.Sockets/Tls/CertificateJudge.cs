using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Softphone.Sockets;

/// <summary>
/// Decides whether a server's certificate is that of the domain wanted (RFC 5922 §7): a pin is enough by itself; else the chain must
/// end in a trusted root, and the certificate must name the domain as a sip: URI or as a DNS name. What is wrong is told with the way out.
/// </summary>
/// <param name="trust">Whom to trust.</param>
/// <param name="name">The name wanted.</param>
/// <param name="allowsWildcard">
/// A wildcard stands for no SIP domain (RFC 5922 §7.2), whatever the system's check thinks of it; for a TURN server it does (RFC 8489
/// §6.2.3, RFC 6125 §6.4.3).
/// </param>
internal sealed class CertificateJudge(TlsTrust trust, string name, bool allowsWildcard)
{
    private static readonly Oid ForServers = new("1.3.6.1.5.5.7.3.1");

    /// <summary>Why the last certificate was refused, and what to do about it; null when it was not.</summary>
    public Objection? Objection { get; private set; }

    public bool Accepts(X509Certificate2? shown, X509Chain? chain, SslPolicyErrors errors)
    {
        Objection = null;
        if (shown is null)
        {
            Objection = new Objection("it showed no certificate", "check that it is the server meant");
            return false;
        }

        var fingerprint = FingerprintOf(shown);
        if (trust.Pins.Any(pin => pin.Replace(":", "", StringComparison.Ordinal).Equals(fingerprint, StringComparison.OrdinalIgnoreCase))) return true;
        var line = $"tls: {{fingerprint: \"sha256:{fingerprint.ToLowerInvariant()}\"}}";
        if (trust.IsPinnedOnly)
        {
            Objection = new Objection(
                $"its certificate is not the one that tls.fingerprint names; its SHA-256 is {fingerprint.ToLowerInvariant()}",
                $"where the server's owner says that it has a new certificate with this fingerprint, the profile accepts it by: {line}");
            return false;
        }

        var wrong = new List<string>();
        var remedies = new List<string>();
        if (!IsChained(shown, chain, errors, out var statuses)) Doubt(shown, statuses, wrong, remedies);
        var isNamed = (errors & SslPolicyErrors.RemoteCertificateNameMismatch) == 0 && shown.MatchesHostname(name, allowsWildcard);
        if (!isNamed && !CertificateNames.NamesSipDomain(shown, name))
        {
            wrong.Add($"it is for {CertificateNames.InWords(shown)}, not for {name}");
            remedies.Add("check the server's name in the profile");
        }

        if (wrong.Count == 0) return true;
        remedies.Add($"where the server's owner says that the fingerprint is its own, the profile accepts it by: {line}");
        Objection = new Objection($"its certificate is refused: {string.Join("; ", wrong)}; its SHA-256 is {fingerprint.ToLowerInvariant()}", string.Join("; ", remedies));
        return false;
    }

    private static string FingerprintOf(X509Certificate2 certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256);

    /// <summary>The system judged by its own roots, or by ours alone; where both count, ours are asked second.</summary>
    private bool IsChained(X509Certificate2 shown, X509Chain? chain, SslPolicyErrors errors, out X509ChainStatus[] statuses)
    {
        statuses = chain?.ChainStatus ?? [];
        if ((errors & SslPolicyErrors.RemoteCertificateChainErrors) == 0) return true;
        if (!trust.UsesSystem || trust.Roots is null) return false;
        using var own = new X509Chain { ChainPolicy = PolicyOf(trust.Roots) };
        own.ChainPolicy.ApplicationPolicy.Add(ForServers);
        if (chain is not null) own.ChainPolicy.ExtraStore.AddRange(chain.ChainPolicy.ExtraStore);
        var isGood = own.Build(shown);
        statuses = own.ChainStatus;
        foreach (var element in own.ChainElements) element.Certificate.Dispose();
        return isGood;
    }

    /// <summary>Nothing is fetched while a chain is built: that would hold up the pump.</summary>
    /// <param name="roots">Where it may end; null for the system's.</param>
    internal static X509ChainPolicy PolicyOf(X509Certificate2Collection? roots)
    {
        var policy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck };
        if (roots is null) return policy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(roots);
        return policy;
    }

    private static void Doubt(X509Certificate2 shown, X509ChainStatus[] statuses, List<string> wrong, List<string> remedies)
    {
        var found = statuses.Aggregate(X509ChainStatusFlags.NoError, (all, s) => all | s.Status);
        var issuer = CertificateNames.Plain(shown.GetNameInfo(X509NameType.SimpleName, forIssuer: true));
        if (shown.IssuerName.RawData.AsSpan().SequenceEqual(shown.SubjectName.RawData)) wrong.Add("it is signed by itself");
        else if ((found & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0) wrong.Add($"its issuer \"{issuer}\" is unknown here");
        if (wrong.Count > 0) remedies.Add("tls.ca in the profile names a file with the certificate of its issuer");

        if ((found & X509ChainStatusFlags.NotTimeValid) != 0)
        {
            var now = DateTime.Now;
            wrong.Add(shown.NotAfter < now ? $"it expired on {Day(shown.NotAfter)}"
                : shown.NotBefore > now ? $"it is not valid before {Day(shown.NotBefore)}"
                : "a certificate that vouches for it is not valid today");
            remedies.Add($"check this machine's date, which is {Day(now)}, or have the server's certificate renewed");
        }

        const X509ChainStatusFlags Told = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.NotTimeValid;
        if ((found & ~Told) != 0) wrong.Add($"the system objects to it ({found & ~Told})");
        else if (wrong.Count == 0) wrong.Add("the system does not trust it");
    }

    private static string Day(DateTime time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
