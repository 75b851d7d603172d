using Softphone.Lab;
using Softphone.Phone;
using Softphone.Terminal;
using Softphone.Tui;

namespace Softphone.Cli;

/// <summary>softphone demo --tui: the phone of the full screen, with nothing set up and nobody but scripted phones to call, which end with it.</summary>
internal static class DemoTui
{
    public static async Task<ExitCode> RunAsync(Softphone.Lab.DemoOptions options, DemoFolder folder, VerbContext context)
    {
        var features = TerminalFeatures.From(context.Environment.GetValueOrDefault);
        if (TuiVerb.Refusal(features, context) is { } refusal)
        {
            await context.Error.WriteLineAsync(refusal[0]);
            await context.Error.WriteLineAsync("  without a full screen: softphone demo, or softphone demo --real-time");
            return ExitCode.Usage;
        }

        DemoLink? phone = null;
        return await FullScreen.RunAsync(
            features,
            context,
            screen =>
            {
                var clock = new DemoClock();
                var setup = new TuiSetup { Demo = DemoAdvice.Of(new PhoneView()), Keys = KeyMapFile.Read(screen.Folders.Keys, out _), Theme = TuiVerb.ThemeOf(screen.Folders) };
                return screen.Show(setup, () => clock.Now, () =>
                {
                    phone = new DemoLink(options, folder, screen.Inbox, clock, context);
                    phone.Start();
                    return phone;
                });
            },
            () => phone?.Dispose());
    }
}
