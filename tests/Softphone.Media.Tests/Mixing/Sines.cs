namespace Softphone.Media.Tests;

/// <summary>Sounds that are known again, and what tells them.</summary>
internal static class Sines
{
    private const double Rate = 48_000;
    private const int FirstNumber = 1000;
    private const int Numbers = 10_000;

    /// <summary>A sine of this level, sample by sample. A multiple of 50 Hz is whole in each frame.</summary>
    public static Talk Of(double hertz, double dbfs = -20)
    {
        var amplitude = short.MaxValue * Math.Pow(10, dbfs / 20);
        return (at, frame) =>
        {
            for (var i = 0; i < frame.Length; i++) frame[i] = (short)Math.Round(amplitude * Math.Sin(Math.Tau * hertz * (at + i) / Rate));
        };
    }

    /// <summary>Each frame holds its own number, from 1,000 to 10,999, so that the age of what comes out can be read from it.</summary>
    public static void Numbered(long at, Span<short> frame) => frame.Fill((short)(FirstNumber + at / Mixer.FrameSamples % Numbers));

    /// <summary>How many frames old a numbered frame is, when so many have been said.</summary>
    public static int Age(long said, short sample) => (int)((said - 1 - (sample - FirstNumber) + Numbers) % Numbers);

    public static void Silence(long at, Span<short> frame) => frame.Clear();

    /// <summary>The level of one frequency in dB of a full-scale sine (Goertzel).</summary>
    public static double Level(ReadOnlySpan<short> pcm, double hertz)
    {
        var turn = 2 * Math.Cos(Math.Tau * hertz / Rate);
        double last = 0, before = 0;
        foreach (var sample in pcm) (last, before) = (sample + turn * last - before, last);
        var power = last * last + before * before - turn * last * before;
        return 10 * Math.Log10(Math.Max(power, 1e-9)) + 20 * Math.Log10(2.0 / pcm.Length / short.MaxValue);
    }

    /// <summary>The largest step from a sample to the next.</summary>
    public static int Steepest(ReadOnlySpan<short> pcm)
    {
        var steepest = 0;
        for (var i = 1; i < pcm.Length; i++) steepest = Math.Max(steepest, Math.Abs(pcm[i] - pcm[i - 1]));
        return steepest;
    }

    /// <summary>The largest step of a sine.</summary>
    public static double Slope(double hertz, double dbfs = -20) => short.MaxValue * Math.Pow(10, dbfs / 20) * Math.Tau * hertz / Rate;
}
