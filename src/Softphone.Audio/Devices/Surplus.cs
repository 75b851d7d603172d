namespace Softphone.Audio;

/// <summary>
/// Whether a ring holds more than it needs: when even its lowest level of a second was too high, the rest is only delay, left over from a
/// moment in which one side stood still. The steering of the rate would take minutes to be rid of it. Pure.
/// </summary>
internal sealed class Surplus
{
    private const double Window = 1;

    /// <summary>Up to here the phase between frames and periods may explain it.</summary>
    private const int Tolerance = 720;

    /// <summary>What is left after it was dropped.</summary>
    private const int Rest = 240;

    /// <summary>The least that is ever dropped.</summary>
    public const int Least = Tolerance - Rest;

    private double _seconds;
    private int _lowest = int.MaxValue;

    /// <summary>The level was seen.</summary>
    /// <param name="above">Samples above the target.</param>
    /// <param name="seconds">Since the last time.</param>
    /// <returns>Samples to drop now: none, or <see cref="Least"/> at least.</returns>
    public int Observe(int above, double seconds)
    {
        _lowest = Math.Min(_lowest, above);
        _seconds += seconds;
        if (_seconds < Window) return 0;
        var drop = _lowest >= Tolerance ? _lowest - Rest : 0;
        Restart();
        return drop;
    }

    public void Restart() => (_seconds, _lowest) = (0, int.MaxValue);
}
