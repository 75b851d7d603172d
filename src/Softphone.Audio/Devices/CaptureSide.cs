namespace Softphone.Audio;

/// <summary>
/// The phone's end of a microphone: frames of the phone's clock out of the ring that the device fills by its own. The rate follows the
/// device; when nothing comes, the frames are silent and the call goes on. Allocates nothing for a frame.
/// </summary>
internal sealed class CaptureSide : IAudioSource, IDisposable
{
    private const double Rate = 48_000;

    /// <summary>More than this above the target is thrown away at once: the phone, or the device, was stopped for a while.</summary>
    private const int Excess = 4800;

    /// <summary>An interruption of more frames than this is the device's absence, not its jitter.</summary>
    private const int JitterFrames = 5;

    private readonly short[] _staged = new short[1024];
    private readonly DriftSteering _steering = new();
    private readonly Cushion _cushion = new();
    private readonly RateTrim _trim = new();
    private int _stagedCount;
    private int _stagedAt;
    private int _waited = JitterFrames + 1;
    private bool _isFilling = true;

    public SampleRing Ring { get; } = new(1 << 14);

    /// <summary>Samples between the device and the phone.</summary>
    public int Level => Ring.Count + _stagedCount;

    /// <summary>What the device's clock is off the phone's: 100 ppm is 0.0001.</summary>
    public double Drift => _steering.Correction;

    public bool Read(Span<short> pcm48k)
    {
        var seconds = pcm48k.Length / Rate;
        if (_isFilling && !Fill(pcm48k)) return true;
        // What waits when a frame is about to be read: the frame, and the cushion.
        var target = pcm48k.Length + _cushion.Samples;
        var excess = Level - target - Excess;
        if (excess > 0)
        {
            Ring.Skip(excess + Excess);
            _steering.Restart();
        }

        _steering.Observe(Level, target, seconds);
        _trim.Follow(_steering.Correction, seconds);
        var written = 0;
        while (written < pcm48k.Length)
        {
            if (_stagedCount == 0)
            {
                _stagedAt = 0;
                _stagedCount = Ring.Read(_staged.AsSpan(0, Math.Min(_staged.Length, pcm48k.Length - written + 8)));
                if (_stagedCount == 0) break;
            }

            written += _trim.Process(_staged.AsSpan(_stagedAt, _stagedCount), pcm48k[written..], out var consumed);
            _stagedAt += consumed;
            _stagedCount -= consumed;
        }

        if (written == pcm48k.Length)
        {
            _cushion.WentWell(seconds);
            return true;
        }

        pcm48k[written..].Clear();
        (_isFilling, _waited) = (true, 0);
        return true;
    }

    public void Dispose() => _trim.Dispose();

    private bool Fill(Span<short> pcm48k)
    {
        if (Level < pcm48k.Length + _cushion.Samples)
        {
            pcm48k.Clear();
            if (_waited <= JitterFrames) _waited++;
            return false;
        }

        if (_waited <= JitterFrames) _cushion.RanDry();
        var excess = Level - pcm48k.Length - _cushion.Samples;
        Ring.Skip(excess);
        _steering.Restart();
        _isFilling = false;
        return true;
    }
}
