namespace Softphone.Media;

/// <summary>
/// Changes the sample rate of one mono stream by the windowed sinc of Speex: libspeexdsp where it is installed, else the same filter in C#. Belongs to one stream: it remembers the samples
/// around the last one. With the C library it allocates nothing for a frame.
/// </summary>
public sealed class SpeexResampler : IDisposable
{
    private readonly IResampling _library;

    /// <param name="fromRate">Input rate in Hz.</param>
    /// <param name="toRate">Output rate in Hz.</param>
    /// <param name="quality">0 to 10. 5 is enough for speech codecs, 8 for files.</param>
    /// <param name="managed">The filter in C# whatever is installed.</param>
    public SpeexResampler(int fromRate, int toRate, int quality = 5, bool managed = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(fromRate);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(toRate);
        _library = managed || !NativeLibraries.IsPresent(NativeLibraries.SpeexDsp)
            ? new ManagedResampling(fromRate, toRate, quality)
            : new LibSpeexResampling(fromRate, toRate, quality);
        FromRate = fromRate;
        ToRate = toRate;
    }

    public int FromRate { get; }

    public int ToRate { get; }

    /// <summary>Delay in samples at the output rate.</summary>
    public int Latency => _library.Latency;

    /// <summary>Converts as much as fits.</summary>
    /// <param name="input">Samples at the input rate.</param>
    /// <param name="output">Room for samples at the output rate.</param>
    /// <param name="consumed">Samples taken from the input.</param>
    /// <returns>Samples written to the output.</returns>
    public int Process(ReadOnlySpan<short> input, Span<short> output, out int consumed) =>
        _library.Process(input, output, out consumed);

    /// <summary>Converts a frame whose length the ratio of the rates divides, such as 10 ms.</summary>
    /// <returns>Samples written.</returns>
    public int Process(ReadOnlySpan<short> input, Span<short> output) => Process(input, output, out _);

    /// <summary>Trims the ratio, to follow a clock that runs a little off: 1.0001 makes the output 100 ppm shorter. Between equal rates 8 ppm are the smallest step.</summary>
    public void Trim(double factor)
    {
        var (numerator, denominator) = Fraction(FromRate * factor / ToRate);
        _library.SetRatio(numerator, denominator);
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
    public void SkipLatency() => _library.SkipLatency();

    public void Dispose() => _library.Dispose();
}
