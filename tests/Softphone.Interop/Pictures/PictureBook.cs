namespace Softphone.Interop;

/// <summary>The pictures of the documents, taken of the running program: `softphone demo --tui`, walked as a newcomer would.</summary>
internal static class PictureBook
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly (int Width, int Height) Size = (110, 32);

    public static int Run()
    {
        var folder = Path.Combine(Binary.Repository, "docs", "pictures");
        Directory.CreateDirectory(folder);
        var socket = Path.Combine(Path.GetTempPath(), $"softphone-pictures-{Environment.ProcessId}");
        using var own = new OwnPlace();
        // SDL's devices of files: a microphone that hears a speech, and a loudspeaker, on a machine that may have neither.
        var environment = new Dictionary<string, string>
        {
            ["TERM"] = "tmux-256color",
            ["COLORTERM"] = "",
            ["LC_ALL"] = "C.UTF-8",
            ["SSH_CONNECTION"] = "",
            ["XDG_CONFIG_HOME"] = own.Folder,
            ["XDG_STATE_HOME"] = own.Folder,
            ["SDL_AUDIODRIVER"] = "disk",
            ["SDL_DISKAUDIOFILEIN"] = own.Speech,
            ["SDL_DISKAUDIOFILE"] = "/dev/null",
        };
        using var window = new TerminalWindow(socket, Size, environment, Binary.Program, [.. Binary.FirstArguments, "demo", "--tui", "--nat-b", "symmetric", "--latency", "15ms"]);
        See("registered at");
        window.Type("dbob");
        window.Press("Enter");
        See("talking");
        window.Press("p");
        Thread.Sleep(TimeSpan.FromSeconds(20));
        Take("call", "A call: levels, quality of the last minute, path, and the flow of messages");
        Back();
        window.Press("i");
        See("Why");
        Take("ice", "The ICE inspector: candidates, every pair with its state, and why this path");
        Back();
        window.Press("s");
        See("INVITE");
        Take("sip", "The SIP ladder of a call");
        Back();
        window.Press("L");
        See("SIP dialogs");
        Take("dialogs", "All SIP dialogs: calls, registrations and whatever else was said");
        Back();
        window.Type("ddave");
        window.Press("Enter");
        See("HELD");
        See("Carol calls");
        Take("main", "The main screen: accounts, contacts, two calls and a third that rings, events");
        window.Press("Q", "y");
        window.Wait(_ => window.ExitCode is not null, Patience);
        return 0;

        // A key right behind Escape would be one with Alt.
        void Back()
        {
            window.Press("Escape");
            window.Wait(s => !s.Contains(" ▸ ", StringComparison.Ordinal), Patience);
        }

        void See(string text)
        {
            var (isSo, screen) = window.Wait(s => s.Contains(text, StringComparison.Ordinal), TimeSpan.FromSeconds(60));
            if (!isSo) throw new InvalidOperationException($"\"{text}\" is not to be seen:\n{screen}");
        }

        void Take(string name, string title)
        {
            // What was asked for last is drawn within a frame or two.
            Thread.Sleep(TimeSpan.FromMilliseconds(500));
            var path = Path.Combine(folder, $"{name}.svg");
            File.WriteAllText(path, SvgPicture.Of(window.CaptureColours(), Size.Width, Size.Height, title));
            Console.WriteLine(path);
        }
    }

    /// <summary>Settings of nobody, and what the microphone hears: as long as the walk takes.</summary>
    private sealed class OwnPlace : IDisposable
    {
        private const int HeadOfWav = 44;
        private const int Times = 40;

        public OwnPlace()
        {
            var speech = File.ReadAllBytes(Path.Combine(Binary.Repository, "sounds", "alice.wav"));
            using var file = File.Create(Speech);
            for (var i = 0; i < Times; i++) file.Write(speech.AsSpan(HeadOfWav));
        }

        public string Folder { get; } = Directory.CreateTempSubdirectory("softphone-pictures-").FullName;

        public string Speech => Path.Combine(Folder, "speech.raw");

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }
}
