using System.Runtime.InteropServices;
using Softphone.Core;
using Softphone.Terminal;
using Softphone.Tui;

namespace Softphone.Cli;

/// <summary>
/// A terminal that is taken for the full screen, and what everything has that is shown there: a thread of its own, signals, a crash that is told. However it ends, the
/// terminal is given back first.
/// </summary>
internal sealed class FullScreen
{
    private readonly VerbContext _context;

    private FullScreen(VerbContext context, KeptFolders folders, UiInbox inbox, TerminalSession terminal, CrashGuard guard) =>
        (_context, Folders, Inbox, Terminal, Guard) = (context, folders, inbox, terminal, guard);

    public KeptFolders Folders { get; }

    public UiInbox Inbox { get; }

    public TerminalSession Terminal { get; }

    public CrashGuard Guard { get; }

    /// <summary>Takes the terminal, runs what is shown on a thread of its own, and gives the terminal back.</summary>
    /// <param name="features">What the terminal can do.</param>
    /// <param name="context">Where to tell a crash.</param>
    /// <param name="run">Shows it until it is over.</param>
    /// <param name="afterwards">Ends what ran behind it, once nobody looks any more: nothing in it may keep the process.</param>
    public static async Task<ExitCode> RunAsync(TerminalFeatures features, VerbContext context, Func<FullScreen, ExitCode> run, Action afterwards)
    {
        var folders = new KeptFolders(context.Environment);
        using var inbox = new UiInbox();
        using var terminal = new TerminalSession(features, inbox, new ErrorLog(folders.Errors));
        using var guard = new CrashGuard(folders, context.Error, terminal.Leave, context.Ending);
        using var ends = new ScreenEnding(context.Ending, () => inbox.TryAdd(new UiSignal.Stop(PosixSignal.SIGTERM)), () => guard.HangUp?.Invoke(), terminal.Leave);
        var screen = new FullScreen(context, folders, inbox, terminal, guard);
        return await Task.Factory.StartNew(() => Run(screen, ends, run, afterwards), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Shows it: the first frame is drawn before what it is about is made.</summary>
    public ExitCode Show(TuiSetup setup, Func<Instant> clock, Func<IPhoneLink> start)
    {
        Terminal.Use(setup.Theme);
        var loop = new UiLoop(Terminal, Inbox, new TuiMachine(setup), Attention.For(_context.Environment.GetValueOrDefault), clock);
        Terminal.Begin();
        return loop.Run(start);
    }

    private static ExitCode Run(FullScreen screen, ScreenEnding ends, Func<FullScreen, ExitCode> run, Action afterwards)
    {
        Thread.CurrentThread.Name = "screen";
        var code = ExitCode.Internal;
        try
        {
            return code = run(screen);
        }
        catch (Exception e)
        {
            screen.Guard.Tell(e);
            if (e is not PhoneCrashException) screen.Guard.HangUp?.Invoke();
            return ExitCode.Internal;
        }
        finally
        {
            screen.Terminal.Leave();
            ends.HasLeft();
            screen.Guard.HangUp = null;
            screen._context.Ending.CountDown((int)code);
            afterwards();
        }
    }
}
