using Softphone.Audio;

namespace Softphone.Interop;

/// <summary>Judges recordings: was this speech, or this tone, really heard?</summary>
internal static class Recording
{
    /// <summary>Speech that went through Opus and a jitter buffer scores above this, other speech below.</summary>
    public const double Threshold = SpeechMatch.Threshold;

    public static double Match(string played, string recorded)
    {
        if (!File.Exists(recorded)) return 0;
        return SpeechMatch.Find(WavFile.Load(played), WavFile.Load(recorded)).Score;
    }

    /// <summary>Share of the loudest second's energy that lies at this frequency, 0 to 1 (Goertzel).</summary>
    public static double ToneShare(string recorded, double hertz)
    {
        if (!File.Exists(recorded)) return 0;
        const int rate = 48_000;
        var samples = WavFile.Load(recorded);
        if (samples.Length < rate / 2) return 0;
        var length = Math.Min(rate, samples.Length);
        var best = 0;
        double loudest = -1;
        for (var at = 0; at + length <= samples.Length; at += rate / 4)
        {
            double level = 0;
            for (var i = at; i < at + length; i += 7) level += Math.Abs((double)samples[i]);
            if (level <= loudest) continue;
            (loudest, best) = (level, at);
        }

        double s1 = 0, s2 = 0, energy = 0;
        var c = 2 * Math.Cos(2 * Math.PI * hertz / rate);
        for (var i = best; i < best + length; i++)
        {
            double x = samples[i];
            energy += x * x;
            (s1, s2) = (x + c * s1 - s2, s1);
        }

        return energy == 0 ? 0 : 2 * (s1 * s1 + s2 * s2 - c * s1 * s2) / (length * energy);
    }
}
