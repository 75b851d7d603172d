namespace Softphone.Audio;

/// <summary>
/// The phone's end of a loudspeaker: frames of the phone's clock into the ring that the device empties by its own. The rate follows the
/// device; when the device takes nothing, what is too much is thrown away; when another device takes over, the old one fades out and
/// the new one in. Allocates nothing for a frame.
/// </summary>
internal sealed class PlayoutSide(VoiceChain? voice = null) : IAudioSink, IDeviceEnd, IDisposable
{
    private const double Rate = Pcm.Rate;

    private const int Excess = 4800;

    /// <summary>Silence of more samples than this is a pause of the phone's, not jitter.</summary>
    private const int JitterSamples = 4800;

    private readonly short[] _resampled = new short[2048];
    private readonly short[] _lasts = new short[Fade.Length];
    private readonly DriftSteering _steering = new();
    private readonly Cushion _cushion = new();
    private readonly Surplus _surplus = new();
    private readonly RateTrim _trim = new();
    private SampleRing? _attached;
    private SampleRing? _ring;
    private SampleRing? _leaving;
    private long _starved;
    private int _drop;
    private bool _started;

    /// <summary>Samples between the phone and the device.</summary>
    public int Level => _ring?.Count ?? 0;

    /// <summary>It plays, or would if it had something to.</summary>
    public bool IsRunning => _started;

    /// <summary>Samples until the device plays what is written next; below zero when it has already made up some in their place.</summary>
    public long Ahead => _ring is { } ring ? ring.Count - (ring.Starved - _starved) : 0;

    public void Attach(SampleRing? ring) => Volatile.Write(ref _attached, ring);

    public bool HasTaken(SampleRing ring) => ReferenceEquals(Volatile.Read(ref _ring), ring);

    public void Write(ReadOnlySpan<short> pcm48k)
    {
        while (pcm48k.Length > 960)
        {
            Write(pcm48k[..960]);
            pcm48k = pcm48k[960..];
        }

        var attached = Volatile.Read(ref _attached);
        if (!ReferenceEquals(attached, _ring)) Change(attached);
        if (_ring is not { } ring) return;
        var seconds = pcm48k.Length / Rate;
        var starved = ring.Starved - _starved;
        _starved += starved;
        if (_started) voice?.SpeakerStarved(starved);
        var begins = starved > 0 || !_started;
        if (begins)
        {
            if (_started && starved < JitterSamples) _cushion.RanDry();
            Pad(ring, _cushion.Samples - ring.Count);
            _started = true;
            _drop = 0;
            _steering.Restart();
            _surplus.Restart();
        }
        else
        {
            _cushion.WentWell(seconds);
        }

        if (ring.Count > _cushion.Samples + Excess) return;
        var consumed = 0;
        while (consumed < pcm48k.Length)
        {
            var written = _trim.Process(pcm48k[consumed..], _resampled, out var taken);
            if (taken == 0 && written == 0) break;
            if (_drop >= Fade.Length && written >= 2 * Fade.Length) written = Shorten(written);
            if (_leaving is not null && written > 0) Leave(written);
            if (begins) Fade.In(_resampled.AsSpan(0, written));
            begins &= written == 0;
            consumed += taken;
            Put(ring, written);
        }

        // What waits when a frame has just been written: the frame, and the cushion.
        _steering.Observe(ring.Count, pcm48k.Length + _cushion.Samples, seconds);
        _trim.Follow(_steering.Correction, seconds);
        if (_drop < Fade.Length && _surplus.Observe(ring.Count - pcm48k.Length - _cushion.Samples, seconds) is > 0 and var drop) _drop = drop;
    }

    public void Dispose() => _trim.Dispose();

    private void Change(SampleRing? attached)
    {
        _leaving = _started && attached is not null ? _ring : null;
        _started = false;
        _starved = attached?.Starved ?? 0;
        voice?.Begin();
        _steering.Forget();
        Volatile.Write(ref _ring, attached);
    }

    /// <summary>The old device plays the beginning of what the new one plays behind its cushion, fading.</summary>
    private void Leave(int count)
    {
        var lasts = _lasts.AsSpan(0, Math.Min(count, _lasts.Length));
        _resampled.AsSpan(0, lasts.Length).CopyTo(lasts);
        Fade.Out(lasts);
        _leaving!.Write(lasts);
        _leaving = null;
    }

    /// <summary>Takes a stretch out of what was resampled, fading over it.</summary>
    private int Shorten(int count)
    {
        var cut = Math.Min(_drop, count - Fade.Length);
        _resampled.AsSpan(0, Fade.Length).CopyTo(_lasts);
        _resampled.AsSpan(cut, count - cut).CopyTo(_resampled);
        Fade.Across(_lasts, _resampled.AsSpan(0, Fade.Length));
        _drop -= cut;
        if (_drop < Fade.Length) _steering.Restart();
        return count - cut;
    }

    private void Pad(SampleRing ring, int samples)
    {
        var silence = _resampled.AsSpan();
        silence.Clear();
        while (samples > 0)
        {
            var part = Math.Min(samples, silence.Length);
            if (Put(ring, part) < part) return;
            samples -= part;
        }
    }

    /// <summary>To the device, from the beginning of what was resampled; the microphone's echo is made of exactly that.</summary>
    private int Put(SampleRing ring, int count)
    {
        var taken = ring.Write(_resampled.AsSpan(0, count));
        voice?.Heard(_resampled.AsSpan(0, taken));
        return taken;
    }
}
