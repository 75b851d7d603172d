namespace Softphone.Media;

/// <summary>What a library does for <see cref="SpeexResampler"/>.</summary>
internal interface IResampling : IDisposable
{
    /// <summary>Delay in samples at the output rate.</summary>
    int Latency { get; }

    int Process(ReadOnlySpan<short> input, Span<short> output, out int consumed);

    /// <param name="numerator">With the denominator the ratio of input to output.</param>
    /// <param name="denominator">Of 16 bits at most.</param>
    void SetRatio(uint numerator, uint denominator);

    void SkipLatency();
}
