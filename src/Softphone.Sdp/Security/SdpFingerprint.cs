using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Softphone.Sdp;

/// <summary>An a=fingerprint value (RFC 8122 §5): the hash of the certificate that DTLS will show.</summary>
/// <param name="Algorithm">"sha-256", in lower case.</param>
/// <param name="Hash">The octets as upper-case hexadecimal without colons.</param>
public sealed record SdpFingerprint(string Algorithm, string Hash)
{
    public static bool TryParse(string value, [NotNullWhen(true)] out SdpFingerprint? fingerprint)
    {
        fingerprint = null;
        var parts = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != 2 || parts[1].Length > 64 * 3) return false;
        var octets = parts[1].Split(':');
        if (octets.Any(o => o.Length != 2 || !byte.TryParse(o, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _))) return false;
        fingerprint = new SdpFingerprint(parts[0].ToLowerInvariant(), string.Concat(octets).ToUpperInvariant());
        return true;
    }

    /// <summary>Two certificates of one hash cannot be made (RFC 8122 §5 leaves SHA-1 and MD5 to the past).</summary>
    public bool IsStrong => Algorithm is "sha-256" or "sha-384" or "sha-512" && Hash.Length * 4 == int.Parse(Algorithm.AsSpan(4), CultureInfo.InvariantCulture);

    public override string ToString() =>
        $"{Algorithm} {string.Join(':', Hash.Chunk(2).Select(pair => new string(pair)))}";
}
