namespace Softphone.Audio;

/// <summary>
/// The phone's end of a loudspeaker: frames of the phone's clock into the ring that the device empties by its own. The rate follows the
/// device; when the device takes nothing, what is too much is thrown away. Allocates nothing for a frame.
/// </summary>
internal sealed class PlayoutSide : IAudioSink, IDisposable
{
    private const double Rate = 48_000;

    private const int Excess = 4800;

    /// <summary>Silence of more samples than this is a pause of the phone's, not jitter.</summary>
    private const int JitterSamples = 4800;

    private readonly short[] _resampled = new short[2048];
    private readonly DriftSteering _steering = new();
    private readonly Cushion _cushion = new();
    private readonly RateTrim _trim = new();
    private long _starved;
    private bool _started;

    public SampleRing Ring { get; } = new(1 << 14);

    /// <summary>Samples between the phone and the device.</summary>
    public int Level => Ring.Count;

    /// <summary>What the device's clock is off the phone's, with the sign turned: 100 ppm is 0.0001.</summary>
    public double Drift => _steering.Correction;

    public void Write(ReadOnlySpan<short> pcm48k)
    {
        while (pcm48k.Length > 960)
        {
            Write(pcm48k[..960]);
            pcm48k = pcm48k[960..];
        }

        var seconds = pcm48k.Length / Rate;
        var starved = Ring.Starved - _starved;
        _starved += starved;
        if (starved > 0 || !_started)
        {
            if (_started && starved < JitterSamples) _cushion.RanDry();
            Pad(_cushion.Samples - Ring.Count);
            _started = true;
            _steering.Restart();
        }
        else
        {
            _cushion.WentWell(seconds);
        }

        if (Ring.Count > _cushion.Samples + Excess) return;
        var consumed = 0;
        while (consumed < pcm48k.Length)
        {
            var written = _trim.Process(pcm48k[consumed..], _resampled, out var taken);
            if (taken == 0 && written == 0) break;
            consumed += taken;
            Ring.Write(_resampled.AsSpan(0, written));
        }

        // What waits when a frame has just been written: the frame, and the cushion.
        _steering.Observe(Ring.Count, pcm48k.Length + _cushion.Samples, seconds);
        _trim.Follow(_steering.Correction, seconds);
    }

    public void Dispose() => _trim.Dispose();

    private void Pad(int samples)
    {
        var silence = _resampled.AsSpan();
        silence.Clear();
        while (samples > 0)
        {
            var part = Math.Min(samples, silence.Length);
            if (Ring.Write(silence[..part]) < part) return;
            samples -= part;
        }
    }
}
