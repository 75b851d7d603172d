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

    /// <summary>
    /// How far the reference is ahead of the microphone when both have just begun, in samples: as long as both rings hold back at least, so
    /// that most of the canceller's length is left for the room.
    /// </summary>
    private const int Lead = 960;

    /// <summary>Farther ahead than this they no longer belong together: two devices whose clocks differ, after a long while.</summary>
    private const int LeadLimit = 6 * Lead;

    private readonly VoiceProcessor _processor;

    /// <summary>What was played last, each sample at its number.</summary>
    private readonly short[] _played = new short[1 << 14];

    private readonly short[] _reference = new short[Block];

    /// <summary>The number of the sample that is played next, and of the one that belongs to the next of the microphone.</summary>
    private long _next;
    private long _at;

    private VoiceChain(VoiceProcessor processor) => _processor = processor;

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

    /// <summary>Another loudspeaker, or the same one anew.</summary>
    public void SpeakerBegins() => Begin();

    /// <summary>Another microphone, or the same one anew.</summary>
    public void MicrophoneBegins() => Begin();

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
        if (_next - _at is < 0 or > LeadLimit) Begin();
        foreach (var sample in played) _played[_next++ & (_played.Length - 1)] = sample;
    }

    /// <summary>Works on a block of the microphone in place.</summary>
    public void Process(Span<short> microphone)
    {
        for (var i = 0; i < Block; i++, _at++) _reference[i] = _at < _next && _at >= 0 && _next - _at <= _played.Length ? _played[_at & (_played.Length - 1)] : (short)0;
        _processor.Process(microphone, _reference);
    }

    public void Dispose() => _processor.Dispose();

    private void Begin()
    {
        // What was played before is still in the air.
        _at = _next - Lead;
    }
}
