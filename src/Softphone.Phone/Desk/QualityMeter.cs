using Softphone.Media;

namespace Softphone.Phone;

/// <summary>The last minute of one call, a value a second: each is of that second alone, not of the call until then.</summary>
internal sealed class QualityMeter
{
    private readonly List<double> _mos = new(QualityHistory.Seconds);
    private readonly List<double> _loss = new(QualityHistory.Seconds);
    private readonly List<double> _jitter = new(QualityHistory.Seconds);
    private readonly List<double> _rtt = new(QualityHistory.Seconds);
    private MediaStatistics? _last;

    /// <summary>Immutable; the same object for a second.</summary>
    public QualityHistory History { get; private set; } = QualityHistory.Empty;

    /// <summary>A second has passed.</summary>
    public void Add(MediaStatistics? now)
    {
        var lost = (now?.Rx.Lost ?? 0) - (_last?.Rx.Lost ?? 0);
        var came = (now?.Rx.Packets ?? 0) - (_last?.Rx.Packets ?? 0);
        var isFlowing = now is not null && came > 0;
        Push(_mos, isFlowing ? Mos(now!, _last) : double.NaN);
        // A packet that comes after it was counted as lost takes the loss of an earlier second back.
        Push(_loss, lost > 0 ? 100.0 * lost / (lost + Math.Max(0, came)) : isFlowing ? 0 : double.NaN);
        Push(_jitter, isFlowing ? now!.Rx.JitterMs : double.NaN);
        Push(_rtt, now?.RttMs ?? double.NaN);
        _last = now;
        History = new QualityHistory([.. _mos], [.. _loss], [.. _jitter], [.. _rtt]);
    }

    /// <summary>By what was made up in this second (G.107).</summary>
    private static double Mos(MediaStatistics now, MediaStatistics? last)
    {
        var pulled = now.Jitter.Pulled - now.Jitter.Idle - (last?.Jitter.Pulled - last?.Jitter.Idle ?? 0);
        if (pulled <= 0) return double.NaN;
        var concealed = 100.0 * (now.Jitter.Concealed - (last?.Jitter.Concealed ?? 0)) / pulled;
        var codec = CodecImpairment.Of(now.ReceiveCodec.Length > 0 ? now.ReceiveCodec : now.Codec, 32_000);
        return EModel.Mos(EModel.Rating((now.RttMs ?? 0) / 2 + now.PlayoutMs, Math.Clamp(concealed, 0, 100), 1, codec));
    }

    private static void Push(List<double> values, double value)
    {
        if (values.Count == QualityHistory.Seconds) values.RemoveAt(0);
        values.Add(value);
    }
}
