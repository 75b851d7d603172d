using Softphone.Core;

namespace Softphone.Media;

/// <content>Tones of the phone itself: in the ear and on the ringer.</content>
public sealed partial class Mixer
{
    /// <summary>Level of a waiting call's tone: it is heard beside a voice and does not hide it.</summary>
    private const double BeepDbfs = -30;

    private const double DigitDbfs = -26;
    private const double WarnDbfs = -12;

    private static readonly Tone Warning = Tone.Parse("1400 .12/.06/.12/.06/.25/.05", repeats: false);

    /// <summary>Keys that may wait to be heard; more than that nobody presses.</summary>
    private const int MostEffects = 32;

    private readonly Queue<Sounding> _effects = [];
    private Sounding? _tone;
    private Sounding? _dying;
    private Sounding? _ring;
    private MixerPort? _until;

    /// <summary>Whose tones a beep is taken from; those of Europe at first.</summary>
    public ToneSet Tones { get; set; } = ToneTable.For("eu");

    /// <summary>It rings.</summary>
    public bool IsRinging => _ring is { Fade.IsOn: true };

    /// <summary>A tone that was given to <see cref="Play"/> sounds still.</summary>
    public bool IsPlaying => _tone is not null;

    private bool Sounds => _tone is not null || _dying is not null || _effects.Count > 0 || (_ring is not null && RingsInTheEar);

    private bool RingsInTheEar => ReferenceEquals(_ringer, _sink);

    /// <summary>Plays a tone in the speaker in place of the one before, by itself or beside the calls; null ends it.</summary>
    /// <param name="tone">What to play.</param>
    /// <param name="until">The tone ends with the next frame of this port: a ringback gives way to the callee's own sound (RFC 3960 §3.2).</param>
    public void Play(Tone? tone, MixerPort? until = null)
    {
        _until = until;
        Wake();
        if (_tone is { HasBegun: true })
        {
            _dying = _tone;
            _dying.Fade.IsOn = false;
        }

        _tone = tone is null ? null : new Sounding(new ToneGenerator(tone));
    }

    /// <summary>Rings until it is told not to.</summary>
    public void Ring(bool on)
    {
        Wake();
        if (on) _ring ??= new Sounding(new RingTone());
        else if (_ring is { HasBegun: false }) _ring = null;
        if (_ring is not null) _ring.Fade.IsOn = on;
    }

    /// <summary>A call waits: one round of the country's tone, softly in the ear.</summary>
    public void Beep() => Enqueue(new Tone([.. Tones.CallWaiting.Segments.SkipLast(1)], Repeats: false), BeepDbfs);

    /// <summary>The microphone opens and nobody has asked for it: three short tones, loud enough for who sits beside the phone.</summary>
    public void Warn() => Enqueue(Warning, WarnDbfs);

    /// <summary>A key was pressed: its two frequencies, short and softly in the ear. Unknown keys are silent.</summary>
    public void DigitTone(char key)
    {
        if (!Tone.IsKey(key)) return;
        var segments = Tone.Dtmf(key).Segments;
        Enqueue(new Tone([.. segments, new ToneSegment(0, 0, 0, 0.05)], Repeats: false), DigitDbfs);
    }

    internal void OnSpoken(MixerPort port)
    {
        if (port == _until) Play(null);
    }

    private void Enqueue(Tone tone, double dbfs)
    {
        Wake();
        if (_effects.Count < MostEffects) _effects.Enqueue(new Sounding(new ToneGenerator(tone, dbfs)));
    }

    private void AddTones(Span<int> sum)
    {
        if (_tone is not null && !_tone.AddTo(sum, _scratch)) _tone = null;
        if (_dying is not null && !_dying.AddTo(sum, _scratch)) _dying = null;
        if (_effects.TryPeek(out var effect) && !effect.AddTo(sum, _scratch)) _effects.Dequeue();
    }

    private void AddRing(Span<int> sum)
    {
        if (_ring is not null && !_ring.AddTo(sum, _scratch)) _ring = null;
    }

    private void WriteRinger()
    {
        if (_ring is null || RingsInTheEar) return;
        var sum = Sum;
        sum.Clear();
        AddRing(sum);
        for (var i = 0; i < _out.Length; i++) _out[i] = (short)sum[i];
        _ringer.Write(_out);
    }
}
