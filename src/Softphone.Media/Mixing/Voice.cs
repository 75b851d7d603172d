namespace Softphone.Media;

/// <summary>
/// What one talker said last, as numbered frames: a short ring that its talker fills at its own pace and each of its listeners reads at
/// theirs.
/// </summary>
internal sealed class Voice
{
    /// <summary>Frames that are kept; a power of two.</summary>
    public const int Depth = 8;

    private readonly short[] _ring = new short[Depth * Mixer.FrameSamples];

    /// <summary>The number of the next frame; so many came until now.</summary>
    public long Written { get; private set; }

    /// <summary>Where the next frame goes: fill it, then <see cref="Commit"/>.</summary>
    public Span<short> Room => Slot(Written);

    /// <summary>A frame by its number, which must be one of the last <see cref="Depth"/>.</summary>
    public ReadOnlySpan<short> this[long number] => Slot(number);

    public void Commit() => Written++;

    public void Push(ReadOnlySpan<short> frame)
    {
        frame.CopyTo(Room);
        Commit();
    }

    private Span<short> Slot(long number) => _ring.AsSpan((int)(number & (Depth - 1)) * Mixer.FrameSamples, Mixer.FrameSamples);
}
