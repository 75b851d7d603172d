namespace Softphone.Media;

/// <summary>
/// Makes speech shorter or longer by whole pitch periods, overlapped so that it does not click (waveform similarity overlap-add), at 48 kHz.
/// </summary>
internal static class Stretch
{
    /// <summary>2.5 ms: the shortest period looked for.</summary>
    public const int MinLag = 120;

    /// <summary>15 ms: the longest.</summary>
    public const int MaxLag = 720;

    private const int Step = 6;

    /// <summary>The lag at which two neighbouring stretches of the signal are most alike, at most half of it long.</summary>
    /// <param name="signal">At least 2 × <paramref name="maxLag"/> samples.</param>
    /// <param name="maxLag">Between <see cref="MinLag"/> and <see cref="MaxLag"/>.</param>
    /// <param name="likeness">Normalised correlation at that lag.</param>
    public static int FindLag(ReadOnlySpan<short> signal, int maxLag, out double likeness)
    {
        // Coarse at 8 kHz, then fine at 48 kHz around the best.
        Span<float> coarse = stackalloc float[2 * MaxLag / Step];
        var length = Math.Min(coarse.Length, signal.Length / Step);
        for (var i = 0; i < length; i++)
        {
            var sum = 0;
            for (var j = 0; j < Step; j++) sum += signal[i * Step + j];
            coarse[i] = sum;
        }

        var best = MinLag / Step;
        var most = double.MinValue;
        for (var lag = MinLag / Step; lag <= Math.Min(maxLag / Step, length / 2); lag++)
        {
            var like = Likeness(coarse[..lag], coarse.Slice(lag, lag));
            if (like <= most) continue;
            most = like;
            best = lag;
        }

        var fine = best * Step;
        likeness = double.MinValue;
        for (var lag = Math.Max(MinLag, best * Step - Step + 1); lag < best * Step + Step && lag <= maxLag; lag++)
        {
            var like = Likeness(signal[..lag], signal.Slice(lag, lag));
            if (like <= likeness) continue;
            likeness = like;
            fine = lag;
        }

        return fine;
    }

    /// <summary>Folds the first two periods into one: the signal then begins <paramref name="lag"/> samples later.</summary>
    public static void Fold(Span<short> signal, int lag)
    {
        for (var i = 0; i < lag; i++) signal[lag + i] = Blend(signal[i], signal[lag + i], i, lag);
    }

    /// <summary>
    /// Repeats the first period: writes it twice into <paramref name="twice"/>, of 2 × lag samples, to be followed by the second period.
    /// </summary>
    public static void Repeat(ReadOnlySpan<short> signal, int lag, Span<short> twice)
    {
        signal[..lag].CopyTo(twice);
        for (var i = 0; i < lag; i++) twice[lag + i] = Blend(signal[lag + i], signal[i], i, lag);
    }

    /// <summary>Goes over from one signal to another of the same length, in place of the latter.</summary>
    public static void Fade(ReadOnlySpan<short> from, Span<short> to)
    {
        for (var i = 0; i < to.Length; i++) to[i] = Blend(from[i], to[i], i, to.Length);
    }

    /// <summary>Root mean square.</summary>
    public static double Rms(ReadOnlySpan<short> signal) =>
        signal.IsEmpty ? 0 : Math.Sqrt((double)Energy.Of(signal) / signal.Length);

    private static short Blend(int from, int to, int at, int of) => (short)((from * (of - at) + to * at) / of);

    private static double Likeness(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double ab = 0, aa = 0, bb = 0;
        for (var i = 0; i < a.Length; i++)
        {
            ab += a[i] * b[i];
            aa += a[i] * a[i];
            bb += b[i] * b[i];
        }

        return ab / Math.Sqrt(aa * bb + 1);
    }

    private static double Likeness(ReadOnlySpan<short> a, ReadOnlySpan<short> b)
    {
        long ab = 0, aa = 0, bb = 0;
        for (var i = 0; i < a.Length; i++)
        {
            ab += a[i] * b[i];
            aa += a[i] * a[i];
            bb += b[i] * b[i];
        }

        return ab / Math.Sqrt((double)aa * bb + 1);
    }
}
