namespace Softphone.Audio;

/// <summary>Ramps of 5 ms where sound begins, ends or changes its device: a step in the waveform is heard as a click.</summary>
internal static class Fade
{
    public const int Length = 240;

    /// <summary>Raises the beginning from silence.</summary>
    public static void In(Span<short> samples)
    {
        var length = Math.Min(Length, samples.Length);
        for (var i = 0; i < length; i++) samples[i] = (short)(samples[i] * i / length);
    }

    /// <summary>Lowers the beginning to silence, and what follows is silent.</summary>
    public static void Out(Span<short> samples)
    {
        var length = Math.Min(Length, samples.Length);
        for (var i = 0; i < length; i++) samples[i] = (short)(samples[i] * (length - i) / length);
        samples[length..].Clear();
    }

    /// <summary>Silence after a sample that was not silent.</summary>
    public static void Tail(Span<short> samples, short last)
    {
        var length = last == 0 ? 0 : Math.Min(Length, samples.Length);
        for (var i = 0; i < length; i++) samples[i] = (short)(last * (length - 1 - i) / length);
        samples[length..].Clear();
    }

    /// <summary>From one to the other, in the place of the latter; both of the same length.</summary>
    public static void Across(ReadOnlySpan<short> from, Span<short> to)
    {
        for (var i = 0; i < to.Length; i++) to[i] = (short)((from[i] * (to.Length - i) + to[i] * i) / to.Length);
    }
}
