using System.Globalization;

namespace Softphone.Media;

/// <summary>
/// A tone as telephone networks define them: frequencies and a cadence. Written "440+480 2/4" for two frequencies, two seconds on and
/// four off; "400*16 1/2" for 400 Hz modulated by 16 Hz; parts with other frequencies follow after a comma.
/// </summary>
/// <param name="Segments">What to play, in order.</param>
/// <param name="Repeats">Whether it begins again at its end.</param>
public sealed record Tone(IReadOnlyList<ToneSegment> Segments, bool Repeats)
{
    private const string Keys = "123A456B789C*0#D";

    private static readonly double[] Rows = [697, 770, 852, 941];
    private static readonly double[] Columns = [1209, 1336, 1477, 1633];

    /// <summary>How long one round of it lasts.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds(Segments.Sum(s => s.Seconds));

    /// <summary>Reads the notation above.</summary>
    /// <exception cref="FormatException">The text is not in it.</exception>
    public static Tone Parse(string text, bool repeats = true) =>
        TryParse(text, repeats, out var tone) ? tone : throw new FormatException($"not a tone: {text}");

    public static bool TryParse(string text, bool repeats, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Tone? tone)
    {
        tone = null;
        var segments = new List<ToneSegment>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var words = part.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length != 2) return false;
            double second = 0, modulation = 0;
            var sum = words[0].Split('+');
            var product = words[0].Split('*');
            if (!TryNumber(sum.Length == 2 ? sum[0] : product[0], 8_000, out var first)) return false;
            if (sum.Length > 2 || product.Length > 2 || (sum.Length == 2 && product.Length == 2)) return false;
            if (sum.Length == 2 && !TryNumber(sum[1], 8_000, out second)) return false;
            if (product.Length == 2 && !TryNumber(product[1], 100, out modulation)) return false;
            var isOn = true;
            foreach (var length in words[1].Split('/'))
            {
                if (!TryNumber(length, 60, out var seconds)) return false;
                segments.Add(isOn ? new ToneSegment(first, second, modulation, seconds) : new ToneSegment(0, 0, 0, seconds));
                isOn = !isOn;
            }
        }

        if (segments.Sum(s => s.Seconds) < 0.01) return false;
        tone = new Tone(segments, repeats);
        return true;
    }

    /// <summary>Whether this is a telephone key: 0-9, *, #, A-D.</summary>
    public static bool IsKey(char key) => Keys.Contains(char.ToUpperInvariant(key), StringComparison.Ordinal);

    /// <summary>The two frequencies of a telephone key (ITU-T Q.23): 0-9, *, #, A-D.</summary>
    /// <exception cref="ArgumentException">There is no such key.</exception>
    public static Tone Dtmf(char key, double seconds = 0.1)
    {
        var index = Keys.IndexOf(char.ToUpperInvariant(key), StringComparison.Ordinal);
        if (index < 0) throw new ArgumentException($"no telephone key {key}", nameof(key));
        return new Tone([new ToneSegment(Rows[index / 4], Columns[index % 4], 0, seconds)], Repeats: false);
    }

    private static bool TryNumber(string text, double largest, out double value) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && value >= 0 && value <= largest;
}
