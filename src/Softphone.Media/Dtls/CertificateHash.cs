using System.Security.Cryptography;

namespace Softphone.Media;

/// <summary>What a certificate is known by: the fingerprint that the peer's description gives (RFC 8122 §5).</summary>
/// <param name="Algorithm">"sha-256", in lower case.</param>
/// <param name="Hash">The octets as upper-case hexadecimal without colons.</param>
public sealed record CertificateHash(string Algorithm, string Hash)
{
    /// <summary>The functions that are taken, strongest first. SHA-1 and MD5 are not: a certificate can be made to fit one (RFC 8122 §5).</summary>
    private static readonly string[] Known = ["sha-512", "sha-384", "sha-256"];

    public static bool IsKnown(string algorithm) => Known.Contains(algorithm);

    /// <exception cref="ArgumentException">The function is not known.</exception>
    public static CertificateHash Of(string algorithm, ReadOnlySpan<byte> certificate) => new(algorithm, Convert.ToHexString(algorithm switch
    {
        "sha-512" => SHA512.HashData(certificate),
        "sha-384" => SHA384.HashData(certificate),
        "sha-256" => SHA256.HashData(certificate),
        _ => throw new ArgumentException($"{algorithm} is no hash function that is known"),
    }));

    /// <summary>
    /// Whether the certificate is one of those that the description speaks of: of several hash functions the strongest that we know decides alone, and
    /// one of its hashes must fit (RFC 8122 §5).
    /// </summary>
    public static bool Fits(IReadOnlyList<CertificateHash> described, ReadOnlySpan<byte> certificate)
    {
        foreach (var algorithm in Known)
        {
            if (!described.Any(h => h.Algorithm == algorithm)) continue;
            return described.Contains(Of(algorithm, certificate));
        }

        return false;
    }
}
