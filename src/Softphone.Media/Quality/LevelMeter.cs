namespace Softphone.Media;

/// <summary>The level of recent audio as RMS in dB below full scale; rises at once and falls over some 100 ms.</summary>
public sealed class LevelMeter
{
    /// <summary>What silence reads.</summary>
    public const double Floor = -96;

    private const double Fall = 0.1 * 48_000;

    private double _power;

    public double Dbfs => _power <= 0 ? Floor : Math.Max(Floor, 10 * Math.Log10(_power / (32768.0 * 32768.0)));

    public void Add(ReadOnlySpan<short> pcm48k)
    {
        if (pcm48k.IsEmpty) return;
        var power = (double)Energy.Of(pcm48k) / pcm48k.Length;
        _power = power >= _power ? power : power + (_power - power) * Math.Exp(-pcm48k.Length / Fall);
        if (_power < 0.3) _power = 0;
    }
}
