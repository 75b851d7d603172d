using System.Security.Cryptography;

namespace Softphone.Sip;

/// <summary>The arithmetic of digest authentication (RFC 7616 §3.4.1, RFC 2617 §3.2.2, RFC 2069 §2.1.2), in lower-case hex.</summary>
internal static class DigestHash
{
    public static bool TryAlgorithm(string? name, out DigestAlgorithm algorithm)
    {
        DigestAlgorithm? found = name?.ToUpperInvariant() switch
        {
            null or "MD5" => DigestAlgorithm.Md5,
            "MD5-SESS" => DigestAlgorithm.Md5Sess,
            "SHA-256" => DigestAlgorithm.Sha256,
            "SHA-256-SESS" => DigestAlgorithm.Sha256Sess,
            _ => null,
        };
        algorithm = found.GetValueOrDefault();
        return found is not null;
    }

    public static string NameOf(DigestAlgorithm algorithm) => algorithm switch
    {
        DigestAlgorithm.Md5 => "MD5",
        DigestAlgorithm.Md5Sess => "MD5-sess",
        DigestAlgorithm.Sha256 => "SHA-256",
        DigestAlgorithm.Sha256Sess => "SHA-256-sess",
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <summary>The hash of user, realm and password that a server may store in place of the password.</summary>
    public static string Secret(DigestAlgorithm algorithm, string user, string realm, string password) => Hash(algorithm, $"{user}:{realm}:{password}");

    /// <param name="algorithm">Of the challenge.</param>
    /// <param name="secret">See <see cref="Secret"/>.</param>
    /// <param name="nonce">As the server gave it.</param>
    /// <param name="count">nc as eight hex digits; unused without qop.</param>
    /// <param name="clientNonce">cnonce; unused without qop but by the -sess algorithms.</param>
    /// <param name="qop">"auth", "auth-int", or null for RFC 2069.</param>
    /// <param name="method">Of the request.</param>
    /// <param name="uri">The digest-uri.</param>
    /// <param name="body">Counts for auth-int only.</param>
    public static string Response(
        DigestAlgorithm algorithm, string secret, string nonce, string count, string clientNonce, string? qop, string method, string uri, ReadOnlySpan<byte> body)
    {
        var a1 = algorithm is DigestAlgorithm.Md5Sess or DigestAlgorithm.Sha256Sess ? Hash(algorithm, $"{secret}:{nonce}:{clientNonce}") : secret;
        var a2 = Hash(algorithm, qop == "auth-int" ? $"{method}:{uri}:{Hash(algorithm, body)}" : $"{method}:{uri}");
        return Hash(algorithm, qop is null ? $"{a1}:{nonce}:{a2}" : $"{a1}:{nonce}:{count}:{clientNonce}:{qop}:{a2}");
    }

    // Not Encoding.UTF8: a realm in Latin-1 must be hashed as the octets that came.
    private static string Hash(DigestAlgorithm algorithm, string text)
    {
        var octets = new byte[SipText.Count(text)];
        SipText.Encode(text, octets);
        return Hash(algorithm, octets.AsSpan());
    }

    private static string Hash(DigestAlgorithm algorithm, ReadOnlySpan<byte> octets) => Convert.ToHexStringLower(
        algorithm is DigestAlgorithm.Md5 or DigestAlgorithm.Md5Sess ? MD5.HashData(octets) : SHA256.HashData(octets));
}
