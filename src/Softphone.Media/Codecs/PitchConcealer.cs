namespace Softphone.Media;

/// <summary>
/// Fills a gap by repeating the last pitch period, as the appendix I of G.711 suggests: the period is found by correlation, its ends
/// are blended so that it repeats without a click, and it fades to silence within 60 ms because repeating longer sounds like a
/// machine. The first samples after the gap are cross-faded with the repetition.
/// </summary>
internal sealed class PitchConcealer
{
    private const int FadeStartMs = 10;
    private const int FadeEndMs = 60;

    private readonly int _rate;
    private readonly int _shortestLag;
    private readonly int _longestLag;
    private readonly int _overlap;
    private readonly short[] _history;
    private readonly short[] _cycle;
    private int _lag;
    private int _made;
    private float _jump;

    public PitchConcealer(int rate)
    {
        _rate = rate;
        _shortestLag = rate / 400;
        _longestLag = rate * 15 / 1000;
        _overlap = rate * 4 / 1000;
        _history = new short[rate * 40 / 1000];
        _cycle = new short[_longestLag];
    }

    /// <summary>Real samples. After a gap their beginning is blended with what was made up.</summary>
    public void Take(Span<short> pcm)
    {
        if (_lag > 0)
        {
            var blend = Math.Min(_overlap, pcm.Length);
            for (var i = 0; i < blend; i++)
            {
                var weight = (i + 1f) / (blend + 1);
                pcm[i] = (short)(weight * pcm[i] + (1 - weight) * Next());
            }

            _lag = 0;
        }

        Remember(pcm);
    }

    /// <summary>Made-up samples for a gap, or the next part of one.</summary>
    public void Make(Span<short> pcm)
    {
        if (_lag == 0) Begin();
        foreach (ref var sample in pcm) sample = Next();
    }

    private void Begin()
    {
        _lag = FindLag();
        _made = 0;
        var end = _history.Length;
        _history.AsSpan(end - _lag).CopyTo(_cycle);

        // The period must run into its own beginning: its last quarter becomes that of the period before.
        var quarter = _lag / 4;
        for (var i = 0; i < quarter; i++)
        {
            var weight = (i + 1f) / (quarter + 1);
            _cycle[_lag - quarter + i] = (short)((1 - weight) * _history[end - quarter + i] + weight * _history[end - _lag - quarter + i]);
        }

        _jump = _history[end - 1] - _history[end - _lag - 1];
    }

    private short Next()
    {
        var sample = (float)_cycle[_made % _lag];
        var quarter = _lag / 4;
        if (_made < quarter) sample += _jump * (1 - (_made + 1f) / quarter);
        var milliseconds = _made * 1000f / _rate;
        var gain = milliseconds < FadeStartMs ? 1 : Math.Max(0, (FadeEndMs - milliseconds) / (FadeEndMs - FadeStartMs));
        if (gain > 0) _made++;
        return (short)Math.Clamp(sample * gain, short.MinValue, short.MaxValue);
    }

    private int FindLag()
    {
        var end = _history.Length;
        var window = end - _longestLag - _longestLag / 4;
        var recent = _history.AsSpan(end - window);
        var best = _longestLag;
        var bestScore = 0.0;
        for (var lag = _shortestLag; lag <= _longestLag; lag++)
        {
            var before = _history.AsSpan(end - window - lag, window);
            double product = 0, energy = 1;
            for (var i = 0; i < window; i++)
            {
                product += recent[i] * (double)before[i];
                energy += before[i] * (double)before[i];
            }

            if (product <= 0) continue;
            var score = product * product / energy;

            // A multiple of the period matches as well; the shortest of equals is the period.
            if (score <= bestScore * 1.05) continue;
            bestScore = score;
            best = lag;
        }

        return best;
    }

    private void Remember(ReadOnlySpan<short> pcm)
    {
        var kept = Math.Max(0, _history.Length - pcm.Length);
        _history.AsSpan(_history.Length - kept).CopyTo(_history);
        pcm[Math.Max(0, pcm.Length - _history.Length)..].CopyTo(_history.AsSpan(kept));
    }
}
