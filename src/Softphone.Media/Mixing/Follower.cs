namespace Softphone.Media;

/// <summary>
/// One listener's place in a <see cref="Voice"/>. Talker and listener each go by their own phase and jitter. What comes too late is
/// silence, after which the listener stays a frame behind; a frame that waits without need is dropped by a crossfade, in a pause if one
/// comes, so that lag neither grows nor stays.
/// </summary>
internal struct Follower
{
    /// <summary>Frames that may wait at most: 60 ms.</summary>
    private const int MostWaiting = 3;

    /// <summary>
    /// Reads for which a frame must have waited before it is dropped wherever, a fifth of that in a pause. Each time that one is missed
    /// afterwards it takes twice as long.
    /// </summary>
    private const int FirstPatience = 250;
    private const int LongestPatience = 3000;

    /// <summary>Peak of a frame in which a drop is not heard: -50 dBFS.</summary>
    private const int QuietPeak = 100;

    private readonly Voice _voice;
    private long _next;
    private bool _sounds;
    private bool _hurries;
    private int _excessFor;
    private int _patience = FirstPatience;

    public Follower(Voice voice)
    {
        _voice = voice;
        _next = voice.Written;
    }

    /// <summary>Goes on with the next frame that comes.</summary>
    public void Join()
    {
        _next = _voice.Written;
        _sounds = false;
        _excessFor = 0;
    }

    /// <summary>Takes the newest frame next, whatever waits before it.</summary>
    public void Hurry() => _hurries = true;

    /// <summary>The next frame; empty when there is silence.</summary>
    /// <param name="scratch">Where a frame is made that is not one as it came.</param>
    public ReadOnlySpan<short> Take(Span<short> scratch)
    {
        var waiting = _voice.Written - _next;
        if (waiting == 0) return RunDry(scratch);
        if (waiting >= Voice.Depth) Join(keep: 1);
        else if (waiting == 1) _excessFor = 0;
        else if (_hurries) return Drop((int)waiting - 1, scratch);
        else if (waiting > MostWaiting) return Drop((int)waiting - 2, scratch);
        else if (++_excessFor >= _patience || (_excessFor >= _patience / 5 && IsQuiet(_voice[_next]))) return Drop(1, scratch);
        _hurries = false;
        var frame = _voice[_next++];
        if (_sounds) return frame;
        _sounds = true;
        return FadeIn(frame, scratch);
    }

    private void Join(int keep)
    {
        Join();
        _next -= keep;
    }

    /// <summary>The talker is late or gone: the last sound is turned round and dies away, instead of breaking off.</summary>
    private ReadOnlySpan<short> RunDry(Span<short> scratch)
    {
        _excessFor = 0;
        if (!_sounds) return default;
        _sounds = false;
        _patience = Math.Min(2 * _patience, LongestPatience);
        var last = _voice[_next - 1];
        scratch.Clear();
        for (var i = 0; i < Fade.Samples; i++) scratch[i] = (short)(last[^(i + 1)] * (Fade.Samples - i) / Fade.Samples);
        return scratch;
    }

    private ReadOnlySpan<short> Drop(int frames, Span<short> scratch)
    {
        _excessFor = 0;
        _hurries = false;
        var from = _voice[_next];
        var to = _voice[_next + frames];
        _next += frames + 1;
        for (var i = 0; i < scratch.Length; i++) scratch[i] = (short)((from[i] * (scratch.Length - i) + to[i] * i) / scratch.Length);
        if (_sounds) return scratch;
        _sounds = true;
        return FadeIn(scratch, scratch);
    }

    private static ReadOnlySpan<short> FadeIn(ReadOnlySpan<short> frame, Span<short> scratch)
    {
        for (var i = 0; i < Fade.Samples; i++) scratch[i] = (short)(frame[i] * i / Fade.Samples);
        frame[Fade.Samples..].CopyTo(scratch[Fade.Samples..]);
        return scratch;
    }

    private static bool IsQuiet(ReadOnlySpan<short> frame) => !frame.ContainsAnyExceptInRange((short)-QuietPeak, (short)QuietPeak);
}
