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
    private int _told;

    /// <summary>Hangs up, where there is a phone: the other side must not talk to nobody. Called after the person was told.</summary>
    public Action? HangUp { get; set; }

    /// <param name="folders">Where the report goes.</param>
    /// <param name="error">Where the person is told.</param>
    /// <param name="restore">Gives the terminal back; called from any thread.</param>
    public CrashGuard(KeptFolders folders, TextWriter error, Action restore)
    {
        (_folders, _error, _restore) = (folders, error, restore);
        AppDomain.CurrentDomain.UnhandledException += OnUnhandled;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    /// <summary>Tells of an error, once: whatever fails because of it is not news.</summary>
    public void Tell(Exception error)
    {
        if (Interlocked.Exchange(ref _told, 1) != 0) return;
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
        Tell(e.ExceptionObject as Exception ?? new InvalidOperationException(e.ExceptionObject.ToString()));
        HangUp?.Invoke();
        // The runtime would print all of it over the shell's prompt, and leave a core file.
        Environment.Exit((int)ExitCode.Internal);
    }

    private void OnExit(object? sender, EventArgs e) => _restore();
}
