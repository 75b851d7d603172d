namespace Softphone.Audio;

/// <summary>
/// The phone's end of a microphone: frames of the phone's clock out of the ring that the device fills by its own. The rate follows the
/// device; when nothing comes, the frames are silent and the call goes on; when another device takes over, the two are faded across.
/// Allocates nothing for a frame.
/// </summary>
internal sealed class CaptureSide(VoiceChain? voice = null) : IAudioSource, IDeviceEnd, IDisposable
{
    private const double Rate = Pcm.Rate;

    /// <summary>More than this above the target is thrown away at once: the phone, or the device, was stopped for a while.</summary>
    private const int Excess = 4800;

    /// <summary>An interruption of more frames than this is the device's absence, not its jitter.</summary>
    private const int JitterFrames = 5;

    private readonly short[] _staged = new short[1024];
    private readonly short[] _before = new short[VoiceChain.Block];
    private readonly DriftSteering _steering = new();
    private readonly Cushion _cushion = new();
    private readonly Surplus _surplus = new();
    private readonly RateTrim _trim = new();
    private SampleRing? _attached;
    private SampleRing? _ring;
    private long _dropped;
    private int _stagedCount;
    private int _stagedAt;
    private int _waited = JitterFrames + 1;
    private bool _isFilling = true;
    private short _last;

    /// <summary>Samples between the device and the phone.</summary>
    public int Level => (_ring?.Count ?? 0) + _stagedCount;

    public void Attach(SampleRing? ring) => Volatile.Write(ref _attached, ring);

    public bool HasTaken(SampleRing ring) => ReferenceEquals(Volatile.Read(ref _ring), ring);

    public bool Read(Span<short> pcm48k)
    {
        var seconds = pcm48k.Length / Rate;
        var attached = Volatile.Read(ref _attached);
        if (!ReferenceEquals(attached, _ring)) Change(attached, pcm48k.Length);
        var begins = _isFilling;
        if (_ring is not { } ring || (_isFilling && !Fill(ring, pcm48k.Length)))
        {
            Fade.Tail(pcm48k, _last);
            _last = 0;
            return true;
        }

        var dropped = ring.Dropped - _dropped;
        _dropped += dropped;
        voice?.MicrophoneLost(dropped);
        // What waits when a frame is about to be read: the frame, and the cushion.
        var target = pcm48k.Length + _cushion.Samples;
        var above = Level - target;
        if (_surplus.Observe(above, seconds) is var drop && (drop > 0 || above > Excess))
        {
            FadeAcross(ring, ring, Math.Max(drop, above > Excess ? above : 0));
            _steering.Restart();
            _surplus.Restart();
        }

        _steering.Observe(Level, target, seconds);
        _trim.Follow(_steering.Correction, seconds);
        var written = 0;
        while (written < pcm48k.Length)
        {
            if (_stagedCount == 0)
            {
                _stagedAt = 0;
                _stagedCount = Stage(ring, pcm48k.Length - written + 8);
                if (_stagedCount == 0) break;
            }

            written += _trim.Process(_staged.AsSpan(_stagedAt, _stagedCount), pcm48k[written..], out var consumed);
            _stagedAt += consumed;
            _stagedCount -= consumed;
        }

        if (begins) Fade.In(pcm48k[..written]);
        if (written == pcm48k.Length)
        {
            _last = pcm48k[^1];
            _cushion.WentWell(seconds);
            return true;
        }

        Fade.Tail(pcm48k[written..], written > 0 ? pcm48k[written - 1] : _last);
        (_isFilling, _waited, _last) = (true, 0, 0);
        return true;
    }

    public void Dispose() => _trim.Dispose();

    /// <summary>Another device: at once when nothing is heard of the old one, else as soon as the new one has enough for a frame.</summary>
    private void Change(SampleRing? attached, int frame)
    {
        if (_ring is { } old && attached is not null && !_isFilling)
        {
            var wanted = frame + _cushion.Samples + _before.Length;
            // A device that died while another comes gives nothing to fade from; waiting for the new one is then the same as filling.
            if (attached.Count < wanted && Level >= frame) return;
            if (attached.Count >= wanted)
            {
                attached.Skip(attached.Count - wanted);
                voice?.Begin();
                FadeAcross(old, attached, 0);
                _surplus.Restart();
                _dropped = attached.Dropped;
                Volatile.Write(ref _ring, attached);
                _steering.Forget();
                return;
            }
        }

        _stagedCount = 0;
        (_isFilling, _waited, _dropped) = (true, JitterFrames + 1, attached?.Dropped ?? 0);
        voice?.Begin();
        Volatile.Write(ref _ring, attached);
        _steering.Forget();
    }

    /// <summary>Behind what is staged: a stretch in which one goes and the other comes, a device or what is <paramref name="drop"/> samples later.</summary>
    private void FadeAcross(SampleRing old, SampleRing next, int drop)
    {
        if (_stagedCount > _staged.Length - _before.Length) return;
        _staged.AsSpan(_stagedAt, _stagedCount).CopyTo(_staged);
        _stagedAt = 0;
        var count = old.Read(_before);
        Fade.Tail(_before.AsSpan(count), count > 0 ? _before[count - 1] : _last);
        next.Skip(drop - count);
        voice?.MicrophoneLost(drop);
        var mixed = _staged.AsSpan(_stagedCount, _before.Length);
        var waiting = next.Count;
        next.Read(mixed);
        Fade.Across(_before, mixed);
        voice?.Process(mixed, waiting);
        _stagedCount += mixed.Length;
    }

    /// <summary>The echo is taken out by blocks, and only whole ones are.</summary>
    private int Stage(SampleRing ring, int wanted)
    {
        if (voice is null) return ring.Read(_staged.AsSpan(0, Math.Min(_staged.Length, wanted)));
        if (ring.Count < VoiceChain.Block) return 0;
        var block = _staged.AsSpan(0, VoiceChain.Block);
        var waiting = ring.Count;
        ring.Read(block);
        voice.Process(block, waiting);
        return VoiceChain.Block;
    }

    private void Skip(SampleRing ring, int samples)
    {
        samples = Math.Min(samples, ring.Count);
        ring.Skip(samples);
        voice?.MicrophoneLost(samples);
    }

    private bool Fill(SampleRing ring, int frame)
    {
        if (Level < frame + _cushion.Samples)
        {
            if (_waited <= JitterFrames) _waited++;
            return false;
        }

        if (_waited <= JitterFrames) _cushion.RanDry();
        Skip(ring, Level - frame - _cushion.Samples);
        _steering.Restart();
        _surplus.Restart();
        _isFilling = false;
        return true;
    }
}
