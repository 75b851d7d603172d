using System.Runtime.InteropServices;
using Softphone.Core;
using Softphone.Sockets;
using Softphone.Terminal;

namespace Softphone.Cli;

/// <summary>
/// The full screen, from the first frame until the terminal is given back as it was: signals, raw mode, the thread that reads keys, frames.
/// Frames are drawn by the UI thread; <see cref="Leave"/> may be called from any, and nothing is drawn after it.
/// </summary>
internal sealed class TerminalSession : IScreen, IDisposable
{
    /// <summary>How long a crash waits for a frame that the terminal does not take.</summary>
    private static readonly TimeSpan WriteLimit = TimeSpan.FromMilliseconds(300);

    private readonly Lock _gate = new();
    private readonly UiInbox _inbox;
    private readonly Renderer _renderer;
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly ITerminal _terminal;
    private readonly ErrorLog _errors;
    private PosixSignalRegistration? _stopSignal;
    private bool _isShown;
    private bool _hasLeft;

    /// <param name="features">What the terminal can do.</param>
    /// <param name="inbox">Where keys and signals go.</param>
    /// <param name="errors">Where standard error goes while the screen is shown.</param>
    /// <param name="terminal">Makes the terminal, once signals are taken care of; null takes that of this system.</param>
    public TerminalSession(TerminalFeatures features, UiInbox inbox, ErrorLog errors, Func<ITerminal>? terminal = null)
    {
        _inbox = inbox;
        _errors = errors;
        _renderer = new Renderer(features);
        // The order matters: the runtime notes the terminal's settings with the first of these, before anybody changes them.
        Take(PosixSignal.SIGTERM, s => new UiSignal.Stop(s));
        Take(PosixSignal.SIGINT, s => new UiSignal.Stop(s));
        Take(PosixSignal.SIGQUIT, s => new UiSignal.Stop(s));
        Take(PosixSignal.SIGHUP, s => new UiSignal.Stop(s));
        if (!OperatingSystem.IsWindows())
        {
            Take(PosixSignal.SIGWINCH, _ => new UiSignal.Resized());
            // Cancelled, for else the runtime puts its own settings back after this.
            Take(PosixSignal.SIGCONT, _ => new UiSignal.Continued());
        }

        _terminal = terminal?.Invoke() ?? (OperatingSystem.IsWindows() ? new WindowsTerminal() : new PosixTerminal());
        TakeStop();
    }

    public bool IsShown => _isShown;

    public (int Width, int Height) Size => _terminal.Size;

    /// <summary>Takes the screen and starts to listen.</summary>
    public void Begin()
    {
        Resume();
        new Thread(Listen) { IsBackground = true, Name = "keys" }.Start();
    }

    public bool Show(Surface frame)
    {
        lock (_gate)
        {
            if (!_isShown || _hasLeft) return true;
            var octets = _renderer.Draw(frame);
            return octets.IsEmpty || _terminal.Write(octets);
        }
    }

    public void Send(ReadOnlySpan<byte> octets)
    {
        lock (_gate)
        {
            if (_isShown && !_hasLeft) _terminal.Write(octets);
        }
    }

    public void Use(Theme theme)
    {
        lock (_gate) _renderer.Theme = theme;
    }

    public void Forget() => _renderer.Forget();

    public void Suspend()
    {
        if (OperatingSystem.IsWindows()) return;
        Hide();
        // With our handler gone the signal stops the process, as the shell expects; nobody stops a process that no shell looks after.
        _stopSignal?.Dispose();
        _terminal.Stop();
        TakeStop();
        Resume();
    }

    /// <summary>Takes the screen again, if the process is in the foreground; false when it must wait for that.</summary>
    public bool Resume()
    {
        lock (_gate)
        {
            if (_hasLeft || !_terminal.IsForeground) return _isShown = false;
            _terminal.EnterRaw();
            _errors.Begin();
            // A process that was stopped without being asked has its title saved already.
            if (!_isShown) _terminal.Write(TerminalModes.SaveTitle);
            _terminal.Write(Renderer.Enter);
            _renderer.Forget();
            return _isShown = true;
        }
    }

    /// <summary>Gives the terminal back for good. May be called twice, and from any thread.</summary>
    public void Leave()
    {
        // The thread that holds the lock may be stuck in a write to a stalled terminal: then the terminal is restored without the lock.
        var has = _gate.TryEnter(WriteLimit);
        try
        {
            if (_hasLeft) return;
            _hasLeft = true;
            if (has) Clear();
            _errors.End();
            _terminal.LeaveRaw();
        }
        finally
        {
            if (has) _gate.Exit();
        }
    }

    public void Dispose()
    {
        Leave();
        _stopSignal?.Dispose();
        foreach (var signal in _signals) signal.Dispose();
        _terminal.Dispose();
    }

    private void Hide()
    {
        lock (_gate)
        {
            Clear();
            _errors.End();
            _terminal.LeaveRaw();
        }
    }

    private void Clear()
    {
        if (!_isShown) return;
        _isShown = false;
        _terminal.Write(Renderer.Leave);
        _terminal.Write(TerminalModes.RestoreTitle);
        _terminal.Write(TerminalModes.PlainKeys);
    }

    private void Take(PosixSignal signal, Func<PosixSignal, UiSignal> told) => _signals.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        _inbox.TryAdd(told(context.Signal));
    }));

    private void TakeStop()
    {
        if (OperatingSystem.IsWindows()) return;
        _stopSignal = PosixSignalRegistration.Create(PosixSignal.SIGTSTP, context =>
        {
            context.Cancel = true;
            _inbox.TryAdd(new UiSignal.Suspend());
        });
    }

    private void Listen()
    {
        var parser = new InputParser();
        Span<byte> octets = stackalloc byte[4096];
        while (true)
        {
            TimeSpan? limit = parser.NextTimeout is { } due ? due - BootClock.Now : null;
            var count = _terminal.Read(octets, limit);
            if (count < 0) break;
            if (count > 0) parser.Feed(BootClock.Now, octets[..count]);
            else parser.Advance(BootClock.Now);
            while (parser.TryRead(out var happened)) _inbox.Add(new UiSignal.Input(happened));
        }

        _inbox.Add(new UiSignal.Closed());
    }
}
