namespace Softphone.Media;

/// <summary>
/// Brings quiet and loud voices to one level. It learns, and changes, only while the other side is silent: what is left of an echo is
/// then never taken for a quiet voice and made louder, and who talks into the other's words keeps the level. Pure; allocates nothing.
/// </summary>
internal sealed class VoiceLevel
{
    /// <summary>What it brings speech to, as the mean of its louder stretches, in dB below the top; near the nominal level of ITU-T P.56.</summary>
    private const double Target = -24;

    private const double MostDb = 12;
    private const double LeastDb = -6;

    /// <summary>A block more quiet than this is a pause, and so is one this much below the voice.</summary>
    private const double Pause = -50;
    private const double Below = 15;

    /// <summary>The far side is silent below this, once it has been for so many seconds: the room, and the buffers, still have some of it.</summary>
    private const double FarSilence = -50;
    private const double Echoing = 0.4;

    /// <summary>Seconds of voice that are averaged, and that are heard before anything is done.</summary>
    private const double Memory = 2;
    private const double First = 0.3;

    private const double RiseDbPerSecond = 4;
    private const double FallDbPerSecond = 12;
    private const double Ceiling = 30_000;
    private const double Rate = Pcm.Rate;

    private double _mean;
    private double _heard;
    private double _since = Echoing;
    private double _gainDb;
    private double _factor = 1;

    /// <summary>What voices are made louder by now, in dB.</summary>
    public double GainDb => _gainDb;

    /// <summary>Works on a block in place.</summary>
    /// <param name="voice">Without echo and noise.</param>
    /// <param name="played">What the loudspeaker played.</param>
    public void Process(Span<short> voice, ReadOnlySpan<short> played)
    {
        var seconds = voice.Length / Rate;
        _since = Decibels(Power(played)) > FarSilence ? 0 : _since + seconds;
        if (_since >= Echoing) Follow(Power(voice), seconds);
        Apply(voice);
    }

    private void Follow(double power, double seconds)
    {
        var level = Decibels(power);
        if (level < Pause || (_heard > First && level < Decibels(_mean) - Below)) return;
        _heard += seconds;
        _mean += (power - _mean) * Math.Min(1, seconds / Math.Min(_heard, Memory));
        if (_heard < First) return;
        var wanted = Math.Clamp(Target - Decibels(_mean), LeastDb, MostDb);
        _gainDb += Math.Clamp(wanted - _gainDb, -FallDbPerSecond * seconds, RiseDbPerSecond * seconds);
    }

    /// <summary>From the factor of the block before to the next one's, which is smaller where a peak would go over the top.</summary>
    private void Apply(Span<short> voice)
    {
        var peak = 1;
        foreach (var sample in voice) peak = Math.Max(peak, Math.Abs((int)sample));
        var factor = Math.Pow(10, _gainDb / 20);
        if (factor > 1) factor = Math.Max(1, Math.Min(factor, Ceiling / peak));
        if (factor == 1 && _factor == 1) return;
        var step = (factor - _factor) / voice.Length;
        foreach (ref var sample in voice)
        {
            _factor += step;
            sample = (short)Math.Clamp(sample * _factor, short.MinValue, short.MaxValue);
        }

        _factor = factor;
    }

    private static double Power(ReadOnlySpan<short> samples) => Energy.Of(samples) / (double)Math.Max(1, samples.Length);

    private static double Decibels(double power) => 10 * Math.Log10(Math.Max(power, 1e-3) / (32768.0 * 32768.0));
}
