using System.Runtime.InteropServices;

namespace Softphone.Media.Tests;

/// <summary>How libopus reads the layout of a packet.</summary>
internal static unsafe partial class LibopusLayout
{
    private const string Library = "libopus.so.0";
    private const int MaxFrames = 48;

    /// <returns>Samples at 48 kHz, 0 for a packet that it refuses; the first octet of the first frame, -1 for none.</returns>
    public static (int Samples, int First) Of(ReadOnlySpan<byte> payload)
    {
        var frames = stackalloc byte*[MaxFrames];
        var sizes = stackalloc short[MaxFrames];
        fixed (byte* octets = payload)
        {
            if (payload.IsEmpty || Parse(octets, payload.Length, null, frames, sizes, null) <= 0) return (0, -1);
            return (CountSamples(octets, payload.Length, 48_000), sizes[0] > 0 ? frames[0][0] : -1);
        }
    }

    [LibraryImport(Library, EntryPoint = "opus_packet_parse")]
    private static partial int Parse(byte* payload, int length, byte* toc, byte** frames, short* sizes, int* offset);

    [LibraryImport(Library, EntryPoint = "opus_packet_get_nb_samples")]
    private static partial int CountSamples(byte* payload, int length, int rate);
}
