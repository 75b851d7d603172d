using System.Buffers.Binary;

namespace Softphone.Core;

public static class EntropyExtensions
{
    private const string TokenAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public static uint NextUInt32(this IEntropy entropy)
    {
        Span<byte> octets = stackalloc byte[4];
        entropy.Fill(octets);
        return BinaryPrimitives.ReadUInt32LittleEndian(octets);
    }

    public static ulong NextUInt64(this IEntropy entropy)
    {
        Span<byte> octets = stackalloc byte[8];
        entropy.Fill(octets);
        return BinaryPrimitives.ReadUInt64LittleEndian(octets);
    }

    /// <summary>Uniform in [0, bound).</summary>
    public static int NextInt(this IEntropy entropy, int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        var limit = uint.MaxValue - uint.MaxValue % (uint)bound;
        uint draw;
        do draw = entropy.NextUInt32();
        while (draw >= limit);
        return (int)(draw % (uint)bound);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public static double NextDouble(this IEntropy entropy) => (entropy.NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Letters and digits only, about 5.95 bits each: fit for tags, branches, ufrags and passwords.</summary>
    public static string NextToken(this IEntropy entropy, int length) =>
        string.Create(length, entropy, static (chars, source) =>
        {
            foreach (ref var c in chars) c = TokenAlphabet[source.NextInt(TokenAlphabet.Length)];
        });
}
