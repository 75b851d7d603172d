using System.Diagnostics;

namespace Softphone.Interop;

/// <summary>
/// A person at the full screen who looks at what is over, at three sizes: a call that was refused with 404, a minute later, its page, its ladder, its ICE
/// and its report; a registration that was refused with 403, found by a filter, its ladder and two of its messages compared; messages in and out, an
/// account that is changed, do-not-disturb, another theme; and the same evidence once more after a restart. On loopback, beside lab serve.
/// </summary>
internal sealed class LookBackTrial : IDisposable
{
    private static readonly (int Width, int Height)[] Sizes = [(80, 24), (120, 40), (200, 60)];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    /// <summary>For a whole run of the program, on a machine that has much else to do.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(60);

    private readonly Report _report;
    private readonly string _folder;
    private readonly string _server = $"127.{Random.Shared.Next(2, 250)}.{Random.Shared.Next(2, 250)}.9";
    private readonly Dictionary<string, string> _bob;
    private readonly Dictionary<string, string> _carol;
    private TerminalWindow _window;
    private ScreenWatch _watch;

    private LookBackTrial(Report report, string folder)
    {
        (_report, _folder) = (report, folder);
        Profile("alice", "alice", "alice");
        // The server knows bob, and that he is not eve: 403.
        Profile("alice", "eve", "bob");
        _bob = Variables(Profile("bob", "bob", "bob"));
        // Who calls beside the phone that waits for bob's calls is not bob: two of one profile share a binding.
        _carol = Variables(Profile("carol", "carol", "carol"));
        (_window, _watch) = (null!, null!);
    }

    private string Profiles => Path.Combine(_folder, "alice", "softphone", "profiles");

    private string Reports => Path.Combine(_folder, "alice", "softphone", "reports");

    public static void Run(string runRoot, Report report)
    {
        var folder = Path.Combine(runRoot, "look");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        using var trial = new LookBackTrial(report, folder);
        using var server = trial.Serve();
        if (!report.Check(server.Wait("serve.ready", Patience) is not null, "look: the server comes up", server.Errors)) return;
        using var bob = PhoneProcess.Here(trial._bob, ["answer", "--profile", "bob", "--audio", "null"]);
        if (!report.Check(bob.Wait("registration", Patience, e => e.GetProperty("state").GetString() == "registered") is not null, "look: bob registers", bob.Errors)) return;
        trial.Walk(bob);
    }

    public void Dispose() => _window?.Dispose();

    private void Walk(PhoneProcess bob)
    {
        Open();
        _watch.Sees("alice registers", "alice ●");
        _watch.Sees("eve does not, and it is told why", "403 Forbidden");
        _window.Type("dnobody");
        _window.Press("Enter");
        _watch.Sees("the call is refused", "404");
        var since = Stopwatch.StartNew();
        foreach (var (width, height) in Sizes)
        {
            _window.Resize(width, height);
            Exchange(bob, $"{width}x{height}");
            Change($"Alice {width}");
            DoNotDisturb();
            Theme();
        }

        if (since.Elapsed < Wait) Thread.Sleep(Wait - since.Elapsed);
        foreach (var (width, height) in Sizes)
        {
            _window.Resize(width, height);
            RefusedCall();
            RefusedRegistration("1 of");
        }

        _window.Press("Q");
        _window.Wait(s => _window.ExitCode is not null || s.Trim().Length == 0, Patience);
        _window.Dispose();
        Open();
        _watch.Sees("alice registers again", "alice ●");
        RefusedCall();
        // Those of this run, and the one that was kept.
        RefusedRegistration("2 of");
    }

    /// <summary>The row of the call that was refused, with all that it opens.</summary>
    private void RefusedCall()
    {
        _window.Press("H");
        _watch.Sees("the history", "▸ history");
        _window.Type("/nobody");
        _window.Press("Enter");
        _watch.Until("a filter leaves one row", s => s.Contains("404 Not Found", StringComparison.Ordinal) && !s.Contains("do-not-disturb", StringComparison.Ordinal));
        _window.Press("Enter");
        _watch.Sees("the page of the call", "INVITE was refused: 404 Not Found");
        _watch.Leave("INVITE was refused");
        _window.Press("s");
        _watch.Until("its ladder", s => s.Contains("▸ SIP of", StringComparison.Ordinal) && s.Contains('◀') && s.Contains("404 Not Found", StringComparison.Ordinal));
        _watch.Leave("▸ SIP of");
        _window.Press("i");
        _watch.Until("its ICE", s => s.Contains("▸ ICE of", StringComparison.Ordinal) && s.Contains("Not begun", StringComparison.Ordinal));
        _watch.Leave("▸ ICE of");
        var before = Written();
        _window.Press("w");
        _watch.Until("its report", _ => Written() > before);
        _window.Press("Escape");
        _watch.SeesNot("Esc shows all rows", "(Esc shows all)");
        _watch.Leave("▸ history");
    }

    private void RefusedRegistration(string count)
    {
        _window.Press("L");
        _watch.Sees("all SIP dialogs", "SIP dialogs by last");
        _window.Press("o");
        _watch.Sees("sorted otherwise", "SIP dialogs by time↑");
        _window.Press("O");
        _watch.Sees("turned round", "SIP dialogs by time↓");
        _window.Type("/method:register status:403");
        _window.Press("Enter");
        _watch.Until("the refused registration alone", s => s.Contains(count, StringComparison.Ordinal) && s.Contains("eve", StringComparison.Ordinal));
        _window.Press("Enter");
        _watch.Until("its ladder", s => s.Contains("401 Unauthorized", StringComparison.Ordinal) && s.Contains("403 Forbidden", StringComparison.Ordinal));
        _window.Press("D", "k", "D");
        _watch.Until("two of its messages compared", s => s.Contains("▸ two SIP messages", StringComparison.Ordinal) && s.Contains("+SIP/2.0 403 Forbidden", StringComparison.Ordinal));
        _watch.Leave("+SIP/2.0");
        _watch.Leave("401 Unauthorized");
        _window.Press("Escape");
        _watch.SeesNot("Esc shows all dialogs", "(Esc shows all)");
        _watch.Leave("SIP dialogs by");
    }

    private void Exchange(PhoneProcess bob, string text)
    {
        _window.Type(":message bob");
        _window.Press("Enter");
        _watch.Sees("the thread with bob", "Enter sends it");
        _window.Type($"hello from {text}");
        _window.Press("Enter");
        _report.Check(bob.Wait("message", Patience, e => e.GetProperty("text").GetString() == $"hello from {text}") is not null, $"look: bob has the message at {text}", bob.Errors);
        using (var writes = PhoneProcess.Here(_bob, ["message", "alice", $"hello at {text}", "--profile", "bob"]))
            _report.Check(writes.WaitForExit(Slow) == 0, $"look: bob's message arrives at {text}", writes.Errors);
        _watch.Until("both stand in the thread", s => s.Contains($"hello from {text}", StringComparison.Ordinal) && s.Contains($"hello at {text}", StringComparison.Ordinal));
        _watch.Leave("Enter sends it");
        if (_window.Capture().Contains("▸ messages", StringComparison.Ordinal)) _watch.Leave("▸ messages");
        _watch.SeesNot("what was read is not unread", "unread");
    }

    /// <summary>Gives the account another name, and sees it in the file.</summary>
    private void Change(string name)
    {
        _window.Press("M-2");
        _window.Press("g");
        _window.Press("E");
        _watch.Sees("the account, to be changed", "Account alice");
        _window.Press("Tab", "Tab", "Tab", "Tab", "Tab");
        _window.Press("C-u");
        _window.Type(name);
        _window.Press("F2");
        _watch.Sees("its NAT page", "STUN server");
        _window.Press("F2");
        _watch.Until("what will be written", s => s.Contains($"display-name: \"{name}\"", StringComparison.Ordinal) && s.Contains("Esc goes back.", StringComparison.Ordinal));
        _window.Press("Enter");
        _watch.Sees("it registers anew", "Registered in");
        _window.Press("Escape");
        _watch.SeesNot("back at the phone", "Registered in");
        _report.Check(File.ReadAllText(Path.Combine(Profiles, "alice.yaml")).Contains($"display-name: \"{name}\"", StringComparison.Ordinal), $"look: the profile says {name}");
    }

    private void DoNotDisturb()
    {
        _window.Press("M-2");
        _window.Press("g");
        _window.Press("Z");
        _watch.Sees("do-not-disturb in the header", "DND");
        using (var calls = PhoneProcess.Here(_carol, ["call", "alice", "--profile", "carol", "--audio", "null", "--for", "1s"]))
        {
            var code = calls.WaitForExit(Slow);
            _report.Check(code == 6, "look: who calls is told that we are busy", code == 6 ? "" : $"{code}: {calls.Errors}");
        }

        _watch.Sees("and so are we", "do-not-disturb is on");
        _window.Press("Z");
        _watch.SeesNot("calls ring again", "DND");
    }

    private void Theme()
    {
        _window.Press("K");
        _watch.Sees("another theme", " theme ");
        _watch.SeesNot("the keys stand there again", " theme ");
    }

    private int Written() => Directory.Exists(Reports) ? Directory.GetFiles(Reports, "*nobody*.md").Length : 0;

    private void Open()
    {
        var environment = Variables(Path.Combine(_folder, "alice"));
        (environment["TERM"], environment["LC_ALL"]) = ("screen-256color", "C.UTF-8");
        _window = new TerminalWindow(Path.Combine(_folder, "tmux"), Sizes[0], environment, Binary.Program, Binary.FirstArguments);
        _watch = new ScreenWatch(_report, _window, "look");
    }

    private PhoneProcess Serve()
    {
        var users = Path.Combine(_folder, "users");
        File.WriteAllText(users, "alice: alice-secret\nbob: bob-secret\ncarol: carol-secret\n");
        File.SetUnixFileMode(users, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return PhoneProcess.Here(Variables(Path.Combine(_folder, "server")), ["lab", "serve", "--listen", _server, "--users", users]);
    }

    private static Dictionary<string, string> Variables(string folder) => new() { ["XDG_CONFIG_HOME"] = folder, ["XDG_STATE_HOME"] = folder };

    /// <summary>Writes a profile for whoever has the folder, and gives the folder.</summary>
    private string Profile(string owner, string user, string login)
    {
        var folder = Path.Combine(_folder, owner);
        var file = Path.Combine(folder, "softphone", "profiles", $"{user}.yaml");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, $"""
            account:
              uri: sip:{user}@{_server}
              auth-user: {login}
              password: {login}-secret
              registrar: sip:{_server}
            nat:
              stun: ["stun:{_server}"]
            records:
              on-disk: true
            audio: {"{"} input: "null", output: "null", ring: "null" {"}"}

            """);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return folder;
    }
}
