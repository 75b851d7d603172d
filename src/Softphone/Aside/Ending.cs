using System.Runtime.InteropServices;
using Softphone.Sockets;

namespace Softphone.Cli;

/// <summary>
/// How the process ends. A signal that asks it to is heard here, whatever the verb is doing, and starts a countdown: what hangs up,
/// unregisters and closes files may take what is left of it, and then the process ends, whoever still waits for a disk, a terminal or a
/// sound server. A process without a signal gets the same time once its verb is through.
/// </summary>
internal sealed class Ending : IDisposable
{
    /// <summary>Three seconds at most, seen from outside.</summary>
    private static readonly TimeSpan Whole = TimeSpan.FromSeconds(2.6);

    /// <summary>What is kept back for the last step, so that what was lost can still be told.</summary>
    private static readonly TimeSpan Reserve = TimeSpan.FromMilliseconds(300);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly Action<int>? _exit;
    private readonly bool _guards;
    private long? _begun;
    private volatile bool _hasStraggler;

    /// <param name="exit">Ends the process without waiting for anything; null where it is not ours to end.</param>
    /// <param name="clock">The time; that of the machine when null.</param>
    /// <param name="guards">A thread looks at the clock too, and ends the process by force when the time is over.</param>
    public Ending(Action<int>? exit = null, TimeProvider? clock = null, bool guards = false) =>
        (_exit, _clock, _guards) = (exit, clock ?? TimeProvider.System, guards);

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Gives the terminal back before the process ends by force.</summary>
    public Action? LastWords { get; set; }

    /// <summary>The ending of this process: hears SIGINT, SIGTERM and SIGHUP.</summary>
    public static Ending OfProcess()
    {
        var ending = new Ending(code =>
        {
            if (OperatingSystem.IsWindows()) Environment.Exit(code);
            else Posix.Exit(code);
        }, guards: true);
        ending.Hear(PosixSignal.SIGINT, (int)ExitCode.Interrupted);
        ending.Hear(PosixSignal.SIGTERM, 143);
        ending.Hear(PosixSignal.SIGHUP, 129);
        return ending;
    }

    /// <summary>Asks everything to stop, and starts the countdown.</summary>
    /// <param name="code">What the process says if it must be ended by force.</param>
    public void Begin(int code)
    {
        CountDown(code);
        Guarded.Run(_stop.Cancel);
    }

    /// <summary>Starts the countdown, once.</summary>
    public void CountDown(int code)
    {
        lock (_gate)
        {
            if (_begun is not null) return;
            _begun = _clock.GetTimestamp();
        }

        if (!_guards) return;
        // Not on the pool: its threads may all be among those that wait.
        new Thread(() =>
        {
            Thread.Sleep(Whole);
            Exit(code);
        })
        { IsBackground = true, Name = "ending" }.Start();
    }

    /// <summary>How long somebody may wait for something at the end: as long as usual, but no longer than the countdown leaves.</summary>
    public TimeSpan Left(TimeSpan usual)
    {
        lock (_gate)
        {
            if (_begun is not { } begun) return usual;
            var left = Whole - Reserve - _clock.GetElapsedTime(begun);
            return left < TimeSpan.Zero ? TimeSpan.Zero : left < usual ? left : usual;
        }
    }

    /// <summary>Notes whether something ended in time. A process with a thread that hangs in a library or the system is not left to their destructors.</summary>
    public bool Saw(bool ended)
    {
        if (!ended) _hasStraggler = true;
        return ended;
    }

    /// <summary>Ends the process now, with the terminal given back.</summary>
    public void Exit(int code)
    {
        if (LastWords is { } last) Guarded.Run(last);
        if (_guards) Posix.RaiseThreads();
        _exit?.Invoke(code);
    }

    /// <summary>The last thing that the process does: returns the code, or ends at once where a thread hangs.</summary>
    public int Close(int code)
    {
        CountDown(code);
        if (_hasStraggler) Exit(code);
        if (_guards) Posix.RaiseThreads();
        return code;
    }

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
    }

    private void Hear(PosixSignal signal, int code) => _signals.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        Begin(code);
    }));
}
