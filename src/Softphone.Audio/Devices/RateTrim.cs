namespace Softphone.Audio;

/// <summary>A resampler from 48 kHz to nearly 48 kHz. Without libspeexdsp it passes the samples on as they are, and drift is heard as a click now and then.</summary>
internal sealed class RateTrim : IDisposable
{
    private const int Rate = 48_000;
    private const int Quality = 4;

    /// <summary>Each change computes the filter anew; once a second is enough for a clock.</summary>
    private const double Pause = 1;

    /// <summary>Smaller changes are not worth it.</summary>
    private const double Grain = 2e-6;

    private readonly SpeexResampler? _resampler;
    private double _since;
    private double _factor;

    public RateTrim()
    {
        try
        {
            _resampler = new SpeexResampler(Rate, Rate, Quality);
            _resampler.SkipLatency();
        }
        catch (MissingLibraryException)
        {
            // The codecs that need it say so; a call with Opus can do without.
        }
    }

    public void Follow(double correction, double seconds)
    {
        _since += seconds;
        if (_since < Pause || Math.Abs(correction - _factor) < Grain) return;
        _since = 0;
        _factor = correction;
        _resampler?.Trim(1 + correction);
    }

    public int Process(ReadOnlySpan<short> input, Span<short> output, out int consumed)
    {
        if (_resampler is not null) return _resampler.Process(input, output, out consumed);
        consumed = Math.Min(input.Length, output.Length);
        input[..consumed].CopyTo(output);
        return consumed;
    }

    public void Dispose() => _resampler?.Dispose();
}
