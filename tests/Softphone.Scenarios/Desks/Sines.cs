namespace Softphone.Scenarios;

/// <summary>Finds sines in what was heard.</summary>
internal static class Sines
{
    private const double Rate = 48_000;

    /// <summary>A sine of this frequency is a good part of the sound.</summary>
    public static bool Hears(this short[] pcm, double hertz) => Level(pcm, hertz) > -35;

    /// <summary>Nothing sounds.</summary>
    public static bool IsSilent(this short[] pcm) => pcm.All(s => Math.Abs((int)s) < 100);

    /// <summary>The level of one frequency in dB below the largest sine (Goertzel).</summary>
    public static double Level(short[] pcm, double hertz)
    {
        if (pcm.Length == 0) return -200;
        var coefficient = 2 * Math.Cos(Math.Tau * hertz / Rate);
        double last = 0, before = 0;
        foreach (var sample in pcm)
        {
            var next = sample / 32768.0 + coefficient * last - before;
            (before, last) = (last, next);
        }

        var power = last * last + before * before - coefficient * last * before;
        return 10 * Math.Log10(Math.Max(power, 1e-20) / (pcm.Length / 2.0 * (pcm.Length / 2.0)));
    }
}
