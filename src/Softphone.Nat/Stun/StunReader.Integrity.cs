using System.Buffers.Binary;

namespace Softphone.Nat;

/// <summary>Who wrote a message, and whether it is STUN at all (RFC 8489 §14.5–14.7).</summary>
public readonly ref partial struct StunReader
{
    public bool HasIntegrity => _integrity != 0;

    public bool HasIntegritySha256 => _integritySha256 != 0;

    public bool HasFingerprint => _fingerprint != 0;

    /// <summary>True when MESSAGE-INTEGRITY is there and holds the HMAC-SHA1 under this key; compared in constant time.</summary>
    public bool VerifyIntegrity(IntegrityKey key) =>
        TryAt(_integrity, out var mac) && key.Verify(_message, _integrity, mac, StunHeader.Sha1Length);

    /// <summary>
    /// True when MESSAGE-INTEGRITY-SHA256 is there and holds the HMAC-SHA256 under this key, cut to no less than
    /// <paramref name="shortest"/> octets. A usage that does not speak of truncation takes 32 only (RFC 8489 §14.6).
    /// </summary>
    public bool VerifyIntegritySha256(IntegrityKey key, int shortest = StunHeader.Sha256Length) =>
        TryAt(_integritySha256, out var mac) && mac.Length >= shortest && key.Verify(_message, _integritySha256, mac, StunHeader.Sha256Length);

    /// <summary>True when FINGERPRINT is there, last, and right.</summary>
    public bool VerifyFingerprint() =>
        TryAt(_fingerprint, out var value)
        && BinaryPrimitives.ReadUInt32BigEndian(value) == (Crc32.Of(_message[.._fingerprint]) ^ StunHeader.FingerprintMask);
}
