namespace Softphone.Audio;

/// <summary>
/// The microphone through <see cref="VoiceProcessor"/>, with what the loudspeaker plays as the reference. Both are taken by the clock of
/// the devices, that is, the microphone before its rate is changed to the phone's and the reference after: the two then keep their
/// distance, whatever the phone's clock does, and the canceller needs to learn the room only once. Samples that the loudspeaker made
/// up or the microphone lost are counted for the same reason. One thread; allocates nothing for a frame.
/// </summary>
internal sealed class VoiceChain : IDisposable
{
    /// <summary>Samples that are worked on at once.</summary>
    public const int Block = VoiceProcessor.Frame;

    /// <summary>How much earlier than the rings say the reference is taken: they jump by a period, and an echo before its cause cannot be learnt.</summary>
    private const int Margin = Block;

    /// <summary>
    /// A device that stumbles slips against the other, which the canceller learns anew each time; to pair them anew would make it do so once
    /// more. It is done when so many blocks in a row were too close to the cause of the echo, had wasted half of the canceller's length, or
    /// wanted what the loudspeaker had not even been given yet, since then there is no reference at all.
    /// </summary>
    private const int TooEarly = Margin;
    private const int TooLate = 4800;
    private const int Patience = 50;

    private readonly VoiceProcessor _processor;

    /// <summary>What was played last, each sample at its number.</summary>
    private readonly short[] _played = new short[1 << 15];

    private readonly short[] _reference = new short[Block];

    /// <summary>The number of the sample that is put to the loudspeaker next, and of the one that belongs to the next of the microphone.</summary>
    private long _next;
    private long _at;
    private bool _isPaired;
    private int _astray;

    private VoiceChain(VoiceProcessor processor) => _processor = processor;

    /// <summary>The loudspeaker that the microphone hears.</summary>
    public PlayoutSide? Speaker { get; set; }

    /// <summary>Null without libspeexdsp: the voice then goes out as it is.</summary>
    public static VoiceChain? TryCreate()
    {
        try
        {
            return new VoiceChain(new VoiceProcessor());
        }
        catch (MissingLibraryException)
        {
            return null;
        }
    }

    /// <summary>Another microphone or loudspeaker, or the same one anew.</summary>
    public void Begin() => _isPaired = false;

    /// <summary>The loudspeaker had nothing to play for so many samples.</summary>
    public void SpeakerStarved(long samples)
    {
        for (var left = Math.Min(samples, _played.Length); left > 0; left--) _played[(_next + left - 1) & (_played.Length - 1)] = 0;
        _next += samples;
    }

    /// <summary>So many samples of the microphone were thrown away.</summary>
    public void MicrophoneLost(long samples) => _at += samples;

    /// <summary>What goes to the loudspeaker.</summary>
    public void Heard(ReadOnlySpan<short> played)
    {
        foreach (var sample in played) _played[_next++ & (_played.Length - 1)] = sample;
    }

    /// <summary>Works on a block of the microphone in place.</summary>
    /// <param name="microphone">As it was heard.</param>
    /// <param name="waiting">Samples from its first to the newest that the microphone has.</param>
    public void Process(Span<short> microphone, int waiting)
    {
        Pair(waiting);
        for (var i = 0; i < Block; i++, _at++) _reference[i] = _at >= 0 && _at < _next && _next - _at <= _played.Length ? _played[_at & (_played.Length - 1)] : (short)0;
        _processor.Process(microphone, _reference);
    }

    public void Dispose() => _processor.Dispose();

    /// <summary>
    /// What is being played while the newest sample comes from the microphone is known by the rings; from there on only counting keeps the
    /// two together, since the rings jump by periods and stumble.
    /// </summary>
    private void Pair(int waiting)
    {
        if (Speaker is not { IsRunning: true } speaker) return;
        var early = _next - speaker.Ahead - waiting - Margin - _at;
        _astray = early is > TooEarly or < -TooLate || _at + Block > _next ? _astray + 1 : 0;
        if (_isPaired && _astray < Patience) return;
        (_at, _isPaired, _astray) = (_at + early, true, 0);
    }
}
