using Softphone.Media;

namespace Softphone.Lab;

/// <summary>A loudspeaker that remembers: the last seconds of what was written to it.</summary>
public sealed class AudioMemory : IAudioSink, IDisposable
{
    private const int Rate = Pcm.Rate;

    private readonly short[] _ring;
    private long _written;

    /// <param name="seconds">How much it keeps.</param>
    public AudioMemory(int seconds = 5) => _ring = new short[seconds * Rate];

    /// <summary>Samples written so far, at 48 kHz.</summary>
    public long Written => _written;

    /// <summary>Nothing will be written any more, and somebody said so.</summary>
    public bool IsClosed { get; private set; }

    public void Write(ReadOnlySpan<short> pcm48k)
    {
        foreach (var sample in pcm48k) _ring[_written++ % _ring.Length] = sample;
    }

    /// <summary>The newest of what was written, oldest sample first; shorter when less is there.</summary>
    public short[] Last(TimeSpan time)
    {
        var count = (int)Math.Min(Math.Min((long)(time.TotalSeconds * Rate), _ring.Length), _written);
        var last = new short[count];
        for (var i = 0; i < count; i++) last[i] = _ring[(_written - count + i) % _ring.Length];
        return last;
    }

    public void Dispose() => IsClosed = true;
}
