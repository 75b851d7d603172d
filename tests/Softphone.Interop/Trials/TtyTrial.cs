using System.Diagnostics;
using System.Globalization;

namespace Softphone.Interop;

/// <summary>
/// The full screen on a real terminal under a real shell, registered at `lab serve` on this machine: however it ends, the terminal is as it
/// was, the shell has its exit code, and nothing is left at the server. No namespaces, and no network beyond this machine.
/// </summary>
internal static class TtyTrial
{
    private const string Server = "127.0.0.77";
    private const string Password = "tty-secret";
    private const string Ready = "registered";
    private const int Width = 100;
    private const int Height = 30;

    public static void Run(string root, Report report)
    {
        var folder = Path.Combine(root, "tty");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(Path.Combine(folder, "config", "softphone", "profiles"));
        var profile = Path.Combine(folder, "config", "softphone", "profiles", "work.yaml");
        File.WriteAllText(profile, $"""
            account:
              uri: sip:alice@{Server}
              registrar: sip:{Server}
              password-env: TTY_PASSWORD
            nat:
              mode: none
            audio:
              input: "null"
              output: "null"
              ring: "null"
            """);
        using var server = PhoneProcess.Here(
            new Dictionary<string, string> { ["SOFTPHONE_LAB_PASSWORD"] = Password }, "lab", "serve", "--listen", Server, "--user", "alice", "--sips-port", "0", "--turns-port", "0");
        if (!report.Check(server.Wait("serve.ready", TimeSpan.FromMinutes(1)) is not null, "tty: the server comes up", server.Errors)) return;

        var trial = new Cases(folder, report, server);
        trial.Ends("Q", t => t.Press("Q"), 0);
        trial.Ends("Ctrl-C", t => t.Press("C-c"), 0);
        trial.Ends("SIGTERM", t => t.Signal("TERM"), 130);
        trial.Ends("SIGINT", t => t.Signal("INT"), 130);
        trial.Ends("SIGHUP", t => t.Signal("HUP"), 130);
        trial.Ends("SIGQUIT", t => t.Signal("QUIT"), 130);
        trial.Stops("Ctrl-Z", t => t.Press("C-z"));
        trial.Stops("SIGTSTP", t => t.Signal("TSTP"));
        trial.Background();
        trial.StopsHard();
        trial.EndsBehindTheShell();
        trial.Crashes();
        trial.Aborts();
        trial.Closes();
        trial.Shrinks();
        trial.MouseAndPaste();
        trial.Refuses();
        trial.OverSsh();
        server.Signal("INT");
        server.WaitForExit(TimeSpan.FromSeconds(20));
    }

    /// <summary>A terminal with a softphone in it.</summary>
    private sealed class Seat : IDisposable
    {
        private readonly Terminal _terminal;
        private readonly string _folder;
        private readonly string _settings;
        private readonly string _modes;

        public Seat(string folder, IReadOnlyDictionary<string, string>? more = null)
        {
            _folder = folder;
            _terminal = new Terminal(folder, Width, Height, new Dictionary<string, string>(more ?? new Dictionary<string, string>())
            {
                ["XDG_CONFIG_HOME"] = Path.Combine(Path.GetDirectoryName(folder)!, "config"),
                ["XDG_STATE_HOME"] = Path.Combine(folder, "state"),
                ["TTY_PASSWORD"] = Password,
                ["LANG"] = "C.UTF-8",
            });
            _settings = _terminal.Run("stty -a");
            _modes = _terminal.Modes;
        }

        public Terminal Terminal => _terminal;

        public int Phone { get; private set; }

        public string State => Path.Combine(_folder, "state", "softphone");

        /// <summary>Starts the phone and waits until it is registered.</summary>
        public bool Start(string program)
        {
            _terminal.Run("echo above");
            _terminal.Type($"clear; echo shell-was-here; {program}");
            var isUp = _terminal.Wait(s => s.Contains(Ready, StringComparison.Ordinal));
            Phone = Child(_terminal.Shell);
            return isUp;
        }

        public void Press(params string[] keys) => _terminal.Press(keys);

        public void Signal(string name)
        {
            using var kill = Process.Start("kill", [$"-{name}", Phone.ToString(CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
        }

        /// <summary>The shell has the terminal again: its own screen, its prompt, and this exit code.</summary>
        public bool IsBack(int code) => _terminal.Wait(s => s.Contains("shell-was-here", StringComparison.Ordinal) && HasPrompt(s, code));

        /// <summary>The prompt is there, whatever stands above it.</summary>
        public bool IsAtPrompt(int code) => _terminal.Wait(s => HasPrompt(s, code));

        /// <summary>What `stty -a` says differently than before the start; empty when it is the same.</summary>
        public string Difference()
        {
            var now = _terminal.Run("stty -a");
            return now == _settings ? "" : $"was {_settings.ReplaceLineEndings(" ")} is {now.ReplaceLineEndings(" ")}";
        }

        /// <summary>The same of the modes that sequences switch.</summary>
        public string ModeDifference() => _terminal.Modes == _modes ? "" : $"was {_modes} is {_terminal.Modes}";

        public bool IsGone(TimeSpan limit)
        {
            var clock = Stopwatch.StartNew();
            while (clock.Elapsed < limit)
            {
                if (!Directory.Exists($"/proc/{Phone}")) return true;
                Thread.Sleep(50);
            }

            return false;
        }

        public void Dispose() => _terminal.Dispose();

        private static bool HasPrompt(string screen, int code) => screen.Split('\n').Any(l => l.TrimEnd() == $"[{code}]$");

        private static int Child(int shell)
        {
            var clock = Stopwatch.StartNew();
            while (clock.Elapsed < TimeSpan.FromSeconds(2))
            {
                var children = File.ReadAllText($"/proc/{shell}/task/{shell}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (children.Length > 0) return int.Parse(children[^1], CultureInfo.InvariantCulture);
            }

            return -1;
        }
    }

    private sealed class Cases(string folder, Report report, PhoneProcess server)
    {
        private static readonly string Program = string.Join(' ', new[] { Binary.Program }.Concat(Binary.FirstArguments));

        /// <summary>The build that takes hooks, which a packaged one does not.</summary>
        private static readonly string PlainBuild = $"dotnet {Path.Combine(Binary.Repository, "src/Softphone/bin", Binary.Configuration, "net10.0/softphone.dll")}";

        private int _seats;
        private string _case = "";

        public void Ends(string how, Action<Seat> act, int code) => With(how, seat =>
        {
            var bound = Unbound();
            act(seat);
            Check(seat.IsBack(code), $"{how}: the shell has its screen back, exit code {code}", seat.Terminal.Screen.Trim());
            Same(how, seat);
            Check(WaitUnbound(bound), $"{how}: it unregistered");
        });

        public void Stops(string how, Action<Seat> act) => With(how, seat =>
        {
            act(seat);
            Check(seat.Terminal.Wait(s => s.Contains("Stopped", StringComparison.Ordinal)), $"{how}: the shell has the terminal", seat.Terminal.Screen.Trim());
            Same(how, seat);
            seat.Terminal.Type("fg");
            Check(seat.Terminal.Wait(s => s.Contains(Ready, StringComparison.Ordinal)), $"{how} and fg: the screen is drawn again");
            EndWith(how, seat);
        });

        /// <summary>The phone goes on in the background, and takes the screen only when it is in the foreground.</summary>
        public void Background() => With("bg", seat =>
        {
            seat.Press("C-z");
            Check(seat.Terminal.Wait(s => s.Contains("Stopped", StringComparison.Ordinal)), "bg: Ctrl-Z stops it first", seat.Terminal.Screen.Trim());
            seat.Terminal.Type("bg");
            seat.Terminal.Type("echo typed-in-the-shell");
            Check(seat.Terminal.Wait(s => s.Split("typed-in-the-shell").Length >= 3), "bg: the shell reads its keys", seat.Terminal.Screen.Trim());
            Thread.Sleep(500);
            Check(!seat.Terminal.Screen.Contains(Ready, StringComparison.Ordinal) && StateOf(seat.Phone) is 'S' or 'R', "bg: it runs and draws nothing", $"state {StateOf(seat.Phone)}");
            seat.Terminal.Type("fg");
            Check(seat.Terminal.Wait(s => s.Contains(Ready, StringComparison.Ordinal)), "bg and fg: the screen is drawn again");
            EndWith("bg", seat);
        });

        public void StopsHard() => With("SIGSTOP", seat =>
        {
            seat.Signal("STOP");
            Thread.Sleep(500);
            seat.Signal("CONT");
            seat.Terminal.Type("fg");
            Check(seat.Terminal.Wait(s => s.Contains(Ready, StringComparison.Ordinal)), "SIGSTOP and SIGCONT: the screen is drawn again");
            EndWith("SIGSTOP", seat);
        });

        /// <summary>Stopped unasked, so with the terminal as it was set for it, then let go on behind a shell, then told to end.</summary>
        public void EndsBehindTheShell() => With("SIGSTOP, bg, SIGTERM", seat =>
        {
            var bound = Unbound();
            seat.Signal("STOP");
            seat.Terminal.Wait(s => s.Contains("Stopped", StringComparison.Ordinal));
            seat.Terminal.Type("bg");
            seat.Signal("TERM");
            Check(seat.IsGone(TimeSpan.FromSeconds(4)), "SIGSTOP, bg, SIGTERM: it ends", $"{StateOf(seat.Phone)}");
            Check(WaitUnbound(bound), "SIGSTOP, bg, SIGTERM: it unregistered");
        });

        public void Crashes()
        {
            var trigger = Path.Combine(folder, "crash-now");
            With("crash", seat =>
            {
                var bound = Unbound();
                File.WriteAllText(trigger, "");
                Check(seat.IsBack(1), "crash: the shell has its screen back, exit code 1", seat.Terminal.Screen.Trim());
                Check(seat.Terminal.Screen.Contains("provoked by the trial", StringComparison.Ordinal), "crash: the person is told");
                Same("crash", seat);
                var reports = Directory.Exists(Path.Combine(seat.State, "crashes")) ? Directory.GetFiles(Path.Combine(seat.State, "crashes")) : [];
                var text = reports.Length == 1 ? File.ReadAllText(reports[0]) : "";
                Check(text.Contains("InvalidOperationException: provoked by the trial", StringComparison.Ordinal), "crash: one report says where", text);
                Check(!text.Contains(Password, StringComparison.Ordinal), "crash: no password in the report");
                Check(WaitUnbound(bound), "crash: it unregistered");
            }, Hook(trigger), PlainBuild);
        }

        /// <summary>The runtime gives up: nobody of ours runs any more, but it puts the terminal's settings back.</summary>
        public void Aborts()
        {
            var trigger = Path.Combine(folder, "abort-now");
            With("abort", seat =>
            {
                File.WriteAllText(trigger + ".new", "abort");
                File.Move(trigger + ".new", trigger);
                Check(seat.IsGone(TimeSpan.FromSeconds(10)), "abort: it is gone");
                Same("abort", seat);
            }, Hook(trigger), PlainBuild);
        }

        public void Closes() => With("closed terminal", seat =>
        {
            var bound = Unbound();
            seat.Terminal.Close();
            Check(seat.IsGone(TimeSpan.FromSeconds(6)), "closed terminal: it ends");
            Check(WaitUnbound(bound), "closed terminal: it unregistered");
        });

        public void Shrinks() => With("shrink", seat =>
        {
            seat.Terminal.Resize(20, 5);
            Check(seat.Terminal.Wait(s => s.Contains("20×5", StringComparison.Ordinal)), "20×5: it says that this is too small", seat.Terminal.Screen.Trim());
            seat.Terminal.Resize(Width, Height);
            Check(seat.Terminal.Wait(s => s.Contains(Ready, StringComparison.Ordinal)), "back to 100×30: the screen is drawn again", seat.Terminal.Screen.Trim());
            EndWith("shrink", seat);
        });

        public void MouseAndPaste() => With("mouse", seat =>
        {
            seat.Press("d");
            seat.Terminal.Wait(s => s.Contains("Dial", StringComparison.Ordinal));
            // A paste is text, whatever is in it: the Q and the line end must not act.
            seat.Terminal.Send("\e[200~sip:Q202@pbx.example.net\r\e[201~");
            Check(seat.Terminal.Wait(s => s.Contains("sip:Q202@pbx.example.net", StringComparison.Ordinal)), "paste: it is text", seat.Terminal.Screen.Trim());
            seat.Press("Escape");
            seat.Terminal.Wait(s => !s.Contains("Q202", StringComparison.Ordinal));
            var before = seat.Terminal.Screen;
            seat.Press("?");
            seat.Terminal.Wait(s => s != before);
            var top = seat.Terminal.Screen;
            for (var i = 0; i < 5; i++) seat.Terminal.Send($"\e[<65;{Width / 2};{Height / 2}M");
            Check(seat.Terminal.Wait(s => s != top), "wheel: help scrolls", seat.Terminal.Screen.Trim());
            seat.Press("Escape");
            seat.Terminal.Wait(s => s == before, TimeSpan.FromSeconds(2));
            var (x, y) = Place(seat.Terminal.Screen, "help");
            seat.Terminal.Send($"\e[<0;{x + 1};{y + 1}M\e[<0;{x + 1};{y + 1}m");
            Check(x >= 0 && seat.Terminal.Wait(s => s != before && s.Contains("help", StringComparison.OrdinalIgnoreCase), TimeSpan.FromSeconds(3)), "click: the footer's help opens", seat.Terminal.Screen.Trim());
            seat.Press("Escape");
            // An Escape with a key behind it is another key.
            seat.Terminal.Wait(s => s == before, TimeSpan.FromSeconds(2));
            EndWith("mouse", seat);
        });

        public void Refuses()
        {
            if (!report.Wants("refusals")) return;
            _case = "refusals";
            using var terminal = new Terminal(FolderOf("refusals"), Width, Height, new Dictionary<string, string>());
            terminal.Type($"clear; TERM=dumb {Program}; echo code $?");
            terminal.Wait(s => s.Contains("code 2", StringComparison.Ordinal));
            Told("TERM=dumb", terminal.Screen);
            Told("pipe", terminal.Run($"({Program} | cat; echo code ${{PIPESTATUS[0]}})"));
            Told("no keyboard", terminal.Run($"({Program} </dev/null; echo code $?)"));

            void Told(string what, string said) =>
                Check(said.Contains("softphone call", StringComparison.Ordinal) && said.Contains("code 2", StringComparison.Ordinal), $"{what}: it says what to use instead, exit code 2", said.Trim());
        }

        public void OverSsh() => With("ssh", seat =>
        {
            Check(seat.Terminal.Wait(s => s.Contains($"sound is on {Environment.MachineName}", StringComparison.Ordinal)), "over SSH: it says where sound is", seat.Terminal.Screen.Trim());
            EndWith("ssh", seat);
        }, new Dictionary<string, string> { ["SSH_CONNECTION"] = "192.0.2.1 50000 192.0.2.2 22" });

        private void With(string name, Action<Seat> act, IReadOnlyDictionary<string, string>? variables = null, string? program = null)
        {
            if (!report.Wants(name)) return;
            _case = name;
            using var seat = new Seat(FolderOf(name), variables);
            if (Check(seat.Start(program ?? Program), $"{name}: it comes up and registers", seat.Terminal.Screen.Trim())) act(seat);
        }

        private bool Check(bool holds, string name, string found = "") => report.Check(holds, name, holds ? "" : found, _case);

        private static Dictionary<string, string> Hook(string trigger) =>
            new() { ["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location, [StartupHook.FileVariable] = trigger };

        private string FolderOf(string name) => Path.Combine(folder, $"{++_seats:00}-{name.Replace(' ', '-')}");

        private void Same(string how, Seat seat)
        {
            if (how != "abort")
            {
                var modes = seat.ModeDifference();
                Check(modes.Length == 0, $"{how}: screen, keys and mouse as before", modes);
            }

            var difference = seat.Difference();
            Check(difference.Length == 0, $"{how}: stty -a as before", difference);
        }

        private void EndWith(string how, Seat seat)
        {
            seat.Press("Q");
            Check(seat.IsAtPrompt(0), $"{how}: it quits afterwards");
            Same($"{how}, afterwards", seat);
        }

        private int Unbound() => server.All("serve.registration").Count(e => e.Text("state") == "unbound");

        private bool WaitUnbound(int before)
        {
            var clock = Stopwatch.StartNew();
            while (clock.Elapsed < TimeSpan.FromSeconds(5))
            {
                if (Unbound() > before) return true;
                Thread.Sleep(50);
            }

            return false;
        }

        /// <summary>The state as the kernel writes it; 'X' once the process is gone.</summary>
        private static char StateOf(int process)
        {
            try
            {
                var stat = File.ReadAllText($"/proc/{process}/stat");
                return stat[stat.LastIndexOf(')') + 2];
            }
            catch (IOException)
            {
                return 'X';
            }
        }

        /// <summary>Where a word stands on the lowest line that has it.</summary>
        private static (int X, int Y) Place(string screen, string word)
        {
            var lines = screen.Split('\n');
            for (var y = lines.Length - 1; y >= 0; y--)
                if (lines[y].IndexOf(word, StringComparison.Ordinal) is >= 0 and var x) return (x, y);
            return (-1, -1);
        }
    }
}
