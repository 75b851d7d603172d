using Softphone.Audio;

namespace Softphone.Interop;

/// <summary>Judges recordings: was this speech, or this tone, really heard?</summary>
internal static class Recording
{
    /// <summary>Speech that went through Opus and a jitter buffer scores above this, other speech below.</summary>
    public const double Threshold = SpeechMatch.Threshold;

    private const int Rate = 48_000;

    public static double Match(string played, string recorded)
    {
        if (!File.Exists(recorded)) return 0;
        return SpeechMatch.Find(WavFile.Load(played), WavFile.Load(recorded)).Score;
    }

    /// <summary>Share of the loudest second's energy that lies at this frequency, 0 to 1 (Goertzel).</summary>
    public static double ToneShare(string recorded, double hertz)
    {
        if (!File.Exists(recorded)) return 0;
        var samples = WavFile.Load(recorded);
        if (samples.Length < Rate / 2) return 0;
        var length = Math.Min(Rate, samples.Length);
        var best = 0;
        double loudest = -1;
        for (var at = 0; at + length <= samples.Length; at += Rate / 4)
        {
            double level = 0;
            for (var i = at; i < at + length; i += 7) level += Math.Abs((double)samples[i]);
            if (level <= loudest) continue;
            (loudest, best) = (level, at);
        }

        return Share(samples.AsSpan(best, length), hertz);
    }

    /// <summary>
    /// Which of these tones a recording has one after the other, such as "1000 440": each for half a second at least, whatever else was
    /// between them, and one that goes on or comes again after silence is told once.
    /// </summary>
    public static string Tones(string recorded, params ReadOnlySpan<double> hertz)
    {
        if (!File.Exists(recorded)) return "";
        const int window = 12_000;
        var samples = WavFile.Load(recorded);
        var heard = new List<double>();
        double last = 0;
        for (var at = 0; at + window <= samples.Length; at += window)
        {
            var part = samples.AsSpan(at, window);
            double found = 0;
            if (Loudness(part) > 100)
            {
                foreach (var tone in hertz)
                    if (Share(part, tone) > 0.5) found = tone;
            }

            if (found != 0 && found == last && heard.LastOrDefault() != found) heard.Add(found);
            last = found;
        }

        return string.Join(' ', heard);
    }

    private static double Loudness(ReadOnlySpan<short> samples)
    {
        double sum = 0;
        foreach (var sample in samples) sum += (double)sample * sample;
        return Math.Sqrt(sum / samples.Length);
    }

    private static double Share(ReadOnlySpan<short> samples, double hertz)
    {
        double s1 = 0, s2 = 0, energy = 0;
        var c = 2 * Math.Cos(2 * Math.PI * hertz / Rate);
        foreach (var sample in samples)
        {
            double x = sample;
            energy += x * x;
            (s1, s2) = (x + c * s1 - s2, s1);
        }

        return energy == 0 ? 0 : 2 * (s1 * s1 + s2 * s2 - c * s1 * s2) / (samples.Length * energy);
    }
}
