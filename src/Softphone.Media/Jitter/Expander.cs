namespace Softphone.Media;

/// <summary>
/// Goes on where the audio stopped: repeats the last pitch period, fades it out within 120 ms and leaves comfort noise at the level of
/// the background, which itself is gone after two seconds.
/// </summary>
internal sealed class Expander
{
    /// <summary>How much of the past is kept, 40 ms.</summary>
    private const int Past = 1920;

    private const int Hold = 10 * 48;
    private const int Silent = 120 * 48;
    private const int Gone = 2000 * 48;

    private readonly short[] _past = new short[Past];
    private readonly short[] _period = new short[Stretch.MaxLag];
    private double _background = 8;
    private int _lag;
    private int _at;
    private int _run;
    private uint _chance = 1;

    /// <summary>Whether what was last heard was made by this.</summary>
    public bool IsOn { get; private set; }

    /// <summary>Level of the background, as RMS.</summary>
    public double Background => _background;

    /// <summary>What was really heard last.</summary>
    public void Hear(ReadOnlySpan<short> pcm)
    {
        if (pcm.IsEmpty) return;
        IsOn = false;
        Remember(pcm);
        var level = Stretch.Rms(pcm);
        _background = level < _background ? level : Math.Min(200, _background * 1.004 + 0.01);
    }

    /// <summary>Makes up the next samples.</summary>
    public void Next(Span<short> pcm)
    {
        if (!IsOn) Begin();
        var made = Math.Min(pcm.Length, Gone - _run);
        var (run, at, chance) = (_run, _at, _chance);
        foreach (ref var sample in pcm[..made])
        {
            var gain = run < Hold ? 1.0 : run < Silent ? 1 - (double)(run - Hold) / (Silent - Hold) : 0;
            var noise = (1 - gain) * (1 - (double)run / Gone) * _background * 1.73;
            chance = chance * 1664525 + 1013904223;
            sample = (short)Math.Clamp(gain * _period[at] + noise * ((int)chance / 2147483648.0), short.MinValue, short.MaxValue);
            if (++at == _lag) at = 0;
            run++;
        }

        (_run, _at, _chance) = (run, at, chance);
        pcm[made..].Clear();
    }

    /// <summary>Leads from what is being made up into audio that begins again.</summary>
    public void Lead(Span<short> audio)
    {
        if (!IsOn) Begin();
        Span<short> ahead = stackalloc short[Math.Min(240, audio.Length)];
        Next(ahead);
        Stretch.Fade(ahead, audio[..ahead.Length]);
        IsOn = false;
    }

    private void Begin()
    {
        IsOn = true;
        _run = _at = 0;

        // The end of the past, reversed, is what a forward search at the head expects.
        Span<short> reversed = stackalloc short[2 * Stretch.MaxLag];
        for (var i = 0; i < reversed.Length; i++) reversed[i] = _past[Past - 1 - i];
        _lag = Stretch.FindLag(reversed, Stretch.MaxLag, out var likeness);

        // Noise has no period: repeat the most there is, so that no buzz is heard.
        if (likeness < 0.5) _lag = Stretch.MaxLag;
        _past.AsSpan(Past - _lag).CopyTo(_period);

        // Where the period's end meets its start, the end leads into what stood before the start.
        var seam = Math.Min(_lag / 4, Past - _lag);
        for (var i = 0; i < seam; i++)
        {
            var before = _past[Past - _lag - seam + i];
            ref var end = ref _period[_lag - seam + i];
            end = (short)((end * (seam - i) + before * i) / seam);
        }
    }

    private void Remember(ReadOnlySpan<short> pcm)
    {
        if (pcm.Length >= Past)
        {
            pcm[^Past..].CopyTo(_past);
            return;
        }

        _past.AsSpan(pcm.Length).CopyTo(_past);
        pcm.CopyTo(_past.AsSpan(Past - pcm.Length));
    }
}
