using System.Runtime.InteropServices;

namespace Softphone.Media;

/// <summary>The echo canceller and the preprocessor of libspeexdsp. Their ctl functions take a pointer and are not variadic.</summary>
internal static unsafe partial class LibSpeexVoice
{
    public const int EchoSetRate = 24;
    public const int SetDenoise = 0;
    public const int SetEchoState = 24;
    public const int SetNoiseSuppression = 18;

    static LibSpeexVoice() => NativeLibraries.Register();

    [LibraryImport(NativeLibraries.SpeexDsp, EntryPoint = "speex_echo_state_init")]
    public static partial EchoHandle CreateEcho(int frame, int tail);

    [LibraryImport(NativeLibraries.SpeexDsp, EntryPoint = "speex_echo_state_destroy")]
    public static partial void DestroyEcho(nint state);

    [LibraryImport(NativeLibraries.SpeexDsp, EntryPoint = "speex_echo_cancellation")]
    public static partial void Cancel(EchoHandle state, short* recorded, short* played, short* output);

    [LibraryImport(NativeLibraries.SpeexDsp, EntryPoint = "speex_echo_ctl")]
    public static partial int EchoControl(EchoHandle state, int request, void* value);

    [LibraryImport(NativeLibraries.SpeexDsp, EntryPoint = "speex_preprocess_state_init")]
    public static partial PreprocessHandle CreatePreprocess(int frame, int rate);

    [LibraryImport(NativeLibraries.SpeexDsp, EntryPoint = "speex_preprocess_state_destroy")]
    public static partial void DestroyPreprocess(nint state);

    [LibraryImport(NativeLibraries.SpeexDsp, EntryPoint = "speex_preprocess_run")]
    public static partial int Run(PreprocessHandle state, short* samples);

    [LibraryImport(NativeLibraries.SpeexDsp, EntryPoint = "speex_preprocess_ctl")]
    public static partial int PreprocessControl(PreprocessHandle state, int request, void* value);
}
