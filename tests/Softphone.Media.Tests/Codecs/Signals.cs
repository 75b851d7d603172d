namespace Softphone.Media.Tests;

/// <summary>Test signals at 48 kHz, and how alike two signals are.</summary>
internal static class Signals
{
    public static short[] Sine(double hertz, int samples, double amplitude = 8000, int rate = 48_000) =>
        [.. Enumerable.Range(0, samples).Select(i => (short)(amplitude * Math.Sin(2 * Math.PI * hertz * i / rate)))];

    /// <summary>Something like a voice: a pitch of 120 Hz that wanders, with harmonics that fall off.</summary>
    public static short[] Voice(int samples, int rate = 48_000)
    {
        var pcm = new short[samples];
        var phase = 0.0;
        for (var i = 0; i < samples; i++)
        {
            phase += 2 * Math.PI * (120 + 20 * Math.Sin(2 * Math.PI * 1.3 * i / rate)) / rate;
            var value = 0.0;
            for (var harmonic = 1; harmonic <= 20; harmonic++) value += Math.Sin(harmonic * phase) / harmonic;
            pcm[i] = (short)(4000 * value);
        }

        return pcm;
    }

    /// <summary>Signal-to-noise ratio in dB at the best lag and gain up to <paramref name="longestLag"/> samples.</summary>
    public static double Snr(ReadOnlySpan<short> reference, ReadOnlySpan<short> result, int longestLag)
    {
        var best = double.NegativeInfinity;
        var skip = Math.Min(4800, reference.Length / 10);
        for (var lag = 0; lag <= longestLag; lag++)
        {
            double signal = 0, noise = 0;
            for (var i = skip; i < Math.Min(reference.Length, result.Length - lag) - skip; i++)
            {
                double s = reference[i], e = s - result[i + lag];
                signal += s * s;
                noise += e * e;
            }

            best = Math.Max(best, 10 * Math.Log10(signal / Math.Max(noise, 1)));
        }

        return best;
    }

    public static double Rms(ReadOnlySpan<short> pcm)
    {
        var sum = 0.0;
        foreach (var sample in pcm) sum += (double)sample * sample;
        return Math.Sqrt(sum / Math.Max(1, pcm.Length));
    }
}
