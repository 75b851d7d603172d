using System.Runtime.InteropServices;

namespace Softphone.Media;

/// <summary>The calls of libopus (1.1 or later) that we use.</summary>
internal static unsafe partial class Libopus
{
    public const int ApplicationVoip = 2048;
    public const int SetBitrate = 4002;
    public const int SetVbr = 4006;
    public const int SetComplexity = 4010;
    public const int SetInbandFec = 4012;
    public const int SetPacketLossPercent = 4014;

    // A variadic argument goes on the stack on Apple silicon, where fixed arguments fill eight registers first.
    private static readonly bool PadsVariadic =
        OperatingSystem.IsMacOS() && RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    static Libopus() => NativeLibraries.Register();

    public static int Control(OpusEncoderHandle encoder, int request, int value) =>
        PadsVariadic ? ControlPadded(encoder, request, 0, 0, 0, 0, 0, 0, value) : ControlPlain(encoder, request, value);

    [LibraryImport(NativeLibraries.Opus, EntryPoint = "opus_encoder_create")]
    public static partial OpusEncoderHandle CreateEncoder(int rate, int channels, int application, out int error);

    [LibraryImport(NativeLibraries.Opus, EntryPoint = "opus_encoder_destroy")]
    public static partial void DestroyEncoder(nint encoder);

    [LibraryImport(NativeLibraries.Opus, EntryPoint = "opus_encode")]
    public static partial int Encode(OpusEncoderHandle encoder, short* pcm, int frameSize, byte* payload, int capacity);

    [LibraryImport(NativeLibraries.Opus, EntryPoint = "opus_decoder_create")]
    public static partial OpusDecoderHandle CreateDecoder(int rate, int channels, out int error);

    [LibraryImport(NativeLibraries.Opus, EntryPoint = "opus_decoder_destroy")]
    public static partial void DestroyDecoder(nint decoder);

    [LibraryImport(NativeLibraries.Opus, EntryPoint = "opus_decode")]
    public static partial int Decode(OpusDecoderHandle decoder, byte* payload, int length, short* pcm, int frameSize, int fec);

    [LibraryImport(NativeLibraries.Opus, EntryPoint = "opus_encoder_ctl")]
    private static partial int ControlPlain(OpusEncoderHandle encoder, int request, int value);

    [LibraryImport(NativeLibraries.Opus, EntryPoint = "opus_encoder_ctl")]
    private static partial int ControlPadded(
        OpusEncoderHandle encoder, int request, nint p3, nint p4, nint p5, nint p6, nint p7, nint p8, int value);
}
