using System.Security.Cryptography;

namespace Softphone.Media;

/// <summary>
/// A master key with its salt (RFC 3711 §3.2.1), as one side gives it to the other. The octets are for the ciphers alone and stay out of
/// <see cref="ToString"/>.
/// </summary>
public sealed class SrtpKey : IEquatable<SrtpKey>
{
    /// <summary>The longest identifier of a key that SDP can name (RFC 4568 §6.1).</summary>
    public const int MostMki = 128;

    /// <summary>No key protects more RTP packets than this (RFC 3711 §9.2).</summary>
    public const ulong MostPackets = 1UL << 48;

    /// <summary>No key protects more RTCP packets than this (RFC 3711 §9.2).</summary>
    public const ulong MostReports = 1UL << 31;

    private readonly byte[] _keyAndSalt;
    private readonly byte[] _mki;

    /// <param name="suite">What the key is for.</param>
    /// <param name="keyAndSalt">The key and behind it the salt, of the lengths that the suite wants.</param>
    /// <param name="mki">What stands in each packet to name the key; empty for nothing.</param>
    /// <param name="lifetime">How many packets the key may protect at most.</param>
    /// <exception cref="ArgumentException">A length that the suite does not have, or a lifetime of nothing.</exception>
    public SrtpKey(SrtpSuite suite, ReadOnlySpan<byte> keyAndSalt, ReadOnlySpan<byte> mki = default, ulong lifetime = MostPackets)
    {
        if (keyAndSalt.Length != suite.KeyLength + suite.SaltLength)
            throw new ArgumentException($"{suite} wants {suite.KeyLength + suite.SaltLength} octets of key and salt, not {keyAndSalt.Length}");
        if (mki.Length > MostMki) throw new ArgumentException($"an MKI has {MostMki} octets at most, not {mki.Length}");
        if (lifetime == 0) throw new ArgumentException("a key that may protect nothing");
        Suite = suite;
        Lifetime = Math.Min(lifetime, MostPackets);
        _keyAndSalt = keyAndSalt.ToArray();
        _mki = mki.ToArray();
    }

    public SrtpSuite Suite { get; }

    /// <summary>The most RTP packets; of RTCP it is the same, up to <see cref="MostReports"/>.</summary>
    public ulong Lifetime { get; }

    /// <summary>What stands in each packet to name the key; empty for nothing.</summary>
    public ReadOnlySpan<byte> Mki => _mki;

    internal ReadOnlySpan<byte> Key => _keyAndSalt.AsSpan(0, Suite.KeyLength);

    internal ReadOnlySpan<byte> Salt => _keyAndSalt.AsSpan(Suite.KeyLength);

    public bool Equals(SrtpKey? other) =>
        other is not null && other.Suite == Suite && CryptographicOperations.FixedTimeEquals(other._keyAndSalt, _keyAndSalt) && other.Mki.SequenceEqual(_mki);

    public override bool Equals(object? obj) => Equals(obj as SrtpKey);

    public override int GetHashCode() => Suite.GetHashCode();

    public override string ToString() => $"{Suite} (secret)";
}
