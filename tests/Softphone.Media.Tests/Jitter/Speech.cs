namespace Softphone.Media.Tests;

/// <summary>Speech-like audio at 48 kHz: gliding pitch with harmonics in syllables, pauses between phrases, faint noise throughout.</summary>
internal static class Speech
{
    public static short Sample(long n)
    {
        var t = n / 48_000.0;
        var noise = ((uint)n * 2654435761 >> 24) / 16.0 - 8;
        var phrase = t % 2.6;
        if (phrase > 1.7) return (short)noise;
        var syllable = phrase % 0.24 / 0.24;
        var envelope = Math.Sin(Math.PI * Math.Min(1, syllable * 1.15));
        var phase = 2 * Math.PI * (130 * t - 12 / (2 * Math.PI * 0.7) * Math.Cos(2 * Math.PI * 0.7 * t));
        var wave = Math.Sin(phase) + 0.6 * Math.Sin(2 * phase) + 0.4 * Math.Sin(3 * phase) + 0.2 * Math.Sin(5 * phase);
        return (short)(4000 * Math.Max(0, envelope) * wave + noise);
    }

    public static void Fill(long from, Span<short> pcm)
    {
        for (var i = 0; i < pcm.Length; i++) pcm[i] = Sample(from + i);
    }
}
