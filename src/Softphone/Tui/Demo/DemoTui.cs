using System.Runtime.InteropServices;
using Softphone.Lab;
using Softphone.Phone;
using Softphone.Terminal;
using Softphone.Tui;

namespace Softphone.Cli;

/// <summary>softphone demo --tui: the phone of the full screen, with nothing set up and nobody but scripted phones to call.</summary>
internal static class DemoTui
{
    public static async Task<ExitCode> RunAsync(Softphone.Lab.DemoOptions options, DemoFolder folder, VerbContext context, CancellationToken stop)
    {
        var features = TerminalFeatures.From(context.Environment.GetValueOrDefault);
        if (TuiVerb.Refusal(features, context) is { } refusal)
        {
            await context.Error.WriteLineAsync(refusal[0]);
            await context.Error.WriteLineAsync("  without a full screen: softphone demo, or softphone demo --real-time");
            return ExitCode.Usage;
        }

        var folders = new KeptFolders(context.Environment);
        using var inbox = new UiInbox();
        using var screen = new TerminalSession(features, inbox, new ErrorLog(folders.Errors));
        using var guard = new CrashGuard(folders, context.Error, screen.Leave, context.Ending);
        // Whom the demonstration calls ends with it.
        using var ends = new ScreenEnding(context.Ending, () => inbox.TryAdd(new UiSignal.Stop(PosixSignal.SIGTERM)), () => { }, screen.Leave);
        return await Task.Factory.StartNew(() => Run(options, folder, context, inbox, screen, guard, ends), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private static ExitCode Run(Softphone.Lab.DemoOptions options, DemoFolder folder, VerbContext context, UiInbox inbox, TerminalSession screen, CrashGuard guard, ScreenEnding ends)
    {
        Thread.CurrentThread.Name = "screen";
        DemoLink? phone = null;
        var code = ExitCode.Internal;
        try
        {
            var clock = new DemoClock();
            var setup = new TuiSetup { Demo = DemoAdvice.Of(new PhoneView()) };
            var loop = new UiLoop(screen, inbox, new TuiMachine(setup), Attention.For(context.Environment.GetValueOrDefault), () => clock.Now);
            screen.Begin();
            return code = loop.Run(() =>
            {
                phone = new DemoLink(options, folder, inbox, clock, context);
                phone.Start();
                return phone;
            });
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
            phone?.Dispose();
        }
    }
}
