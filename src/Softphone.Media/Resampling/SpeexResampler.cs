namespace Softphone.Media;

/// <summary>
/// Changes the sample rate of one mono stream by a windowed sinc (libspeexdsp). Belongs to one stream: it remembers the samples
/// around the last one. Allocates nothing for a frame.
/// </summary>
public sealed unsafe class SpeexResampler : IDisposable
{
    private readonly SpeexResamplerHandle _handle;

    /// <param name="fromRate">Input rate in Hz.</param>
    /// <param name="toRate">Output rate in Hz.</param>
    /// <param name="quality">0 to 10. 5 is enough for speech codecs, 8 for files.</param>
    /// <exception cref="MissingLibraryException">libspeexdsp is not installed.</exception>
    public SpeexResampler(int fromRate, int toRate, int quality = 5)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(fromRate);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(toRate);
        NativeLibraries.Require(NativeLibraries.SpeexDsp);
        _handle = LibSpeexDsp.Create(1, (uint)fromRate, (uint)toRate, quality, out var error);
        if (error != 0 || _handle.IsInvalid) throw new ArgumentException($"no resampler from {fromRate} to {toRate} Hz: error {error}");
        FromRate = fromRate;
        ToRate = toRate;
    }

    public int FromRate { get; }

    public int ToRate { get; }

    /// <summary>Delay in samples at the output rate.</summary>
    public int Latency => LibSpeexDsp.OutputLatency(_handle);

    /// <summary>Converts as much as fits.</summary>
    /// <param name="input">Samples at the input rate.</param>
    /// <param name="output">Room for samples at the output rate.</param>
    /// <param name="consumed">Samples taken from the input.</param>
    /// <returns>Samples written to the output.</returns>
    public int Process(ReadOnlySpan<short> input, Span<short> output, out int consumed)
    {
        fixed (short* from = input)
        fixed (short* to = output)
        {
            var taken = (uint)input.Length;
            var written = (uint)output.Length;
            _ = LibSpeexDsp.Process(_handle, 0, from, &taken, to, &written);
            consumed = (int)taken;
            return (int)written;
        }
    }

    /// <summary>Converts a frame whose length the ratio of the rates divides, such as 10 ms.</summary>
    /// <returns>Samples written.</returns>
    public int Process(ReadOnlySpan<short> input, Span<short> output) => Process(input, output, out _);

    /// <summary>Trims the ratio, to follow a clock that runs a little off: 1.0001 makes the output 100 ppm shorter. Between equal rates 8 ppm are the smallest step.</summary>
    public void Trim(double factor)
    {
        var (numerator, denominator) = Fraction(FromRate * factor / ToRate);
        _ = LibSpeexDsp.SetRatio(_handle, numerator, denominator, (uint)FromRate, (uint)ToRate);
    }

    /// <summary>
    /// The best fraction whose denominator has 16 bits. With a larger one the library, which scales its place in the filter in 32 bits,
    /// refuses after it has taken the ratio over already, and then reads past its table.
    /// </summary>
    internal static (uint Numerator, uint Denominator) Fraction(double value)
    {
        (uint N, uint D) before = (0, 1), best = (1, 0);
        var rest = value;
        while (true)
        {
            var whole = (uint)rest;
            var d = (ulong)whole * best.D + before.D;
            if (d > ushort.MaxValue)
            {
                // The convergent is too fine: as many steps towards it as there is room for, if that is nearer.
                var steps = (ushort.MaxValue - before.D) / best.D;
                (uint N, uint D) near = (steps * best.N + before.N, steps * best.D + before.D);
                return Math.Abs(near.N / (double)near.D - value) < Math.Abs(best.N / (double)best.D - value) ? near : best;
            }

            (before, best) = (best, (whole * best.N + before.N, (uint)d));
            var fraction = rest - whole;
            if (fraction < 1e-9) return best;
            rest = 1 / fraction;
            if (rest > uint.MaxValue) return best;
        }
    }

    /// <summary>Drops the silence that the filter would begin with, so that the output starts with the first sample. Call before the first frame.</summary>
    public void SkipLatency() => _ = LibSpeexDsp.SkipZeros(_handle);

    public void Dispose() => _handle.Dispose();
}
