using System.Runtime.InteropServices;
using Softphone.Captures;
using Softphone.Sockets;
using Softphone.Terminal;
using Softphone.Tui;

namespace Softphone.Cli;

/// <summary>A capture on the full screen of a terminal: the screens that show what a phone has seen, with what a capture has besides.</summary>
internal static class OpenScreen
{
    public static async Task<ExitCode> RunAsync(CaptureSight sight, TerminalFeatures features, VerbContext context)
    {
        var folders = new KeptFolders(context.Environment);
        using var inbox = new UiInbox();
        using var screen = new TerminalSession(features, inbox, new ErrorLog(folders.Errors));
        using var guard = new CrashGuard(folders, context.Error, screen.Leave, context.Ending);
        using var ends = new ScreenEnding(context.Ending, () => inbox.TryAdd(new UiSignal.Stop(PosixSignal.SIGTERM)), () => { }, screen.Leave);
        return await Task.Factory.StartNew(() => Run(sight, context, folders, inbox, screen, guard, ends), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private static ExitCode Run(CaptureSight sight, VerbContext context, KeptFolders folders, UiInbox inbox, TerminalSession screen, CrashGuard guard, ScreenEnding ends)
    {
        Thread.CurrentThread.Name = "screen";
        var code = ExitCode.Internal;
        try
        {
            var setup = new TuiSetup { Capture = sight, Keys = KeyMapFile.Read(folders.Keys, out _), Theme = TuiVerb.ThemeOf(folders) };
            screen.Use(setup.Theme);
            var loop = new UiLoop(screen, inbox, new TuiMachine(setup), Attention.For(context.Environment.GetValueOrDefault), () => BootClock.Now);
            screen.Begin();
            return code = loop.Run(() => new CaptureLink(sight, inbox, folders));
        }
        catch (Exception e)
        {
            guard.Tell(e);
            return ExitCode.Internal;
        }
        finally
        {
            screen.Leave();
            ends.HasLeft();
            context.Ending.CountDown((int)code);
        }
    }
}
