using Softphone.Sockets;

namespace Softphone.Cli;

/// <summary>
/// Ends a full screen that a signal asks to end. Its UI thread is asked first; but that may wait for a terminal that takes nothing, so the phone
/// hangs up without it, and after a while the terminal is given back and the process ended over its head.
/// </summary>
internal sealed class ScreenEnding : IDisposable
{
    /// <summary>What giving back a terminal that takes nothing may cost.</summary>
    private static readonly TimeSpan LeavingTime = TimeSpan.FromMilliseconds(400);

    private static readonly TimeSpan UsualLeast = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(3);

    private readonly Ending _ending;
    private readonly Action _ask;
    private readonly Action _hangUp;
    private readonly TimeSpan _least;
    private readonly ManualResetEventSlim _left = new();
    private readonly CancellationTokenRegistration _stops;

    /// <param name="ending">How the process ends.</param>
    /// <param name="ask">Asks the UI thread to end; returns at once.</param>
    /// <param name="hangUp">Hangs up and unregisters; may take some seconds.</param>
    /// <param name="leave">Gives the terminal back, from any thread.</param>
    /// <param name="least">What the UI thread has at least, however long hanging up took.</param>
    public ScreenEnding(Ending ending, Action ask, Action hangUp, Action leave, TimeSpan? least = null)
    {
        (_ending, _ask, _hangUp, _least) = (ending, ask, hangUp, least ?? UsualLeast);
        ending.LastWords = leave;
        _stops = ending.Stop.Register(() => new Thread(End) { IsBackground = true, Name = "ending the screen" }.Start());
    }

    /// <summary>The UI thread has given the terminal back; what it still does has its own limits.</summary>
    public void HasLeft() => _left.Set();

    public void Dispose()
    {
        _stops.Dispose();
        _ending.LastWords = null;
    }

    internal void End()
    {
        Guarded.Run(_ask);
        Guarded.Run(_hangUp);
        var patience = _ending.Left(MostPatience) - LeavingTime;
        if (!_left.Wait(patience < _least ? _least : patience)) _ending.Exit((int)ExitCode.Interrupted);
    }
}
