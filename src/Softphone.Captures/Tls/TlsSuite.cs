using System.Security.Cryptography;

namespace Softphone.Captures;

/// <summary>How a cipher suite protects records. Those with authenticated encryption are read: what else TLS 1.2 has (CBC with a MAC) is not.</summary>
/// <param name="KeyOctets">Of each direction's key.</param>
/// <param name="IsChaCha">ChaCha20-Poly1305 (RFC 7905), else AES in Galois counter mode.</param>
/// <param name="Hash">Of what keys are made with.</param>
internal readonly record struct TlsSuite(int KeyOctets, bool IsChaCha, HashAlgorithmName Hash)
{
    public int HashOctets => Hash == HashAlgorithmName.SHA384 ? 48 : 32;

    /// <summary>By its number in the registry of IANA; null for one that is not read.</summary>
    public static TlsSuite? Of(int number) => number switch
    {
        // TLS 1.3 (RFC 8446 B.4).
        0x1301 => Aes128,
        0x1302 => Aes256,
        0x1303 => ChaCha,
        // RFC 5288, RFC 5289: with RSA, DHE and ECDHE.
        0x009C or 0x009E or 0xC02B or 0xC02F => Aes128,
        0x009D or 0x009F or 0xC02C or 0xC030 => Aes256,
        0xCCA8 or 0xCCA9 or 0xCCAA => ChaCha,
        _ => null,
    };

    private static TlsSuite Aes128 => new(16, false, HashAlgorithmName.SHA256);

    private static TlsSuite Aes256 => new(32, false, HashAlgorithmName.SHA384);

    private static TlsSuite ChaCha => new(32, true, HashAlgorithmName.SHA256);
}
