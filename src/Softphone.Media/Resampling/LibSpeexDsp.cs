using System.Runtime.InteropServices;

namespace Softphone.Media;

/// <summary>The resampler of libspeexdsp.</summary>
internal static unsafe partial class LibSpeexDsp
{
    static LibSpeexDsp() => NativeLibraries.Register();

    [LibraryImport(NativeLibraries.SpeexDsp, EntryPoint = "speex_resampler_init")]
    public static partial SpeexResamplerHandle Create(uint channels, uint fromRate, uint toRate, int quality, out int error);

    [LibraryImport(NativeLibraries.SpeexDsp, EntryPoint = "speex_resampler_destroy")]
    public static partial void Destroy(nint resampler);

    [LibraryImport(NativeLibraries.SpeexDsp, EntryPoint = "speex_resampler_process_int")]
    public static partial int Process(
        SpeexResamplerHandle resampler, uint channel, short* input, uint* inputLength, short* output, uint* outputLength);

    [LibraryImport(NativeLibraries.SpeexDsp, EntryPoint = "speex_resampler_set_rate_frac")]
    public static partial int SetRatio(SpeexResamplerHandle resampler, uint numerator, uint denominator, uint fromRate, uint toRate);

    [LibraryImport(NativeLibraries.SpeexDsp, EntryPoint = "speex_resampler_get_output_latency")]
    public static partial int OutputLatency(SpeexResamplerHandle resampler);

    [LibraryImport(NativeLibraries.SpeexDsp, EntryPoint = "speex_resampler_skip_zeros")]
    public static partial int SkipZeros(SpeexResamplerHandle resampler);
}
