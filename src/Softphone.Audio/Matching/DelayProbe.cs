using System.Numerics;

namespace Softphone.Audio;

/// <summary>A chirp, and where it is in a recording: how long sound takes from one place to another. Level and room do not matter.</summary>
public static class DelayProbe
{
    /// <summary>Samples in which the chirp is looked for, from when it was played: 1.2 s.</summary>
    public const int Window = 57_600;

    /// <summary>Samples to let the devices settle before it: 0.6 s.</summary>
    public const int Lead = 28_800;

    private const int Rate = Pcm.Rate;
    private const int Length = 4800;
    private const double FromHertz = 400;
    private const double ToHertz = 3000;

    /// <summary>Below this correlation it is something else.</summary>
    private const float Alike = 0.5f;

    /// <summary>A tenth of a second, rising from 400 to 3000 Hz.</summary>
    public static short[] Chirp()
    {
        var chirp = new short[Length];
        for (var i = 0; i < Length; i++)
        {
            var t = i / (double)Rate;
            var phase = 2 * Math.PI * (FromHertz * t + (ToHertz - FromHertz) * t * t * Rate / (2.0 * Length));
            chirp[i] = (short)(12_000 * Math.Sin(Math.PI * i / Length) * Math.Sin(phase));
        }

        return chirp;
    }

    /// <summary>Looks for a sound in a recording.</summary>
    /// <param name="recorded">48 kHz, longer than the sound.</param>
    /// <param name="played">48 kHz.</param>
    /// <param name="at">How long after the start of the recording it begins.</param>
    /// <returns>False when it is not in there.</returns>
    public static bool TryFind(ReadOnlySpan<short> recorded, ReadOnlySpan<short> played, out TimeSpan at)
    {
        at = default;
        if (recorded.Length <= played.Length) return false;
        var (r, p) = (Floats(recorded), Floats(played));
        var energyOfPlayed = Dot(p, p);
        double energy = Dot(r.AsSpan(0, p.Length), r.AsSpan(0, p.Length));
        var (best, place) = (0f, 0);
        for (var i = 0; i + p.Length < r.Length; i++)
        {
            // Silence is like nothing.
            if (energy > p.Length * 10.0)
            {
                var likeness = Math.Abs(Dot(r.AsSpan(i, p.Length), p)) / (float)Math.Sqrt(energy * energyOfPlayed);
                if (likeness > best) (best, place) = (likeness, i);
            }

            energy += r[i + p.Length] * (double)r[i + p.Length] - r[i] * (double)r[i];
        }

        at = TimeSpan.FromSeconds(place / (double)Rate);
        return best >= Alike;
    }

    private static float[] Floats(ReadOnlySpan<short> samples)
    {
        var floats = new float[samples.Length];
        for (var i = 0; i < floats.Length; i++) floats[i] = samples[i];
        return floats;
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = Vector<float>.Zero;
        var i = 0;
        for (; i + Vector<float>.Count <= a.Length; i += Vector<float>.Count) sum += new Vector<float>(a[i..]) * new Vector<float>(b[i..]);
        var total = Vector.Sum(sum);
        for (; i < a.Length; i++) total += a[i] * b[i];
        return total;
    }
}
