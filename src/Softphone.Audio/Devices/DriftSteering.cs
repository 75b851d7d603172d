namespace Softphone.Audio;

/// <summary>
/// Two clocks that both claim 48 kHz differ by some parts in a million, and the ring between them runs full or empty. This looks at its
/// level and says by how much to change the rate, so that the level stays: a proportional and integral controller on the mean of half
/// a second. Pure.
/// </summary>
public sealed class DriftSteering
{
    /// <summary>The most it asks for; nobody hears it, and no sound card is farther off.</summary>
    public const double Limit = 500e-6;

    private const double Rate = Pcm.Rate;

    /// <summary>How fast it settles, in radians a second: half a minute, so that jitter, and the steps of the level, do not become a wobble.</summary>
    private const double Speed = 0.1;

    private const double Averaging = 0.5;

    private const double Proportional = 2 * Speed / Rate;
    private const double Integral = Speed * Speed / Rate;

    private double _mean;
    private double _sum;
    private bool _started;

    /// <summary>The mean level, in samples.</summary>
    public double Level => _mean;

    /// <summary>How much faster than nominal the ring is to be emptied: 0.0001 is 100 ppm.</summary>
    public double Correction { get; private set; }

    /// <summary>The level was seen.</summary>
    /// <param name="level">Samples in the ring, always at the same point of a frame.</param>
    /// <param name="target">Samples that there should be.</param>
    /// <param name="seconds">Since the last time.</param>
    public void Observe(double level, double target, double seconds)
    {
        if (!_started)
        {
            (_mean, _started) = (target, true);
        }

        _mean += (level - _mean) * Math.Min(1, seconds / Averaging);
        var error = _mean - target;
        var wanted = Proportional * error + _sum;
        Correction = Math.Clamp(wanted, -Limit, Limit);
        // At the limit the sum waits, else it would overshoot.
        if (wanted == Correction) _sum = Math.Clamp(_sum + Integral * error * seconds, -Limit, Limit);
    }

    /// <summary>The ring was filled or emptied by hand: the mean begins anew, what was learnt of the clocks stays.</summary>
    public void Restart() => _started = false;

    /// <summary>Another device, with another clock.</summary>
    public void Forget() => (_started, _sum, Correction) = (false, 0, 0);
}
