namespace Softphone.Media;

/// <summary>
/// The phone's own ring: two soft strokes of a bell, rising, then a pause, over and over. Each note is a few partials that die away as
/// those of a struck bar do.
/// </summary>
public sealed class RingTone : IAudioSource
{
    private const int Rate = Pcm.Rate;
    private const int Round = 3 * Rate;
    private const int Attack = Rate * 4 / 1000;

    /// <summary>When each note is struck, in samples, and its pitch in Hz: an arpeggio of A major, twice.</summary>
    private static readonly (int At, double Hertz)[] Notes =
    [
        (0, 880), (Rate * 12 / 100, 1108.73), (Rate * 24 / 100, 1318.51),
        (Rate * 70 / 100, 880), (Rate * 82 / 100, 1108.73), (Rate * 94 / 100, 1318.51),
    ];

    /// <summary>Partials of a note: multiple of its pitch, level, seconds until it has fallen to a third.</summary>
    private static readonly (double Multiple, double Level, double Seconds)[] Partials = [(1, 0.22, 0.22), (2, 0.07, 0.12), (4, 0.03, 0.05)];

    private readonly Partial[] _partials = new Partial[Notes.Length * Partials.Length];
    private int _position;

    public bool Read(Span<short> pcm48k)
    {
        for (var i = 0; i < pcm48k.Length; i++)
        {
            for (var note = 0; note < Notes.Length; note++)
                if (_position == Notes[note].At) Strike(note);
            double value = 0;
            foreach (ref var partial in _partials.AsSpan()) value += partial.Next();
            pcm48k[i] = (short)(value * short.MaxValue);
            _position = (_position + 1) % Round;
        }

        return true;
    }

    private void Strike(int note)
    {
        for (var i = 0; i < Partials.Length; i++)
        {
            var (multiple, level, seconds) = Partials[i];
            _partials[note * Partials.Length + i] = new Partial(Notes[note].Hertz * multiple, level, seconds);
        }
    }

    /// <summary>A sine that dies away: the imaginary part of a number that turns and shrinks.</summary>
    private struct Partial(double hertz, double level, double seconds)
    {
        private readonly double _cosine = Math.Cos(Math.Tau * hertz / Rate) * Math.Exp(-1 / (seconds * Rate));
        private readonly double _sine = Math.Sin(Math.Tau * hertz / Rate) * Math.Exp(-1 / (seconds * Rate));
        private double _real = level;
        private double _imaginary;
        private int _age;

        public double Next()
        {
            if (_real == 0 && _imaginary == 0) return 0;
            var value = _age < Attack ? _imaginary * _age++ / Attack : _imaginary;
            (_real, _imaginary) = (_real * _cosine - _imaginary * _sine, _real * _sine + _imaginary * _cosine);
            // Far below one step of a sample it is over; numbers that shrink for ever become slow ones.
            if (_age == Attack && Math.Abs(_real) + Math.Abs(_imaginary) < 1e-6) (_real, _imaginary) = (0, 0);
            return value;
        }
    }
}
