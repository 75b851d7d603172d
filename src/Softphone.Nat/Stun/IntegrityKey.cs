using System.Security.Cryptography;

namespace Softphone.Nat;

/// <summary>
/// The key of MESSAGE-INTEGRITY and MESSAGE-INTEGRITY-SHA256 (RFC 8489 §14.5, §14.6) with the keyed hashes made ready once, so that
/// signing and verifying allocate nothing. Belongs to one machine: it is not safe for two threads.
/// </summary>
public sealed class IntegrityKey : IDisposable
{
    private const int UsualLength = 512;
    private readonly byte[] _key;
    private HMACSHA1? _sha1;
    private HMACSHA256? _sha256;

    /// <param name="key">The octets of the key; see <see cref="StunCredentials"/> for how to derive them.</param>
    public IntegrityKey(ReadOnlySpan<byte> key) => _key = key.ToArray();

    public void Dispose()
    {
        _sha1?.Dispose();
        _sha256?.Dispose();
    }

    /// <summary>HMAC of a message whose length field already counts the attribute that will hold it.</summary>
    internal void Sign(ReadOnlySpan<byte> message, Span<byte> mac)
    {
        if (mac.Length == StunHeader.Sha1Length) (_sha1 ??= new HMACSHA1(_key)).TryComputeHash(message, mac, out _);
        else (_sha256 ??= new HMACSHA256(_key)).TryComputeHash(message, mac, out _);
    }

    /// <summary>Compares in constant time, over the message up to the attribute, as if the attribute were its last one.</summary>
    internal bool Verify(ReadOnlySpan<byte> message, int attribute, ReadOnlySpan<byte> received, int hashLength)
    {
        var prefix = (attribute <= UsualLength ? stackalloc byte[UsualLength] : new byte[attribute])[..attribute];
        message[..attribute].CopyTo(prefix);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(
            prefix[2..], (ushort)(attribute - StunHeader.Length + 4 + received.Length));
        Span<byte> mac = stackalloc byte[hashLength];
        Sign(prefix, mac);
        return CryptographicOperations.FixedTimeEquals(mac[..received.Length], received);
    }
}
