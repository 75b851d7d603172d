using System.Buffers.Binary;
using Softphone.Core;

namespace Softphone.Nat;

/// <summary>The 96 bits that tie a STUN response to its request (RFC 8489 §5). A value: no allocation to copy, compare or hash.</summary>
public readonly struct TransactionId : IEquatable<TransactionId>
{
    /// <summary>Octets of an id.</summary>
    public const int Length = 12;

    private readonly ulong _high;
    private readonly uint _low;

    private TransactionId(ulong high, uint low)
    {
        _high = high;
        _low = low;
    }

    /// <summary>Uniformly random: 96 bits are what an off-path attacker has to guess (RFC 8489 §5, RFC 7675 §8).</summary>
    public static TransactionId Next(IEntropy entropy)
    {
        Span<byte> octets = stackalloc byte[Length];
        entropy.Fill(octets);
        return FromBytes(octets);
    }

    /// <summary>From the first twelve octets.</summary>
    public static TransactionId FromBytes(ReadOnlySpan<byte> octets) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(octets), BinaryPrimitives.ReadUInt32BigEndian(octets[8..]));

    /// <summary>Writes twelve octets.</summary>
    public void WriteTo(Span<byte> octets)
    {
        BinaryPrimitives.WriteUInt64BigEndian(octets, _high);
        BinaryPrimitives.WriteUInt32BigEndian(octets[8..], _low);
    }

    public bool Equals(TransactionId other) => _high == other._high && _low == other._low;

    public override bool Equals(object? obj) => obj is TransactionId other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_high, _low);

    public static bool operator ==(TransactionId a, TransactionId b) => a.Equals(b);

    public static bool operator !=(TransactionId a, TransactionId b) => !a.Equals(b);

    /// <summary>24 hexadecimal digits.</summary>
    public override string ToString() => $"{_high:x16}{_low:x8}";
}
