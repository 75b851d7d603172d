using System.Runtime.InteropServices;

namespace Softphone.Cli;

/// <summary>
/// Calls of the C library for the terminal. None is variadic, and the terminal's settings stay opaque, so one declaration fits Linux and
/// macOS on every processor.
/// </summary>
internal static unsafe partial class Posix
{
    /// <summary>More than struct termios has anywhere.</summary>
    public const int SettingsSize = 256;

    public const int FlushInput = 2;
    public const int Now = 0;
    public const short PollIn = 0x01;
    public const int InterruptedCall = 4;
    public const int WriteOnly = 1;

    public static int StopByTerminal => OperatingSystem.IsMacOS() ? 18 : 20;

    public static int Append => OperatingSystem.IsMacOS() ? 0x8 : 0x400;

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    public static partial int GetSettings(int descriptor, byte* settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    public static partial int SetSettings(int descriptor, int when, byte* settings);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    public static partial void MakeRaw(byte* settings);

    [LibraryImport("libc", EntryPoint = "tcgetpgrp")]
    public static partial int ForegroundGroup(int descriptor);

    [LibraryImport("libc", EntryPoint = "getpgrp")]
    public static partial int OwnGroup();

    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollDescriptor* descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "dup")]
    public static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2")]
    public static partial int Duplicate(int descriptor, int onto);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    public static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [StructLayout(LayoutKind.Sequential)]
    public struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
