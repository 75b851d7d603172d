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

    /// <summary>More than sigset_t has anywhere.</summary>
    public const int SignalsSize = 128;

    public const int Now = 0;
    public const short PollIn = 0x01;
    public const short PollOut = 0x04;
    public const int InterruptedCall = 4;
    public const int InputOutputError = 5;
    public const int BrokenPipe = 32;
    public const int WriteOnly = 1;

    /// <summary>SIGTTIN and SIGTTOU, the same on Linux and macOS.</summary>
    public const int BackgroundRead = 21;
    public const int BackgroundWrite = 22;

    public static int TryAgain => OperatingSystem.IsMacOS() ? 35 : 11;

    public static int InputQueue => OperatingSystem.IsMacOS() ? 1 : 0;

    public static int BlockSignals => OperatingSystem.IsMacOS() ? 1 : 0;

    public static int SetMask => OperatingSystem.IsMacOS() ? 3 : 2;

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

    /// <summary>
    /// A signal to the thread that calls, which has it when this returns. One to the process goes to whatever thread the kernel picks, later.
    /// </summary>
    [LibraryImport("libc", EntryPoint = "raise")]
    public static partial int Raise(int signal);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollDescriptor* descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "tcflush")]
    public static partial int Flush(int descriptor, int queue);

    [LibraryImport("libc", EntryPoint = "pthread_sigmask")]
    public static partial int Mask(int how, byte* signals, byte* before);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    public static partial int NoSignals(byte* signals);

    [LibraryImport("libc", EntryPoint = "sigaddset")]
    public static partial int AddSignal(byte* signals, int signal);

    /// <summary>
    /// Gives every thread of this process the usual priority, where that is allowed. Threads of the sound library have the lowest, and the last
    /// thread of a process gives all its memory back: on a busy machine one that hardly gets a processor takes seconds for it.
    /// </summary>
    public static void RaiseThreads()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            foreach (var task in Directory.GetDirectories("/proc/self/task"))
                if (int.TryParse(Path.GetFileName(task), out var thread)) _ = SetPriority(0, thread, 0);
        }
        catch (IOException)
        {
            // It ends a little later.
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int nice);

    /// <summary>Ends the process here and now: no handlers, no destructors, nothing that could wait.</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void Exit(int code);

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

    /// <summary>
    /// Keeps this thread, until it is disposed, from being stopped when it touches the terminal from the background (SIGTTIN, SIGTTOU): reading
    /// is an error then, and what is written or set is taken.
    /// </summary>
    public static MaskedThread WithoutBackgroundStops() => new();

    public readonly ref struct MaskedThread : IDisposable
    {
        private readonly SignalSet _before;

        public MaskedThread()
        {
            SignalSet masked = default;
            _ = NoSignals(masked.Octets);
            _ = AddSignal(masked.Octets, BackgroundRead);
            _ = AddSignal(masked.Octets, BackgroundWrite);
            SignalSet before = default;
            _ = Mask(BlockSignals, masked.Octets, before.Octets);
            _before = before;
        }

        public void Dispose()
        {
            var before = _before;
            _ = Mask(SetMask, before.Octets, null);
        }
    }

    private struct SignalSet
    {
        public fixed byte Octets[SignalsSize];
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
