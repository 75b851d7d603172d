namespace Softphone.Media;

/// <summary>
/// The shortest transit time of the last four seconds, in samples at 48 kHz: what every delay is counted from. Follows clock drift.
/// </summary>
internal sealed class TransitBaseline
{
    private const int Buckets = 40;
    private const int Width = 4800;

    private readonly long[] _least = new long[Buckets];
    private readonly long[] _period = new long[Buckets];
    private long _current = long.MinValue;
    private bool _any;

    /// <summary>Arrival less media position of the fastest packet.</summary>
    public long Value { get; private set; }

    public void Clear() => _any = false;

    public void Add(long arrival, long transit)
    {
        var period = Math.DivRem(arrival, Width, out _);
        if (!_any)
        {
            Array.Fill(_period, long.MinValue);
            _any = true;
            _current = long.MinValue;
        }

        var at = (int)(((period % Buckets) + Buckets) % Buckets);
        if (_period[at] != period)
        {
            _period[at] = period;
            _least[at] = transit;
        }
        else
        {
            _least[at] = Math.Min(_least[at], transit);
        }

        if (period == _current)
        {
            Value = Math.Min(Value, transit);
            return;
        }

        _current = period;
        Value = transit;
        for (var i = 0; i < Buckets; i++)
            if (_period[i] > period - Buckets) Value = Math.Min(Value, _least[i]);
    }
}
