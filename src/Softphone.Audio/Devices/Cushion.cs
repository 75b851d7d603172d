namespace Softphone.Audio;

/// <summary>
/// How many samples are kept in a ring against jitter of both sides: little at first, more each time that it was not enough, less again
/// after half a minute of peace. Pure.
/// </summary>
internal sealed class Cushion
{
    private const int Least = 480;
    private const int Most = 2880;
    private const int Step = 240;
    private const double Peace = 30;

    private double _calm;

    public int Samples { get; private set; } = Least;

    /// <summary>It ran dry by jitter.</summary>
    public void RanDry()
    {
        Samples = Math.Min(Most, Samples + Step);
        _calm = 0;
    }

    /// <summary>So many seconds went well.</summary>
    public void WentWell(double seconds)
    {
        _calm += seconds;
        if (_calm < Peace || Samples == Least) return;
        Samples -= Step;
        _calm = 0;
    }
}
