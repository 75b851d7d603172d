namespace Softphone.Audio;

/// <summary>
/// What is left of speech when level, phase and fine structure are taken away, because codecs and jitter buffers change those: the
/// loudness in dB of 16 bands of the telephone range, every 10 ms.
/// </summary>
internal sealed class SpeechFeatures
{
    public const int Bands = 16;
    public const int Hop = 480;

    private const int Window = 1024;
    private const double LowestHertz = 200;
    private const double HighestHertz = 3_400;

    /// <summary>What lies more than this below the loudest moment is silence, in dB.</summary>
    private const float Range = 45;

    private readonly float[] _loudness;

    // Running sums of each band and of all squares, so that the variance of any stretch costs one look at each.
    private readonly double[] _sums;
    private readonly double[] _squares;

    private SpeechFeatures(float[] loudness, float peak)
    {
        _loudness = loudness;
        _sums = new double[loudness.Length + Bands];
        _squares = new double[loudness.Length / Bands + 1];
        Peak = peak;
        for (var i = 0; i < loudness.Length; i++) _sums[i + Bands] = _sums[i] + loudness[i];
        for (var frame = 0; frame < Frames; frame++)
        {
            _squares[frame + 1] = _squares[frame];
            foreach (var db in Rows(frame, 1)) _squares[frame + 1] += (double)db * db;
        }
    }

    public int Frames => _loudness.Length / Bands;

    /// <summary>The loudest band at the loudest moment, in dB relative to a full-scale sine.</summary>
    public float Peak { get; }

    /// <summary>The bands of some frames, frame after frame.</summary>
    public ReadOnlySpan<float> Rows(int start, int count) => _loudness.AsSpan(start * Bands, count * Bands);

    /// <summary>How much the bands vary over some frames: the sum of the squares of what differs from their mean.</summary>
    public double EnergyOf(int start, int count)
    {
        var energy = _squares[start + count] - _squares[start];
        for (var band = 0; band < Bands; band++)
        {
            var sum = _sums[(start + count) * Bands + band] - _sums[start * Bands + band];
            energy -= sum * sum / count;
        }

        return energy;
    }

    public static SpeechFeatures Of(ReadOnlySpan<short> pcm48k)
    {
        var frames = Math.Max(0, (pcm48k.Length - Window) / Hop + 1);
        var loudness = new float[frames * Bands];
        var fft = new Fft(Window);
        var (real, imaginary) = (new double[Window], new double[Window]);
        double[] hann = [.. Enumerable.Range(0, Window).Select(i => 0.5 - 0.5 * Math.Cos(Math.Tau * i / Window))];
        var edges = Edges();
        var peak = -200f;
        for (var frame = 0; frame < frames; frame++)
        {
            for (var i = 0; i < Window; i++) real[i] = pcm48k[frame * Hop + i] * hann[i];
            Array.Clear(imaginary);
            fft.Transform(real, imaginary);
            for (var band = 0; band < Bands; band++)
            {
                var power = 0.0;
                for (var bin = edges[band]; bin < edges[band + 1]; bin++) power += real[bin] * real[bin] + imaginary[bin] * imaginary[bin];
                var db = (float)(10 * Math.Log10(power / Math.Pow(short.MaxValue * Window / 4.0, 2) + 1e-20));
                loudness[frame * Bands + band] = db;
                peak = Math.Max(peak, db);
            }
        }

        foreach (ref var db in loudness.AsSpan()) db = Math.Max(db, peak - Range);
        return new SpeechFeatures(Smooth(loudness), peak);
    }

    /// <summary>The mean of three frames: a stretch of a few milliseconds must not matter.</summary>
    private static float[] Smooth(float[] loudness)
    {
        var smooth = (float[])loudness.Clone();
        for (var i = Bands; i < loudness.Length - Bands; i++) smooth[i] = (loudness[i - Bands] + loudness[i] + loudness[i + Bands]) / 3;
        return smooth;
    }

    /// <summary>Bands of equal width on the mel scale, at least one bin each.</summary>
    private static int[] Edges()
    {
        static double Mel(double hertz) => 2595 * Math.Log10(1 + hertz / 700);
        var edges = new int[Bands + 1];
        for (var i = 0; i <= Bands; i++)
        {
            var mel = Mel(LowestHertz) + (Mel(HighestHertz) - Mel(LowestHertz)) * i / Bands;
            var bin = (int)Math.Round(700 * (Math.Pow(10, mel / 2595) - 1) * Window / 48_000);
            edges[i] = i == 0 ? bin : Math.Max(bin, edges[i - 1] + 1);
        }

        return edges;
    }
}
