namespace Softphone.Audio;

/// <summary>
/// The microphone's frames through <see cref="VoiceProcessor"/>, with what the loudspeaker plays as the reference. The reference waits as
/// long as both rings hold back at least, so that most of the canceller's length is left for the room.
/// </summary>
internal sealed class VoiceChain : IDisposable
{
    private const int Delay = 960;

    private readonly VoiceProcessor _processor;
    private readonly SampleRing _reference = new(1 << 13);
    private readonly short[] _played = new short[VoiceProcessor.Frame];
    private readonly short[] _silence = new short[Delay];

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

    public void Heard(ReadOnlySpan<short> played)
    {
        // Played without being listened to, such as before the call was answered: that must not delay the reference for ever.
        if (_reference.Count > Delay + played.Length) _reference.Skip(_reference.Count - Delay);
        if (_reference.Count < Delay) _reference.Write(_silence.AsSpan(0, Delay - _reference.Count));
        _reference.Write(played);
    }

    public void Process(Span<short> microphone)
    {
        while (microphone.Length >= VoiceProcessor.Frame)
        {
            var count = _reference.Read(_played);
            _played.AsSpan(count).Clear();
            _processor.Process(microphone[..VoiceProcessor.Frame], _played);
            microphone = microphone[VoiceProcessor.Frame..];
        }
    }

    public void Dispose() => _processor.Dispose();
}
