using System.Buffers.Binary;

namespace Softphone.Core;

/// <summary>
/// A repeatable source (xoshiro256** seeded by SplitMix64) for tests and the virtual internet. Not fit for secrets on a real
/// network.
/// </summary>
public sealed class SeededEntropy : IEntropy
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    public SeededEntropy(ulong seed)
    {
        _s0 = SplitMix(ref seed);
        _s1 = SplitMix(ref seed);
        _s2 = SplitMix(ref seed);
        _s3 = SplitMix(ref seed);
    }

    /// <summary>A second, independent source: the n-th child of the same seed is always the same.</summary>
    public SeededEntropy Fork() => new(Next());

    public void Fill(Span<byte> octets)
    {
        while (octets.Length >= 8)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(octets, Next());
            octets = octets[8..];
        }

        if (octets.IsEmpty) return;
        var rest = Next();
        for (var i = 0; i < octets.Length; i++) octets[i] = (byte)(rest >> (8 * i));
    }

    private static ulong SplitMix(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private ulong Next()
    {
        var result = ulong.RotateLeft(_s1 * 5, 7) * 9;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = ulong.RotateLeft(_s3, 45);
        return result;
    }
}
