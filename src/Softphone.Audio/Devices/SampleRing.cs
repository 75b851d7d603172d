namespace Softphone.Audio;

/// <summary>
/// Samples from one thread to another without a lock: one writes, one reads. It is all that an audio callback touches; it never
/// allocates and never waits.
/// </summary>
public sealed class SampleRing
{
    private readonly short[] _samples;
    private readonly int _mask;
    private long _written;
    private long _read;
    private long _starved;
    private long _dropped;
    private short _last;

    /// <param name="capacity">Samples; rounded up to a power of two.</param>
    public SampleRing(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _samples = new short[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)capacity)];
        _mask = _samples.Length - 1;
    }

    /// <summary>Samples that wait to be read.</summary>
    public int Count => (int)(Volatile.Read(ref _written) - Volatile.Read(ref _read));

    public int Capacity => _samples.Length;

    /// <summary>Samples that <see cref="ReadOrSilence"/> had to make up, since the start.</summary>
    public long Starved => Volatile.Read(ref _starved);

    /// <summary>Samples that <see cref="Write"/> had no room for, since the start.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Takes what fits; the writer's.</summary>
    /// <returns>Samples taken.</returns>
    public int Write(ReadOnlySpan<short> samples)
    {
        var count = Math.Min(samples.Length, _samples.Length - Count);
        var at = (int)(_written & _mask);
        var first = Math.Min(count, _samples.Length - at);
        samples[..first].CopyTo(_samples.AsSpan(at));
        samples[first..count].CopyTo(_samples);
        Volatile.Write(ref _written, _written + count);
        if (count < samples.Length) Volatile.Write(ref _dropped, _dropped + samples.Length - count);
        return count;
    }

    /// <summary>Gives what there is; the reader's.</summary>
    /// <returns>Samples given.</returns>
    public int Read(Span<short> samples)
    {
        var count = Math.Min(samples.Length, Count);
        var at = (int)(_read & _mask);
        var first = Math.Min(count, _samples.Length - at);
        _samples.AsSpan(at, first).CopyTo(samples);
        _samples.AsSpan(0, count - first).CopyTo(samples[first..]);
        Volatile.Write(ref _read, _read + count);
        return count;
    }

    /// <summary>As <see cref="Read"/>, with silence where there is nothing, and no click where it begins: what a loudspeaker wants.</summary>
    public void ReadOrSilence(Span<short> samples)
    {
        var count = Read(samples);
        Fade.Tail(samples[count..], count > 0 ? samples[count - 1] : _last);
        if (samples.Length > 0) _last = samples[^1];
        if (count < samples.Length) Volatile.Write(ref _starved, _starved + samples.Length - count);
    }

    /// <summary>Drops the oldest; the reader's.</summary>
    public void Skip(int count) => Volatile.Write(ref _read, _read + Math.Clamp(count, 0, Count));
}
