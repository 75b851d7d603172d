using System.Text.RegularExpressions;

namespace Softphone.Interop;

/// <summary>
/// A person at the full-screen phone, from the first start to the end: sets up an account with the wizard, calls, looks at ICE, talks, holds,
/// calls a second one, makes a conference, transfers, looks at the history, redials and quits. Screens are compared with golden ones at
/// three sizes, to which the window is resized in mid-run.
/// </summary>
internal sealed partial class TuiTrial : IDisposable
{
    private const string Server = "203.0.113.150";
    private static readonly (int Width, int Height)[] Sizes = [(80, 24), (160, 50), (100, 30)];
    private static readonly string[] Others = ["bob", "dave"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Report _report;
    private readonly TerminalWindow _window;
    private readonly ScreenWatch _watch;

    /// <summary>Carol sits at a screen too: only a phone with somebody at it lets itself be sent on.</summary>
    private readonly TerminalWindow _carol;

    private TuiTrial(Laboratory lab, Report report, string folder)
    {
        _report = report;
        _window = Open(lab, Path.Combine(folder, "alice"), "hostA");
        _watch = new ScreenWatch(report, _window, "tui");
        var config = Path.Combine(folder, "carol", "config", "softphone", "profiles");
        Directory.CreateDirectory(config);
        Profile(config, "carol");
        _carol = Open(lab, Path.Combine(folder, "carol"), "hostB");
    }

    public static void Run(Laboratory lab, Report report)
    {
        var folder = Path.Combine(lab.Folder, "tui");
        Directory.CreateDirectory(folder);
        lab.SetNat("A", "port-restricted");
        lab.SetNat("B", "none");
        // So slow that a person sees the checks run.
        lab.SetLatency(50, 0);
        try
        {
            using var server = StartServer(lab, folder);
            if (!report.Check(server.Wait("serve.ready", Patience) is not null, "tui: the server comes up", server.Errors)) return;
            var others = Others.Select(user => new PhoneProcess(lab, "hostB", "answer", "--ring", "1s", "--profile", Profile(folder, user), "--play", Binary.Sound("bob.wav"), "--audio", "null")).ToList();
            try
            {
                foreach (var (user, phone) in Others.Zip(others))
                    report.Check(phone.Wait("registration", Patience, e => e.GetProperty("state").GetString() == "registered") is not null, $"tui: {user} registers", phone.Errors);
                using var trial = new TuiTrial(lab, report, folder);
                trial._watch.Until("carol is registered at her screen", _ => trial._carol.Capture().Contains("registered at", StringComparison.Ordinal));
                trial.SetUp();
                trial.Talk();
                trial.ThreeOfUs();
                trial.Afterwards();
            }
            finally
            {
                others.ForEach(o => o.Dispose());
            }
        }
        finally
        {
            lab.SetLatency(0, 0);
        }
    }

    public void Dispose()
    {
        _window.Dispose();
        _carol.Dispose();
    }

    /// <summary>The full screen on a host, with the configuration that the folder has.</summary>
    public static TerminalWindow Open(Laboratory lab, string folder, string host)
    {
        Directory.CreateDirectory(folder);
        var environment = new Dictionary<string, string>
        {
            ["XDG_CONFIG_HOME"] = Path.Combine(folder, "config"),
            ["XDG_STATE_HOME"] = Path.Combine(folder, "state"),
            ["TERM"] = "screen-256color",
            ["LC_ALL"] = "C.UTF-8",
            ["SOFTPHONE_AUDIO_INPUT"] = "null",
            ["SOFTPHONE_AUDIO_OUTPUT"] = "null",
            ["SOFTPHONE_AUDIO_RING"] = "null",
        };
        return new TerminalWindow(Path.Combine(folder, "tmux"), (100, 30), environment, Binary.Program, Binary.FirstArguments, (program, arguments) => lab.Command(host, program, arguments));
    }

    private void SetUp()
    {
        _watch.Sees("wizard opens at the first start", "Which kind of server is it?");
        Golden("wizard-server");
        _window.Press("Down", "Down", "Down", "Down", "Down", "Enter");
        _watch.Sees("its account page", "Transport");
        _window.Type(Server);
        _window.Press("Tab", "Tab");
        _window.Type("alice");
        _window.Press("Tab", "Tab");
        _window.Type("wrong-secret");
        Golden("wizard-account");
        _window.Press("F2");
        _watch.Sees("its NAT page", "STUN server");
        _window.Type(Server);
        _window.Press("Tab");
        _window.Type(Server);
        _window.Press("Tab");
        _window.Type("alice");
        _window.Press("Tab", "Tab");
        _window.Type("alice-secret");
        Golden("wizard-nat");
        _window.Press("F2");
        _watch.Sees("what will be written", "alice.yaml");
        Golden("wizard-review");
        _window.Press("Enter");
        _watch.Sees("a wrong password is told with its remedy", "Not registered");
        _window.Press("Enter");
        _watch.Sees("Enter leads back to the password", "▸   typed");
        _window.Press("C-u");
        _window.Type("alice-secret");
        _window.Press("F2");
        _watch.Sees("the NAT page again, nothing lost", $"STUN server  {Server}");
        _window.Press("F2", "Enter");
        _watch.Sees("it registers at once", "Registered in");
        _watch.SeesNot("what was wrong before is no longer told", "was rejected");
        Golden("wizard-registered");
        _window.Type("bob");
        _window.Press("Enter");
        _watch.Sees("the test call is answered", "talking");
        _window.Press("Enter");
        _watch.Sees("and ended", "Enter calls again");
        _window.Press("Escape");
        _watch.Sees("the main screen", "┌ Accounts");
        _watch.SeesNot("the test call goes from the list", "ended");
    }

    private void Talk()
    {
        _window.Type("dbob");
        _watch.Sees("the dialler", "Enter calls");
        _window.Press("Enter");
        _watch.Sees("the call shows", "bob");
        _window.Press("i");
        var states = PairStates();
        _report.Check(states.Overlaps(["frozen", "waiting", "in progress"]) && states.Contains("selected"), "tui: pairs go through their states in the inspector", string.Join(", ", states));
        _watch.Sees("the inspector says why this path", "Direct through our NAT");
        _watch.Sees("the relay that is not needed is given back", "given back");
        Golden("ice");
        _watch.Leave("▸ ICE");
        _window.Press("s");
        _watch.Sees("the ladder of the call", "INVITE");
        Golden("sip");
        _watch.Leave("▸ SIP");
        _watch.Sees("the call talks", "talking");
        Golden("talking");
        _window.Press("1", "2", "#");
        _watch.Sees("keys are sent", "sent to");
        _window.Press("Space");
        _watch.Sees("held", "HELD");
        _watch.SeesNot("the footer shows keys again", "sent to");
        Golden("held");
        _window.Press("Space");
        _watch.Sees("resumed", "talking");
    }

    private void ThreeOfUs()
    {
        _window.Type("dcarol");
        _watch.Sees("the dialler again", "Enter calls");
        _window.Press("Enter");
        _watch.Until("it rings at carol, who answers", _ => _carol.Capture().Contains("a answer", StringComparison.Ordinal));
        _carol.Press("a");
        _watch.Until("carol talks, bob is held", s => Row(s, "carol").Contains("talking", StringComparison.Ordinal) && Row(s, "bob").Contains("HELD", StringComparison.Ordinal));
        Golden("two-calls");
        _window.Press("c");
        _watch.Until("a conference of three", s => Row(s, "carol").Contains("conference", StringComparison.Ordinal) && Row(s, "bob").Contains("conference", StringComparison.Ordinal));
        Golden("conference");
        _window.Press("t");
        _watch.Sees("whom to transfer to", "ransfer");
        _window.Type("dave");
        _window.Press("Enter");
        // Her yes counts once she has had a second to read whom she is to call.
        _watch.Until("carol is asked, and has read it", _ => _carol.Capture() is var hers && hers.Contains("asks us to call", StringComparison.Ordinal) && hers.Contains("dave", StringComparison.Ordinal)
            && (hers.Contains("in 28 s", StringComparison.Ordinal) || hers.Contains("in 27 s", StringComparison.Ordinal)));
        _carol.Press("y");
        _watch.Sees("carol is sent to dave", "is transferred to");
        _watch.Until("and bob talks still", s => Row(s, "bob").Contains("talking", StringComparison.Ordinal) && !Row(s, "carol").Contains("talking", StringComparison.Ordinal));
        _window.Press("h");
        _watch.Until("bob is hung up", s => !Row(s, "bob").Contains("talking", StringComparison.Ordinal));
    }

    private void Afterwards()
    {
        _window.Press("H");
        _watch.Sees("the history", "┌ History");
        _watch.SeesNot("the footer shows keys again", "transferring carol");
        Golden("history");
        _watch.Sees("why a call went as it did stands below the list", "├ Why");
        // Where it does not, it opens.
        _window.Resize(80, 24);
        _watch.SeesNot("in a small window there is no room for it", "├ Why");
        _window.Press("e");
        _watch.Sees("why a call went as it did", "┌ Why");
        _watch.Leave("┌ Why");
        _window.Resize(100, 30);
        _window.Press("Enter");
        _watch.Sees("the call that is over", "├ Path");
        _window.Press("s");
        _watch.Sees("its messages", "▸ SIP of ");
        _watch.Leave("▸ SIP of ");
        _watch.Leave("├ Path");
        _window.Press("b");
        _watch.Sees("called back", "talking");
        _window.Press("Q");
        _watch.Sees("quitting in a call asks", "hang up and quit");
        _watch.Until("calls that are over go from the list", s => !s.Split('\n').Any(l => l.Contains(" → ", StringComparison.Ordinal) && l.Contains(" over ", StringComparison.Ordinal)));
        _watch.SeesNot("the footer shows keys again", "\n calling");
        Golden("quit");
        _window.Press("y");
        // How soon the process is gone after that, and with which code, is what the tty trial judges.
        _watch.Until("the terminal is given back", s => _window.ExitCode is not null || s.Trim().Length == 0);
        _report.Check(_window.ExitCode is null or 0, "tui: exit code", $"{_window.ExitCode}");
    }

    /// <summary>Every state that the inspector's list shows of pairs, until one is selected.</summary>
    private HashSet<string> PairStates()
    {
        var seen = new HashSet<string>();
        _window.Wait(
            screen =>
            {
                foreach (Match state in StateOfPair().Matches(screen)) seen.Add(state.Groups[1].Value);
                return seen.Contains("selected");
            },
            Patience);
        return seen;
    }

    [GeneratedRegex(@"[A-Z]\d–\w\d .*?[●✓✗–◐○] (selected|nominated|succeeded|failed|dropped|in progress|waiting|frozen)")]
    private static partial Regex StateOfPair();

    private static string Row(string screen, string text) => screen.Split('\n').FirstOrDefault(l => l.Replace("🔒 ", "", StringComparison.Ordinal) is var row && (row.Contains($"→ {text}", StringComparison.Ordinal) || row.Contains($"← {text}", StringComparison.Ordinal))) ?? "";

    /// <summary>Compares at each size, waiting for what is on its way.</summary>
    private void Golden(string name)
    {
        foreach (var (width, height) in Sizes)
        {
            var golden = $"{name}-{width}x{height}";
            _window.Resize(width, height);
            var expected = GoldenScreen.Read(golden);
            if (GoldenScreen.IsRenewed)
            {
                Settle(height);
                GoldenScreen.Write(golden, GoldenScreen.Normal(_window.Capture()));
                continue;
            }

            var (isSo, screen) = _window.Wait(s => GoldenScreen.Normal(s) == expected, TimeSpan.FromSeconds(10));
            _report.Check(isSo, $"tui: golden {golden}", isSo ? "" : $"{GoldenScreen.Difference(expected, GoldenScreen.Normal(screen))}\n{screen}");
        }
    }

    /// <summary>Two looks in a row that are the same: what was asked for is drawn.</summary>
    private void Settle(int height)
    {
        var last = "";
        _window.Wait(
            s =>
            {
                var isSame = s == last && s.TrimEnd('\n').Split('\n').Length >= height - 1;
                last = s;
                Thread.Sleep(150);
                return isSame;
            },
            TimeSpan.FromSeconds(5));
    }

    private static PhoneProcess StartServer(Laboratory lab, string folder)
    {
        var users = Path.Combine(folder, "users");
        File.WriteAllText(users, "alice: alice-secret\nbob: bob-secret\ncarol: carol-secret\ndave: dave-secret\n");
        File.SetUnixFileMode(users, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return new PhoneProcess(lab, "hostC", "lab", "serve", "--listen", Server, "--public", "--users", users);
    }

    private static string Profile(string folder, string user)
    {
        var file = Path.Combine(folder, $"{user}.yaml");
        File.WriteAllText(file, $"account:\n  uri: sip:{user}@{Server}\n  password: {user}-secret\n  registrar: sip:{Server}\nnat:\n  stun: [\"stun:{Server}\"]\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }
}
