using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Softphone.Audio;

/// <summary>ALSA, which SDL falls back to, writes its complaints to standard error: into the middle of a screen. Here it is asked not to.</summary>
internal static unsafe class LibAsound
{
    private static bool _isHushed;

    public static void Hush()
    {
        if (_isHushed || !OperatingSystem.IsLinux()) return;
        _isHushed = true;
        if (NativeLibrary.TryLoad("libasound.so.2", typeof(LibAsound).Assembly, null, out var library)
            && NativeLibrary.TryGetExport(library, "snd_lib_error_set_handler", out var set))
            _ = ((delegate* unmanaged[Cdecl]<delegate* unmanaged[Cdecl]<byte*, int, byte*, int, byte*, void>, int>)set)(&Ignore);
    }

    /// <summary>What follows the format is not looked at; the caller takes it off the stack itself.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Ignore(byte* file, int line, byte* function, int error, byte* format)
    {
    }
}
