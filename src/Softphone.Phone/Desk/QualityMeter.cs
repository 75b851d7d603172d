using Softphone.Media;

namespace Softphone.Phone;

/// <summary>The last minute of one call, a value a second: each is of that second alone, not of the call until then.</summary>
internal sealed class QualityMeter
{
    private readonly List<double> _mos = new(QualityHistory.Seconds);
    private readonly List<double> _loss = new(QualityHistory.Seconds);
    private readonly List<double> _jitter = new(QualityHistory.Seconds);
    private readonly List<double> _rtt = new(QualityHistory.Seconds);
    /// <summary>Accounts of the last minute and of the second before it: the stretch that the figures are of is between the first and the last.</summary>
    private readonly Queue<MediaStatistics?> _accounts = new(QualityHistory.Seconds + 1);
    private MediaStatistics? _last;

    /// <summary>Immutable; the same object for a second.</summary>
    public QualityHistory History { get; private set; } = QualityHistory.Empty;

    /// <summary>A second has passed.</summary>
    public void Add(MediaStatistics? now)
    {
        var second = now is null ? default : MediaQuality.Of(_last, now);
        var isFlowing = now is not null && now.Rx.Packets > (_last?.Rx.Packets ?? 0);
        Push(_mos, isFlowing ? second.Mos ?? double.NaN : double.NaN);
        Push(_loss, second.LossPercent ?? double.NaN);
        Push(_jitter, isFlowing ? now!.Rx.JitterMs : double.NaN);
        Push(_rtt, now?.RttMs ?? double.NaN);
        _last = now;
        var minute = now is null ? default : MediaQuality.Of(_accounts.Count > 0 ? _accounts.Peek() : null, now);
        _accounts.Enqueue(now);
        if (_accounts.Count > QualityHistory.Seconds) _accounts.Dequeue();
        History = new QualityHistory([.. _mos], [.. _loss], [.. _jitter], [.. _rtt]) { Minute = minute };
    }

    private static void Push(List<double> values, double value)
    {
        if (values.Count == QualityHistory.Seconds) values.RemoveAt(0);
        values.Add(value);
    }
}
