using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Softphone.Core;

namespace Softphone.Servers;

/// <summary>
/// Nonces that need no memory: the time of issue under a keyed hash (RFC 8489 §9.2, with the nonce cookie and security feature bits
/// of §18.1).
/// </summary>
internal sealed class TurnNonce
{
    private const string Cookie = "obMatJos2";
    private const int Octets = 8 + 12;

    private readonly byte[] _secret = new byte[32];
    private readonly string _prefix;
    private readonly TimeSpan _lifetime;

    public TurnNonce(IEntropy entropy, TimeSpan lifetime, bool offersPasswordAlgorithms)
    {
        entropy.Fill(_secret);
        _lifetime = lifetime;
        // Bit 0 of the 24: password algorithms.
        _prefix = Cookie + Convert.ToBase64String([0, 0, (byte)(offersPasswordAlgorithms ? 1 : 0)]);
    }

    public string Issue(Instant now)
    {
        Span<byte> octets = stackalloc byte[Octets];
        Seal(now, octets);
        return _prefix + Convert.ToHexStringLower(octets);
    }

    public bool IsFresh(ReadOnlySpan<byte> nonce, Instant now)
    {
        Span<byte> octets = stackalloc byte[Octets];
        if (nonce.Length != _prefix.Length + 2 * Octets || !Ascii.Equals(nonce[.._prefix.Length], _prefix)) return false;
        if (Convert.FromHexString(nonce[_prefix.Length..], octets, out _, out _) != System.Buffers.OperationStatus.Done) return false;
        var issued = new Instant(BinaryPrimitives.ReadInt64BigEndian(octets));
        Span<byte> expected = stackalloc byte[Octets];
        Seal(issued, expected);
        return CryptographicOperations.FixedTimeEquals(octets, expected) && now - issued < _lifetime;
    }

    private void Seal(Instant issued, Span<byte> octets)
    {
        BinaryPrimitives.WriteInt64BigEndian(octets, issued.Nanoseconds);
        Span<byte> mac = stackalloc byte[32];
        HMACSHA256.HashData(_secret, octets[..8], mac);
        mac[..12].CopyTo(octets[8..]);
    }
}
