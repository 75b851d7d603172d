using System.Reflection;
using System.Runtime.InteropServices;

namespace Softphone.Audio;

/// <summary>The audio functions of SDL 2, and how the library is found on each system.</summary>
internal static unsafe partial class LibSdl
{
    public const uint InitAudio = 0x10;

    /// <summary>Signed 16 bits in the order of this machine.</summary>
    public const ushort Signed16 = 0x8010;

    public const int StatusStopped = 0;

    private const string Library = "SDL2";
    private const uint DeviceAdded = 0x1100;
    private const uint DeviceRemoved = 0x1101;

    /// <summary>Names the library's file, where it lies in no place that is looked into.</summary>
    public const string Variable = "SOFTPHONE_SDL";

    private static readonly string[] Names = OperatingSystem.IsWindows() ? ["SDL2.dll"]
        : OperatingSystem.IsMacOS() ? ["libSDL2-2.0.0.dylib", "/opt/homebrew/lib/libSDL2-2.0.0.dylib", "/usr/local/lib/libSDL2-2.0.0.dylib"]
        : ["libSDL2-2.0.so.0", "libSDL2-2.0.so"];

    static LibSdl() => NativeLibrary.SetDllImportResolver(typeof(LibSdl).Assembly,
        static (name, _, _) => name == Library && TryLoad(out var handle) ? handle : 0);

    public static Fault Missing { get; } = new(Layer.Audio, "sound devices need SDL 2, which is not installed",
        "install the package libsdl2-2.0-0 (Debian, Ubuntu), SDL2 (Fedora), sdl2 (Arch, Homebrew), or put SDL2.dll beside the program");

    public static bool IsPresent => TryLoad(out _);

    /// <summary>What the last failed call said.</summary>
    public static string Error => Marshal.PtrToStringUTF8((nint)GetError()) ?? "";

    [LibraryImport(Library, EntryPoint = "SDL_InitSubSystem")]
    public static partial int Init(uint what);

    [LibraryImport(Library, EntryPoint = "SDL_QuitSubSystem")]
    public static partial void Quit(uint what);

    [LibraryImport(Library, EntryPoint = "SDL_SetHint", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetHint(string name, string value);

    [LibraryImport(Library, EntryPoint = "SDL_GetCurrentAudioDriver")]
    public static partial byte* CurrentDriver();

    [LibraryImport(Library, EntryPoint = "SDL_GetNumAudioDevices")]
    public static partial int DeviceCount(int isInput);

    [LibraryImport(Library, EntryPoint = "SDL_GetAudioDeviceName")]
    public static partial byte* DeviceName(int index, int isInput);

    /// <summary>Since SDL 2.24.</summary>
    [LibraryImport(Library, EntryPoint = "SDL_GetDefaultAudioInfo")]
    public static partial int DefaultDevice(out byte* name, out AudioSpec spec, int isInput);

    [LibraryImport(Library, EntryPoint = "SDL_free")]
    public static partial void Free(void* memory);

    [LibraryImport(Library, EntryPoint = "SDL_OpenAudioDevice", StringMarshalling = StringMarshalling.Utf8)]
    public static partial uint Open(string? name, int isInput, in AudioSpec wanted, out AudioSpec got, int mayDiffer);

    [LibraryImport(Library, EntryPoint = "SDL_PauseAudioDevice")]
    public static partial void Pause(uint device, int isPaused);

    [LibraryImport(Library, EntryPoint = "SDL_GetAudioDeviceStatus")]
    public static partial int Status(uint device);

    [LibraryImport(Library, EntryPoint = "SDL_CloseAudioDevice")]
    public static partial void Close(uint device);

    /// <summary>Throws away the notices of devices that came or went: the list is asked instead.</summary>
    public static void DropNotices() => FlushEvents(DeviceAdded, DeviceRemoved);

    [LibraryImport(Library, EntryPoint = "SDL_FlushEvents")]
    private static partial void FlushEvents(uint first, uint last);

    [LibraryImport(Library, EntryPoint = "SDL_GetError")]
    private static partial byte* GetError();

    private static bool TryLoad(out nint handle)
    {
        handle = 0;
        foreach (var name in Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } file ? [file] : Names)
            if (NativeLibrary.TryLoad(name, typeof(LibSdl).Assembly, null, out handle)) return true;
        return false;
    }

    /// <summary>SDL_AudioSpec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct AudioSpec
    {
        public int Rate;
        public ushort Format;
        public byte Channels;
        public byte Silence;
        public ushort Samples;
        public ushort Padding;
        public uint Size;
        public delegate* unmanaged[Cdecl]<void*, byte*, int, void> Callback;
        public void* User;
    }
}
