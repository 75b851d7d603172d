using Softphone.Captures;
using Softphone.Sockets;
using Softphone.Terminal;
using Softphone.Tui;

namespace Softphone.Cli;

/// <summary>A capture on the full screen of a terminal: the screens that show what a phone has seen, with what a capture has besides.</summary>
internal static class OpenScreen
{
    public static Task<ExitCode> RunAsync(CaptureSight sight, TerminalFeatures features, VerbContext context) => FullScreen.RunAsync(
        features,
        context,
        screen =>
        {
            var setup = new TuiSetup { Capture = sight, Keys = KeyMapFile.Read(screen.Folders.Keys, out _), Theme = TuiVerb.ThemeOf(screen.Folders) };
            return screen.Show(setup, () => BootClock.Now, () => new CaptureLink(sight, screen.Inbox, screen.Folders));
        },
        () => { });
}
