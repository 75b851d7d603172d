using System.Numerics;
using System.Runtime.InteropServices;

namespace Softphone.Media;

/// <summary>Adding frames, several samples at once.</summary>
internal static class Sum
{
    /// <summary>Adds each sample of the frame to the sum of the same place.</summary>
    public static void Add(ReadOnlySpan<short> frame, Span<int> sum)
    {
        var frames = MemoryMarshal.Cast<short, Vector<short>>(frame);
        var sums = MemoryMarshal.Cast<int, Vector<int>>(sum[..(frames.Length * Vector<short>.Count)]);
        for (var i = 0; i < frames.Length; i++)
        {
            Vector.Widen(frames[i], out var low, out var high);
            sums[2 * i] += low;
            sums[2 * i + 1] += high;
        }

        for (var i = frames.Length * Vector<short>.Count; i < frame.Length; i++) sum[i] += frame[i];
    }
}
