using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Softphone.Audio;

/// <summary>A device of SDL, 48 kHz mono in periods of 10 ms. The callbacks copy between the device's buffer and the ring, nothing else.</summary>
internal sealed unsafe class SdlStream : IAudioStream
{
    private const int Rate = Pcm.Rate;
    internal const ushort Period = 480;

    private readonly SdlStreamHandle _handle;

    private SdlStream(SdlStreamHandle handle) => _handle = handle;

    public bool IsAlive => LibSdl.Status(_handle.Device) != LibSdl.StatusStopped;

    /// <summary>Null when it cannot be opened; <see cref="LibSdl.Error"/> says why.</summary>
    public static SdlStream? Open(string? name, bool isInput, SampleRing ring)
    {
        var handle = new SdlStreamHandle(ring);
        var wanted = new LibSdl.AudioSpec
        {
            Rate = Rate,
            Format = LibSdl.Signed16,
            Channels = 1,
            Samples = Period,
            Callback = isInput ? &Captured : &Wanted,
            User = (void*)handle.Ring,
        };
        var device = LibSdl.Open(name, isInput ? 1 : 0, wanted, out _, 0);
        if (device == 0)
        {
            handle.Dispose();
            return null;
        }

        handle.Opened(device);
        LibSdl.Pause(device, 0);
        return new SdlStream(handle);
    }

    public void Dispose() => _handle.Dispose();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Captured(void* ring, byte* samples, int octets) =>
        Unsafe.As<SampleRing>(GCHandle.FromIntPtr((nint)ring).Target!).Write(new ReadOnlySpan<short>(samples, octets / 2));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Wanted(void* ring, byte* samples, int octets) =>
        Unsafe.As<SampleRing>(GCHandle.FromIntPtr((nint)ring).Target!).ReadOrSilence(new Span<short>(samples, octets / 2));
}
