using Softphone.Sockets;

namespace Softphone.Cli;

/// <summary>
/// Stands by while the screen is shown: whatever thread fails, the terminal is given back, what happened is written down, and the person
/// is told where. Nothing catches a kill.
/// </summary>
internal sealed class CrashGuard : IDisposable
{
    private readonly KeptFolders _folders;
    private readonly TextWriter _error;
    private readonly Action _restore;
    private readonly Ending _ending;
    private int _told;

    /// <summary>Hangs up, where there is a phone: the other side must not talk to nobody.</summary>
    public Action? HangUp { get; set; }

    /// <param name="folders">Where the report goes.</param>
    /// <param name="error">Where the person is told.</param>
    /// <param name="restore">Gives the terminal back; called from any thread.</param>
    /// <param name="ending">Ends the process in any case: the terminal, or the disk of the report, may take nothing.</param>
    public CrashGuard(KeptFolders folders, TextWriter error, Action restore, Ending ending)
    {
        (_folders, _error, _restore, _ending) = (folders, error, restore, ending);
        AppDomain.CurrentDomain.UnhandledException += OnUnhandled;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    /// <summary>Tells of an error, once: whatever fails because of it is not news.</summary>
    public void Tell(Exception error)
    {
        if (Interlocked.Exchange(ref _told, 1) != 0) return;
        _ending.CountDown((int)ExitCode.Internal);
        _restore();
        var cause = error is PhoneCrashException { InnerException: { } inner } ? inner : error;
        var path = CrashReport.Write(_folders, cause, DateTimeOffset.Now);
        _error.WriteLine($"softphone: internal error: {cause.Message}");
        if (path is not null) _error.WriteLine($"  {path} tells where; please report it (it has no passwords in it)");
        else _error.Write($"{cause}\n");
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.UnhandledException -= OnUnhandled;
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
    }

    private void OnUnhandled(object sender, UnhandledExceptionEventArgs e)
    {
        // Aside, for the telling may wait for a terminal.
        var hangsUp = new Thread(() => Guarded.Run(() => HangUp?.Invoke())) { IsBackground = true, Name = "hanging up" };
        hangsUp.Start();
        Tell(e.ExceptionObject as Exception ?? new InvalidOperationException(e.ExceptionObject.ToString()));
        hangsUp.Join();
        // The runtime would print all of it over the shell's prompt, and leave a core file.
        Environment.Exit((int)ExitCode.Internal);
    }

    private void OnExit(object? sender, EventArgs e) => _restore();
}
