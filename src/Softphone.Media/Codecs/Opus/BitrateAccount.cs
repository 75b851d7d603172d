namespace Softphone.Media;

/// <summary>
/// What an encoder of variable rate has spent beside what it may. The library takes a bit rate for a wish and passes it by a few percent for
/// minutes; for a peer it is a maximum (maxaveragebitrate, RFC 7587 §6.1). So the wish is lowered by as much as was overspent.
/// </summary>
internal struct BitrateAccount
{
    /// <summary>Seconds over which what was overspent is paid back, and at most which may be saved up.</summary>
    private const double Seconds = 1;

    /// <summary>The lowest rate that Opus has (RFC 6716 §2.1.1).</summary>
    private const int LeastBps = 6_000;

    private const int FirstFrameBits = 1200;

    private readonly int _allowedBps;
    private double _savedBits;

    public BitrateAccount(int allowedBps)
    {
        _allowedBps = Math.Clamp(allowedBps, LeastBps, 510_000);

        // Begun a little in debt: what the first frames take, and what is overspent steadily, is then never more than what was saved.
        _savedBits = -Math.Max(FirstFrameBits, 0.1 * Seconds * _allowedBps);
    }

    /// <summary>What to ask of the library for the next frame.</summary>
    public readonly int NextBps => Math.Clamp(_allowedBps + (int)(Math.Min(0, _savedBits) / Seconds), Math.Max(LeastBps * 3 / 4, _allowedBps / 2), _allowedBps);

    /// <summary>A frame took so many octets.</summary>
    public void Spend(int samples48k, int octets) =>
        _savedBits = Math.Min(Seconds * _allowedBps, _savedBits + (double)_allowedBps * samples48k / 48_000 - 8.0 * octets);
}
