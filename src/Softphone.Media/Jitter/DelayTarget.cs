namespace Softphone.Media;

/// <summary>
/// How long the jitter buffer should hold audio back: a quantile of the relative delays seen, kept in a histogram of 2.5 ms steps that forgets.
/// In samples at 48 kHz.
/// </summary>
internal sealed class DelayTarget
{
    private const int Bucket = 120;
    private const int Buckets = 400;
    private const int Margin = Bucket + 240;
    private const int Young = 27;
    private const int Start = 40 * 48;

    private readonly double[] _weights = new double[Buckets];
    private readonly double _quantile;
    private readonly long _window;
    private readonly double _memory;
    private readonly long _minimum;
    private readonly long _maximum;
    private long _windowStart;
    private long _worst;
    private bool _open;
    private int _count;
    private long _value;

    public DelayTarget(JitterOptions options)
    {
        (_quantile, _window, _memory) = options.Profile switch
        {
            JitterProfile.Interactive => (0.97, 0L, 0.998),
            JitterProfile.Robust => (0.95, 300 * 48L, 0.98),
            _ => (0.95, 150 * 48L, 0.985),
        };
        _minimum = (long)(options.Minimum.TotalMilliseconds * 48);
        _maximum = Math.Max(_minimum, (long)(options.Maximum.TotalMilliseconds * 48));
        Clear();
    }

    /// <summary>Never below this, while forward error correction needs the next packet in time.</summary>
    public long Floor { get; set; }

    /// <summary>What pulls longer than 10 ms need on top: their last sample is asked for that much earlier.</summary>
    public long Headroom { get; set; }

    public long Maximum => _maximum;

    public long Value => Math.Min(_maximum, Math.Max(Floor, _value) + Headroom);

    public void Clear()
    {
        Array.Clear(_weights);
        _count = 0;
        _open = false;
        _value = Math.Clamp(Start, _minimum, _maximum);
    }

    /// <summary>A packet came this much later than the fastest one.</summary>
    public void Observe(long arrival, long relative)
    {
        if (!_open)
        {
            _open = true;
            _windowStart = arrival;
            _worst = 0;
        }

        _worst = Math.Max(_worst, relative);
        var age = arrival - _windowStart;

        // A delay past the target is learnt early, a calm stretch only when its window is over.
        if (age < _window && (age < _window / 3 || _worst <= _value)) return;
        _open = false;
        Learn(_worst);
    }

    private void Learn(long delay)
    {
        var memory = Math.Min(_memory, 1 - 1 / (_count + 1.5));
        _count++;
        foreach (ref var weight in _weights.AsSpan()) weight *= memory;
        _weights[(int)Math.Clamp(delay / Bucket, 0, Buckets - 1)] += 1 - memory;
        double total = 0;
        foreach (var weight in _weights) total += weight;
        double sum = 0;
        var at = 0;
        for (; at < Buckets - 1; at++)
        {
            sum += _weights[at];
            if (sum >= _quantile * total) break;
        }

        // While little is known two steps more: the quantile lags behind a delay that grows.
        _value = Math.Clamp((long)at * Bucket + Margin + (_count < Young ? 2 * Bucket : 0), _minimum, _maximum);
    }
}
