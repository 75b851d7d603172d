namespace Softphone.Audio;

/// <summary>
/// Whether a speech that was played on one end was heard on the other. The played speech is cut into pieces; each is looked for in
/// the recording by normalised correlation of its loudness pattern, and the best chain of places is taken, in which the delay may
/// change a little from piece to piece, as a jitter buffer does. Level, codec and delay do not matter; other speech, noise and
/// silence do not match.
/// </summary>
/// <param name="Score">0 nothing alike, 1 the same. A lost part lowers it by its share.</param>
/// <param name="Lag">How long after the start of the recording the speech begins; negative when its beginning is missing.</param>
public readonly record struct SpeechMatch(double Score, TimeSpan Lag)
{
    /// <summary>From here on it is the same speech: other speech stays below a half.</summary>
    public const double Threshold = 0.65;

    private const int Piece = 80;
    private const int Step = 40;

    /// <summary>How many frames of 10 ms the delay may change from one step to the next.</summary>
    private const int Slack = 8;

    /// <summary>How many frames of its beginning a recording may miss, or gain by faster playing.</summary>
    private const int Margin = 150;

    /// <summary>A recording whose loudest moment is below this is silence, in dB of full scale.</summary>
    private const float Silence = -60;

    /// <summary>True when the speech was heard.</summary>
    public bool IsHeard => Score >= Threshold;

    /// <summary>Looks for the speech.</summary>
    /// <param name="played">48 kHz mono, at least 0.8 s with a voice in it.</param>
    /// <param name="recorded">48 kHz mono.</param>
    public static SpeechMatch Find(ReadOnlySpan<short> played, ReadOnlySpan<short> recorded)
    {
        var (reference, found) = (SpeechFeatures.Of(played), SpeechFeatures.Of(recorded));
        if (reference.Frames < Piece || found.Frames < Piece || found.Peak < Silence || reference.Peak < Silence) return default;
        var pieces = (reference.Frames - Piece) / Step + 1;

        // chain[piece][n]: the best sum of scores up to this piece, with the delay n - Margin; from: the delay of the piece before.
        var delays = found.Frames - Piece + 1 + Margin;
        var chain = new double[pieces][];
        var from = new int[pieces][];
        var total = 0.0;
        for (var piece = 0; piece < pieces; piece++)
        {
            var pattern = new Pattern(reference, piece * Step, Piece);
            total += pattern.Energy;
            chain[piece] = new double[delays];
            from[piece] = new int[delays];
            for (var n = 0; n < delays; n++)
            {
                var at = n - Margin + piece * Step;
                if (at >= 0 && at + Piece <= found.Frames) chain[piece][n] = pattern.Energy * Math.Max(0, pattern.CorrelationAt(found, at));
                if (piece == 0) continue;
                from[piece][n] = BestNear(chain[piece - 1], n);
                chain[piece][n] += chain[piece - 1][from[piece][n]];
            }
        }

        var end = Array.IndexOf(chain[^1], chain[^1].Max());
        var score = total > 0 ? Math.Clamp(chain[^1][end] / total, 0, 1) : 0;
        for (var piece = pieces - 1; piece > 0; piece--) end = from[piece][end];
        return new SpeechMatch(score, TimeSpan.FromMilliseconds(10 * (end - Margin)));
    }

    private static int BestNear(double[] scores, int lag)
    {
        var best = lag;
        for (var near = Math.Max(0, lag - Slack); near <= Math.Min(scores.Length - 1, lag + Slack); near++)
            if (scores[near] > scores[best]) best = near;
        return best;
    }

    /// <summary>A piece of the played speech, each band freed of its mean.</summary>
    private sealed class Pattern
    {
        private readonly float[] _values;
        private readonly int _length;

        public Pattern(SpeechFeatures features, int start, int length)
        {
            _length = length;
            _values = new float[length * SpeechFeatures.Bands];
            var rows = features.Rows(start, length);
            for (var band = 0; band < SpeechFeatures.Bands; band++)
            {
                var mean = 0f;
                for (var i = 0; i < length; i++) mean += rows[i * SpeechFeatures.Bands + band] / length;
                for (var i = 0; i < length; i++)
                {
                    var value = rows[i * SpeechFeatures.Bands + band] - mean;
                    _values[i * SpeechFeatures.Bands + band] = value;
                    Energy += value * value;
                }
            }
        }

        public double Energy { get; }

        public double CorrelationAt(SpeechFeatures features, int start)
        {
            var energy = features.EnergyOf(start, _length);
            if (energy <= 1e-3 || Energy <= 1e-3) return 0;
            var theirs = features.Rows(start, _length);
            var product = 0.0;
            for (var i = 0; i < _values.Length; i++) product += _values[i] * theirs[i];
            return product / Math.Sqrt(energy * Energy);
        }
    }
}
