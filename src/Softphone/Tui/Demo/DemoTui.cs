using Softphone.Lab;
using Softphone.Phone;
using Softphone.Terminal;
using Softphone.Tui;

namespace Softphone.Cli;

/// <summary>softphone demo --tui: the phone of the full screen, with nothing set up and nobody but scripted phones to call.</summary>
internal static class DemoTui
{
    public static async Task<ExitCode> RunAsync(Softphone.Lab.DemoOptions options, VerbContext context, CancellationToken stop)
    {
        var features = TerminalFeatures.From(context.Environment.GetValueOrDefault);
        if (TuiVerb.Refusal(features, context) is { } refusal)
        {
            await context.Error.WriteLineAsync(refusal[0]);
            await context.Error.WriteLineAsync("  without a full screen: softphone demo, or softphone demo --real-time");
            return ExitCode.Usage;
        }

        using var inbox = new UiInbox();
        using var screen = new TerminalSession(features, inbox, new ErrorLog(Path.Combine(DemoVerb.Folder(), "errors.log")));
        using var phone = new DemoLink(options, inbox);
        var loop = new UiLoop(screen, inbox, new TuiMachine(new TuiSetup { Demo = DemoAdvice.Of(new PhoneView()) }), Attention.For(context.Environment.GetValueOrDefault), () => phone.Now);
        screen.Begin();
        using var ends = stop.Register(() => inbox.TryAdd(new UiSignal.Stop(System.Runtime.InteropServices.PosixSignal.SIGTERM)));
        return await Task.Factory.StartNew(() => loop.Run(Start), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        IPhoneLink Start()
        {
            phone.Start();
            return phone;
        }
    }
}
