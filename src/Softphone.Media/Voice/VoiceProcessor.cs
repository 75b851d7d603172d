namespace Softphone.Media;

/// <summary>
/// Makes of what a microphone hears what the peer should hear: without the echo of the loudspeaker, with less noise, at an even level
/// (libspeexdsp). Belongs to one microphone and its loudspeaker; allocates nothing for a frame.
/// </summary>
public sealed unsafe class VoiceProcessor : IDisposable
{
    /// <summary>Samples of a frame, 10 ms at 48 kHz.</summary>
    public const int Frame = 480;

    private const int Rate = Pcm.Rate;

    /// <summary>The longest echo that is taken out, the way through the buffers of both devices included: 200 ms.</summary>
    private const int Tail = Rate / 5;

    private const int NoiseSuppressionDb = -15;

    private readonly EchoHandle _echo;
    private readonly PreprocessHandle _preprocess;
    private readonly VoiceLevel? _level;
    private readonly short[] _output = new short[Frame];

    /// <param name="evensLevel">Brings quiet and loud voices to one level, by 12 dB up or 6 down at most.</param>
    /// <exception cref="MissingLibraryException">libspeexdsp is not installed.</exception>
    public VoiceProcessor(bool evensLevel = true)
    {
        NativeLibraries.Require(NativeLibraries.SpeexDsp);
        _echo = LibSpeexVoice.CreateEcho(Frame, Tail);
        _preprocess = LibSpeexVoice.CreatePreprocess(Frame, Rate);
        var rate = Rate;
        _ = LibSpeexVoice.EchoControl(_echo, LibSpeexVoice.EchoSetRate, &rate);
        Set(LibSpeexVoice.SetDenoise, 1);
        Set(LibSpeexVoice.SetNoiseSuppression, NoiseSuppressionDb);
        // Not the library's own gain control: it takes what is left of an echo for a quiet voice, and beeps for a loud one.
        if (evensLevel) _level = new VoiceLevel();
        _ = LibSpeexVoice.PreprocessControl(_preprocess, LibSpeexVoice.SetEchoState, (void*)_echo.DangerousGetHandle());
    }

    /// <summary>Works on one frame in place.</summary>
    /// <param name="microphone">What the microphone heard, <see cref="Frame"/> samples.</param>
    /// <param name="played">What the loudspeaker played 0 to 200 ms before, <see cref="Frame"/> samples.</param>
    public void Process(Span<short> microphone, ReadOnlySpan<short> played)
    {
        if (microphone.Length != Frame || played.Length != Frame) throw new ArgumentException($"a frame has {Frame} samples");
        fixed (short* recorded = microphone, reference = played, output = _output)
        {
            LibSpeexVoice.Cancel(_echo, recorded, reference, output);
            _ = LibSpeexVoice.Run(_preprocess, output);
        }

        _output.CopyTo(microphone);
        _level?.Process(microphone, played);
    }

    public void Dispose()
    {
        // The preprocessor looks into the canceller.
        _preprocess.Dispose();
        _echo.Dispose();
    }

    private void Set(int request, int value) => _ = LibSpeexVoice.PreprocessControl(_preprocess, request, &value);
}
