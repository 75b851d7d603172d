using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Softphone.Captures;

/// <summary>The keys of one direction, and the number of its next record.</summary>
internal sealed class TlsCipher
{
    private const int NonceOctets = 12;
    private const int TagOctets = 16;
    private const int HeadOctets = 5;

    /// <summary>The part of a nonce that AES-GCM of TLS 1.2 sends with each record (RFC 5288 §3).</summary>
    private const int ExplicitOctets = 8;

    private readonly TlsSuite _suite;
    private readonly bool _isNew;
    private readonly byte[] _key;
    private readonly byte[] _iv;
    private readonly byte[] _secret;
    private ulong _sequence;

    private TlsCipher(TlsSuite suite, bool isNew, byte[] key, byte[] iv, byte[] secret) => (_suite, _isNew, _key, _iv, _secret) = (suite, isNew, key, iv, secret);

    /// <summary>TLS 1.3: of a traffic secret (RFC 8446 §7.3).</summary>
    public static TlsCipher Of(TlsSuite suite, byte[] secret) => new(suite, true, Expand(suite, secret, "key", suite.KeyOctets), Expand(suite, secret, "iv", NonceOctets), secret);

    /// <summary>TLS 1.2: of the master secret (RFC 5246 §6.3). The key block has both keys before both parts of nonces; there are no keys of a MAC.</summary>
    public static TlsCipher Of(TlsSuite suite, byte[] master, ReadOnlySpan<byte> clientRandom, ReadOnlySpan<byte> serverRandom, bool isClient)
    {
        var fixedOctets = suite.IsChaCha ? NonceOctets : NonceOctets - ExplicitOctets;
        var block = Prf(suite, master, [.. "key expansion"u8, .. serverRandom, .. clientRandom], 2 * (suite.KeyOctets + fixedOctets));
        var (key, iv) = isClient ? (0, 2 * suite.KeyOctets) : (suite.KeyOctets, 2 * suite.KeyOctets + fixedOctets);
        return new TlsCipher(suite, false, block[key..(key + suite.KeyOctets)], block[iv..(iv + fixedOctets)], []);
    }

    /// <summary>What follows after a KeyUpdate (RFC 8446 §7.2).</summary>
    public TlsCipher Next() => Of(_suite, Expand(_suite, _secret, "traffic upd", _suite.HashOctets));

    /// <summary>A record that was not decrypted counts too.</summary>
    public void Skip() => _sequence++;

    /// <summary>Decrypts a record, its head with it. False when it is not of these keys; it counts only when it is.</summary>
    /// <param name="record">All of it.</param>
    /// <param name="plain">What was in it, for TLS 1.3 with its type behind it.</param>
    public bool TryOpen(ReadOnlySpan<byte> record, out byte[] plain)
    {
        plain = [];
        var before = _isNew || _suite.IsChaCha ? 0 : ExplicitOctets;
        var body = record[HeadOctets..];
        var length = body.Length - before - TagOctets;
        if (length < 0) return false;
        Span<byte> nonce = stackalloc byte[NonceOctets];
        if (before > 0)
        {
            _iv.CopyTo(nonce);
            body[..before].CopyTo(nonce[_iv.Length..]);
        }
        else
        {
            // RFC 8446 §5.3, RFC 7905 §2: the number of the record over the end of the vector.
            BinaryPrimitives.WriteUInt64BigEndian(nonce[4..], _sequence);
            for (var i = 0; i < NonceOctets; i++) nonce[i] ^= _iv[i];
        }

        Span<byte> more = stackalloc byte[13];
        if (_isNew)
        {
            record[..HeadOctets].CopyTo(more);
            more = more[..HeadOctets];
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(more, _sequence);
            record[..3].CopyTo(more[8..]);
            BinaryPrimitives.WriteUInt16BigEndian(more[11..], (ushort)length);
        }

        var found = new byte[length];
        if (!TryDecrypt(nonce, body.Slice(before, length), body[^TagOctets..], found, more)) return false;
        _sequence++;
        plain = found;
        return true;
    }

    private bool TryDecrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> sealedOctets, ReadOnlySpan<byte> tag, Span<byte> plain, ReadOnlySpan<byte> more)
    {
        try
        {
            if (_suite.IsChaCha)
            {
                using var chacha = new ChaCha20Poly1305(_key);
                chacha.Decrypt(nonce, sealedOctets, tag, plain, more);
            }
            else
            {
                using var aes = new AesGcm(_key, TagOctets);
                aes.Decrypt(nonce, sealedOctets, tag, plain, more);
            }

            return true;
        }
        catch (Exception e) when (e is CryptographicException or PlatformNotSupportedException)
        {
            // The tag does not fit: other keys, or octets that were changed.
            return false;
        }
    }

    /// <summary>HKDF-Expand-Label without a context (RFC 8446 §7.1).</summary>
    private static byte[] Expand(TlsSuite suite, byte[] secret, string label, int octets)
    {
        byte[] info = [(byte)(octets >> 8), (byte)octets, (byte)(6 + label.Length), .. "tls13 "u8, .. Encoding.ASCII.GetBytes(label), 0];
        return HKDF.Expand(suite.Hash, secret, octets, info);
    }

    /// <summary>P_hash (RFC 5246 §5).</summary>
    private static byte[] Prf(TlsSuite suite, byte[] secret, byte[] seed, int octets)
    {
        var made = new List<byte>(octets + suite.HashOctets);
        var a = seed;
        while (made.Count < octets)
        {
            a = Hmac(suite, secret, a);
            made.AddRange(Hmac(suite, secret, [.. a, .. seed]));
        }

        return [.. made.Take(octets)];
    }

    private static byte[] Hmac(TlsSuite suite, byte[] secret, byte[] octets) =>
        suite.Hash == HashAlgorithmName.SHA384 ? HMACSHA384.HashData(secret, octets) : HMACSHA256.HashData(secret, octets);
}
