namespace Softphone.Media;

/// <summary>Decoded samples that wait to be pulled, always contiguous. Fixed in size.</summary>
internal sealed class SampleQueue
{
    private readonly short[] _samples;
    private int _start;

    public SampleQueue(int capacity) => _samples = new short[capacity];

    public int Count { get; private set; }

    public int Free => _samples.Length - Count;

    public Span<short> Samples => _samples.AsSpan(_start, Count);

    /// <summary>Room behind the last sample; <see cref="Commit"/> tells how much of it was used.</summary>
    public Span<short> Reserve(int samples)
    {
        if (_start + Count + samples > _samples.Length)
        {
            Samples.CopyTo(_samples);
            _start = 0;
        }

        return _samples.AsSpan(_start + Count, samples);
    }

    public void Commit(int samples) => Count += samples;

    public void Drop(int samples)
    {
        _start += samples;
        Count -= samples;
    }

    public void Clear() => _start = Count = 0;
}
