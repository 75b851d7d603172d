namespace Softphone.Audio;

/// <summary>A resampler from 48 kHz to nearly 48 kHz, to follow the clock of a device.</summary>
internal sealed class RateTrim : IDisposable
{
    private const int Rate = Pcm.Rate;
    private const int Quality = 4;

    /// <summary>Each change computes the filter anew; once a second is enough for a clock.</summary>
    private const double Pause = 1;

    /// <summary>Smaller changes are not worth it.</summary>
    private const double Grain = 2e-6;

    private readonly SpeexResampler _resampler = new(Rate, Rate, Quality);
    private double _since;
    private double _factor;

    public RateTrim() => _resampler.SkipLatency();

    public void Follow(double correction, double seconds)
    {
        _since += seconds;
        if (_since < Pause || Math.Abs(correction - _factor) < Grain) return;
        _since = 0;
        _factor = correction;
        _resampler.Trim(1 + correction);
    }

    public int Process(ReadOnlySpan<short> input, Span<short> output, out int consumed) => _resampler.Process(input, output, out consumed);

    public void Dispose() => _resampler.Dispose();
}
