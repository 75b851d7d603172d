namespace Softphone.Media;

/// <summary>Plays a tone. Each part begins and ends with a ramp of 5 ms, because a sine that is cut clicks.</summary>
public sealed class ToneGenerator : IAudioSource
{
    private const int Rate = Pcm.Rate;
    private const int Ramp = Rate * 5 / 1000;

    private readonly Tone _tone;
    private readonly double _amplitude;
    private int _segment;
    private int _position;

    /// <param name="tone">What to play.</param>
    /// <param name="dbfs">The level of each frequency, in dB below the largest sine.</param>
    public ToneGenerator(Tone tone, double dbfs = -20)
    {
        _tone = tone;
        _amplitude = short.MaxValue * Math.Pow(10, Math.Min(0, dbfs) / 20);
    }

    /// <summary>True when a tone that does not repeat is over.</summary>
    public bool IsFinished => _segment == _tone.Segments.Count;

    public bool Read(Span<short> pcm48k)
    {
        pcm48k.Clear();
        if (IsFinished) return false;
        while (!pcm48k.IsEmpty && !IsFinished)
        {
            var segment = _tone.Segments[_segment];
            var length = (int)(segment.Seconds * Rate);
            var part = Math.Min(pcm48k.Length, length - _position);
            if (segment.First > 0) Play(segment, length, pcm48k[..part]);
            pcm48k = pcm48k[part..];
            _position += part;
            if (_position < length) continue;
            _position = 0;
            _segment++;
            if (_tone.Repeats && IsFinished) _segment = 0;
        }

        return true;
    }

    private void Play(ToneSegment segment, int length, Span<short> pcm)
    {
        for (var i = 0; i < pcm.Length; i++)
        {
            var at = _position + i;
            var seconds = at / (double)Rate;
            var value = Math.Sin(Math.Tau * segment.First * seconds);
            if (segment.Modulation > 0) value *= 0.5 * (1 + Math.Sin(Math.Tau * segment.Modulation * seconds));
            if (segment.Second > 0) value += Math.Sin(Math.Tau * segment.Second * seconds);
            var edge = Math.Min(at, length - 1 - at);
            if (edge < Ramp) value *= 0.5 * (1 - Math.Cos(Math.PI * edge / Ramp));
            pcm[i] = (short)Math.Clamp(_amplitude * value, short.MinValue, short.MaxValue);
        }
    }
}
