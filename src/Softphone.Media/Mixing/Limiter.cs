namespace Softphone.Media;

/// <summary>
/// Makes samples of a sum that may be larger than samples are. What fits passes unchanged. Before a peak that does not the gain goes down,
/// within the frame, and after it slowly up again; what still stands out is bent, never wrapped round.
/// </summary>
internal sealed class Limiter
{
    /// <summary>What a peak that does not fit is brought down to: -1 dBFS.</summary>
    private const int Ceiling = 29_204;

    /// <summary>A gain that must fall at once takes 1 ms all the same.</summary>
    private const int ShortestAttack = 48;

    /// <summary>What is won back in 20 ms of what was taken.</summary>
    private const float Release = 0.1f;

    private float _gain = 1;

    /// <summary>What comes next passes unchanged if it fits.</summary>
    public bool IsIdle => _gain == 1;

    public void Write(ReadOnlySpan<int> sum, Span<short> frame)
    {
        var peak = Peak(sum);
        if (_gain == 1 && peak <= short.MaxValue)
        {
            for (var i = 0; i < frame.Length; i++) frame[i] = (short)sum[i];
            return;
        }

        var target = Math.Min(1, (float)Ceiling / peak);
        var ramp = frame.Length;
        if (target < _gain) ramp = Math.Max(ShortestAttack, FirstAbove(sum, Ceiling / _gain));
        else target = target - _gain < 0.001f ? target : _gain + (target - _gain) * Release;
        var step = (target - _gain) / ramp;
        for (var i = 0; i < frame.Length; i++) frame[i] = Bend(sum[i] * (i < ramp ? _gain + step * (i + 1) : target));
        _gain = target;
    }

    private static int Peak(ReadOnlySpan<int> sum)
    {
        var peak = 0;
        // One below zero counts as one above it less: both ends of the range fit.
        foreach (var value in sum) peak = Math.Max(peak, value ^ (value >> 31));
        return peak;
    }

    private static int FirstAbove(ReadOnlySpan<int> sum, float bound)
    {
        var at = 0;
        while (at < sum.Length && Math.Abs(sum[at]) <= bound) at++;
        return at;
    }

    private static short Bend(float value)
    {
        const float Knee = short.MaxValue - Ceiling;
        var size = Math.Abs(value);
        if (size > Ceiling) value = Math.Sign(value) * (Ceiling + Knee * MathF.Tanh((size - Ceiling) / Knee));
        return (short)value;
    }
}
