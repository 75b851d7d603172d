using System.Runtime.InteropServices;

namespace Softphone.Cli;

/// <summary>
/// A terminal of Linux or macOS. To be made after the signals are taken care of, for the runtime notes the settings at that moment too
/// and puts them back when the process aborts.
/// </summary>
internal sealed unsafe class PosixTerminal : ITerminal
{
    private const int Input = 0;
    private static readonly TimeSpan BackgroundPause = TimeSpan.FromMilliseconds(100);

    private readonly byte[] _before = new byte[Posix.SettingsSize];
    private readonly Stream _output = Console.OpenStandardOutput();
    private readonly bool _isKnown;
    private volatile bool _isRaw;

    public PosixTerminal()
    {
        _ = Size;
        fixed (byte* settings = _before) _isKnown = Posix.GetSettings(Input, settings) == 0;
    }

    public bool IsForeground => Posix.ForegroundGroup(Input) is var group && (group < 0 || group == Posix.OwnGroup());

    public (int Width, int Height) Size
    {
        get
        {
            try
            {
                return (Console.WindowWidth, Console.WindowHeight);
            }
            catch (IOException)
            {
                return default;
            }
        }
    }

    public void EnterRaw()
    {
        if (!_isKnown) return;
        var settings = stackalloc byte[Posix.SettingsSize];
        _before.CopyTo(new Span<byte>(settings, Posix.SettingsSize));
        Posix.MakeRaw(settings);
        _isRaw = true;
        Set(settings, Posix.Now);
    }

    public void LeaveRaw()
    {
        if (!_isRaw) return;
        _isRaw = false;
        // In the background the settings are the shell's, which has set its own.
        if (!IsForeground) return;
        // Not with TCSAFLUSH: that waits for output that a terminal may never take.
        _ = Posix.Flush(Input, Posix.InputQueue);
        fixed (byte* settings = _before) Set(settings, Posix.Now);
    }

    public int Read(Span<byte> buffer, TimeSpan? limit)
    {
        var descriptor = new Posix.PollDescriptor { Descriptor = Input, Events = Posix.PollIn };
        var ready = Posix.Poll(&descriptor, 1, limit is { } wait ? (int)Math.Clamp(Math.Ceiling(wait.TotalMilliseconds), 0, int.MaxValue) : -1);
        if (ready <= 0) return 0;
        if (!IsForeground)
        {
            // Reading from the background stops the process.
            Thread.Sleep(BackgroundPause);
            return 0;
        }

        using var masked = Posix.WithoutBackgroundStops();
        fixed (byte* octets = buffer)
        {
            var count = Posix.Read(Input, octets, (nuint)buffer.Length);
            if (count > 0) return (int)count;
            var error = count < 0 ? Marshal.GetLastPInvokeError() : 0;
            // Put into the background just now, or a terminal that somebody else made one that does not wait.
            if (error == Posix.InputOutputError && !IsForeground) return 0;
            return error != 0 && (error == Posix.InterruptedCall || error == Posix.TryAgain) ? 0 : -1;
        }
    }

    public bool Write(ReadOnlySpan<byte> octets)
    {
        using var masked = Posix.WithoutBackgroundStops();
        try
        {
            _output.Write(octets);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public void Stop() => _ = Posix.Raise(Posix.StopByTerminal);

    public void Dispose() => LeaveRaw();

    private static void Set(byte* settings, int when)
    {
        using var masked = Posix.WithoutBackgroundStops();
        while (Posix.SetSettings(Input, when, settings) != 0 && Marshal.GetLastPInvokeError() == Posix.InterruptedCall)
        {
        }
    }
}
