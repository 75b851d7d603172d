namespace Softphone.Media;

/// <summary>The resampler of libspeexdsp.</summary>
internal sealed unsafe class LibSpeexResampling : IResampling
{
    private readonly SpeexResamplerHandle _handle;
    private readonly uint _fromRate;
    private readonly uint _toRate;

    /// <exception cref="MissingLibraryException">libspeexdsp is not installed.</exception>
    public LibSpeexResampling(int fromRate, int toRate, int quality)
    {
        NativeLibraries.Require(NativeLibraries.SpeexDsp);
        (_fromRate, _toRate) = ((uint)fromRate, (uint)toRate);
        _handle = LibSpeexDsp.Create(1, _fromRate, _toRate, quality, out var error);
        if (error != 0 || _handle.IsInvalid) throw new ArgumentException($"no resampler from {fromRate} to {toRate} Hz: error {error}");
    }

    public int Latency => LibSpeexDsp.OutputLatency(_handle);

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

    public void SetRatio(uint numerator, uint denominator) => _ = LibSpeexDsp.SetRatio(_handle, numerator, denominator, _fromRate, _toRate);

    public void SkipLatency() => _ = LibSpeexDsp.SkipZeros(_handle);

    public void Dispose() => _handle.Dispose();
}
