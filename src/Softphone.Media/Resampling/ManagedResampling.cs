using System.Runtime.InteropServices;
using Concentus;

namespace Softphone.Media;

/// <summary>The same filter in C# (Concentus), where libspeexdsp is not installed.</summary>
internal sealed class ManagedResampling : IResampling
{
    private readonly IResampler _resampler;
    private readonly int _fromRate;
    private readonly int _toRate;

    public ManagedResampling(int fromRate, int toRate, int quality)
    {
        (_fromRate, _toRate) = (fromRate, toRate);
        _resampler = ResamplerFactory.CreateResampler(1, fromRate, toRate, quality);
    }

    public int Latency => _resampler.OutputLatencySamples;

    public int Process(ReadOnlySpan<short> input, Span<short> output, out int consumed)
    {
        // It asks for a span that it might write to and only reads it.
        var readable = MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(input), input.Length);
        consumed = input.Length;
        var written = output.Length;
        _resampler.Process(0, readable, ref consumed, output, ref written);
        return written;
    }

    public void SetRatio(uint numerator, uint denominator) => _resampler.SetRateFraction((int)numerator, (int)denominator, _fromRate, _toRate);

    public void SkipLatency() => _resampler.SkipZeroes();

    public void Dispose() => _resampler.Dispose();
}
