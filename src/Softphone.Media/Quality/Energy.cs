using System.Numerics;
using System.Runtime.InteropServices;

namespace Softphone.Media;

/// <summary>The energy of a stretch of audio: the sum of the squares of its samples. Every frame of every call is measured, so eight at once and more.</summary>
internal static class Energy
{
    public static long Of(ReadOnlySpan<short> pcm)
    {
        var wide = MemoryMarshal.Cast<short, Vector<short>>(pcm);
        var sums = Vector<ulong>.Zero;
        foreach (var samples in wide)
        {
            Vector.Widen(samples, out var low, out var high);
            // Two squares of -32768 are 2^31: more than an int holds, and not more than a uint.
            Vector.Widen(Vector.AsVectorUInt32(low * low + high * high), out var even, out var odd);
            sums += even + odd;
        }

        var sum = (long)Vector.Sum(sums);
        foreach (var sample in pcm[(wide.Length * Vector<short>.Count)..]) sum += sample * sample;
        return sum;
    }
}
