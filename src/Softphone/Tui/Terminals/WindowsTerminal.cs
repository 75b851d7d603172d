using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Softphone.Cli;

/// <summary>The console of Windows 10 and later, which speaks the escape sequences of a terminal when it is told to.</summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe partial class WindowsTerminal : ITerminal
{
    private const int StandardInput = -10;
    private const int StandardOutput = -11;
    private const uint Processed = 0x1;
    private const uint Line = 0x2;
    private const uint Echo = 0x4;
    private const uint QuickEdit = 0x40;
    private const uint Extended = 0x80;
    private const uint SequencesIn = 0x200;
    private const uint SequencesOut = 0x4;
    private const uint NoReturn = 0x8;
    private const uint Utf8 = 65001;
    private const uint Timeout = 0x102;
    private const uint Forever = uint.MaxValue;

    private readonly nint _input = GetStdHandle(StandardInput);
    private readonly nint _output = GetStdHandle(StandardOutput);
    private readonly Stream _writer = Console.OpenStandardOutput();
    private (uint Input, uint Output, uint InputPage, uint OutputPage)? _before;
    private bool _isRaw;

    public bool IsForeground => true;

    public (int Width, int Height) Size => (Console.WindowWidth, Console.WindowHeight);

    public void EnterRaw()
    {
        if (_before is null && GetConsoleMode(_input, out var input) != 0 && GetConsoleMode(_output, out var output) != 0)
            _before = (input, output, GetConsoleCP(), GetConsoleOutputCP());
        if (_before is not { } before) return;
        _isRaw = true;
        _ = SetConsoleCP(Utf8);
        _ = SetConsoleOutputCP(Utf8);
        _ = SetConsoleMode(_input, (before.Input & ~(Processed | Line | Echo | QuickEdit)) | Extended | SequencesIn);
        _ = SetConsoleMode(_output, before.Output | Processed | SequencesOut | NoReturn);
    }

    public void LeaveRaw()
    {
        if (!_isRaw || _before is not { } before) return;
        _isRaw = false;
        _ = FlushConsoleInputBuffer(_input);
        _ = SetConsoleMode(_input, before.Input);
        _ = SetConsoleMode(_output, before.Output);
        _ = SetConsoleCP(before.InputPage);
        _ = SetConsoleOutputCP(before.OutputPage);
    }

    public int Read(Span<byte> buffer, TimeSpan? limit)
    {
        if (WaitForSingleObject(_input, limit is { } wait ? (uint)Math.Ceiling(wait.TotalMilliseconds) : Forever) == Timeout) return 0;
        fixed (byte* octets = buffer)
        {
            if (ReadFile(_input, octets, (uint)buffer.Length, out var count, 0) == 0) return -1;
            return (int)count;
        }
    }

    public bool Write(ReadOnlySpan<byte> octets)
    {
        try
        {
            _writer.Write(octets);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>No shell of Windows stops a program.</summary>
    public void Stop()
    {
    }

    public void Dispose() => LeaveRaw();

    [LibraryImport("kernel32")]
    private static partial nint GetStdHandle(int which);

    [LibraryImport("kernel32")]
    private static partial int GetConsoleMode(nint handle, out uint mode);

    [LibraryImport("kernel32")]
    private static partial int SetConsoleMode(nint handle, uint mode);

    [LibraryImport("kernel32")]
    private static partial uint GetConsoleCP();

    [LibraryImport("kernel32")]
    private static partial uint GetConsoleOutputCP();

    [LibraryImport("kernel32")]
    private static partial int SetConsoleCP(uint page);

    [LibraryImport("kernel32")]
    private static partial int SetConsoleOutputCP(uint page);

    [LibraryImport("kernel32")]
    private static partial int FlushConsoleInputBuffer(nint handle);

    [LibraryImport("kernel32")]
    private static partial uint WaitForSingleObject(nint handle, uint milliseconds);

    [LibraryImport("kernel32")]
    private static partial int ReadFile(nint handle, byte* buffer, uint length, out uint read, nint overlapped);
}
