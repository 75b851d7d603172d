namespace Softphone.Interop;

/// <summary>What goes wrong in practice: each gives its exit code and a text that names the layer and the way out.</summary>
internal static class FailureTrial
{
    public static void Run(Laboratory lab, Report report)
    {
        lab.SetNat("A", "port-restricted");
        lab.SetNat("B", "port-restricted");
        var folder = Path.Combine(lab.Folder, "calls", "failures");
        var alice = ProfileFile.Write(folder, "alice");

        Expect(lab, report, "wrong password", 4, "assword", "register", "--once", "--profile", ProfileFile.Write(Path.Combine(folder, "wrong"), "alice", password: "not-it"));
        Expect(lab, report, "unknown user", 3, "404", "call", $"sip:nobody@{Laboratory.Domain}", "--profile", alice, "--for", "2s");
        Expect(lab, report, "server down", 7, "203.0.113.6", "register", "--once", "--profile", ProfileFile.Write(Path.Combine(folder, "down"), "alice", registrar: "203.0.113.6", transport: "tcp"));

        using (Bob(lab, folder, "--code", "486")) Expect(lab, report, "busy", 6, "486", "call", $"sip:bob@{Laboratory.Domain}", "--profile", alice, "--for", "2s");
        using (Bob(lab, folder, "--ring", "60s")) Expect(lab, report, "no answer", 5, "answer", "call", $"sip:bob@{Laboratory.Domain}", "--profile", alice, "--ring-for", "2s", "--for", "2s");
        var g711 = ProfileFile.Write(Path.Combine(folder, "g711"), "alice", codecs: "[pcmu]");
        using (Bob(lab, folder, "--codec", "opus")) Expect(lab, report, "no common codec", 10, "codec", "call", $"sip:bob@{Laboratory.Domain}", "--profile", g711, "--for", "2s");

        var deadStun = ProfileFile.Write(Path.Combine(folder, "stun"), "alice", stun: "203.0.113.7:3478");
        using (Bob(lab, folder))
        {
            var end = Expect(lab, report, "STUN server dead, the call goes on", 0, "", "call", $"sip:bob@{Laboratory.Domain}", "--profile", deadStun, "--for", "2s");
            report.Check(end?.Number("setup_ms") is { } setup && setup < 2000, "STUN server dead: answered within 2 s", $"INVITE to 200 {end?.Number("setup_ms"):F0} ms");
        }

        var badTurn = ProfileFile.Write(Path.Combine(folder, "turn"), "alice", turnPassword: "not-it");
        using (Bob(lab, folder)) Expect(lab, report, "TURN credentials wrong, direct path used", 0, "", "call", $"sip:bob@{Laboratory.Domain}", "--profile", badTurn, "--for", "2s");
        Interrupted(lab, report, alice, folder);
        Vanished(lab, report, alice, folder);
    }

    private static PhoneProcess Bob(Laboratory lab, string folder, params string[] more)
    {
        var bob = new PhoneProcess(lab, "hostB", ["answer", "--once", "--profile", ProfileFile.Write(folder, "bob"), "--for", "60s", .. more]);
        bob.Wait("registration", TimeSpan.FromSeconds(10), e => e.GetProperty("state").GetString() == "registered");
        return bob;
    }

    private static PhoneEvent? Expect(Laboratory lab, Report report, string name, int code, string word, params string[] arguments)
    {
        using var phone = new PhoneProcess(lab, "hostA", arguments);
        var exit = phone.WaitForExit(TimeSpan.FromSeconds(60));
        var said = phone.Errors + string.Concat(phone.All("call.end").Concat(phone.All("explain")).Concat(phone.All("registration")).Select(e => e.Data.ToString()));
        report.Check(exit == code && said.Contains(word, StringComparison.OrdinalIgnoreCase), name, $"exit {exit}, {phone.Errors.Split('\n').LastOrDefault()}");
        return phone.All("call.end").LastOrDefault();
    }

    /// <summary>Ctrl-C while it rings cancels the call on the other side too.</summary>
    private static void Interrupted(Laboratory lab, Report report, string alice, string folder)
    {
        using var bob = Bob(lab, folder, "--ring", "60s");
        using var phone = new PhoneProcess(lab, "hostA", "call", $"sip:bob@{Laboratory.Domain}", "--profile", alice, "--for", "2s");
        phone.Wait("call.state", TimeSpan.FromSeconds(10), e => e.GetProperty("state").GetString() == "ringing");
        phone.Signal("INT");
        var exit = phone.WaitForExit(TimeSpan.FromSeconds(10));
        var end = bob.Wait("call.end", TimeSpan.FromSeconds(10));
        report.Check(exit == 130 && end?.Number("status") == 487, "cancelled while ringing", $"exit {exit}, the callee saw {end?.Number("status")}");
    }

    /// <summary>The peer is killed in mid-call: the call ends by itself and says so.</summary>
    private static void Vanished(Laboratory lab, Report report, string alice, string folder)
    {
        using var bob = Bob(lab, folder);
        using var phone = new PhoneProcess(lab, "hostA", "call", $"sip:bob@{Laboratory.Domain}", "--profile", alice, "--for", "90s");
        phone.Wait("media", TimeSpan.FromSeconds(20));
        bob.Signal("KILL");
        var end = phone.Wait("call.end", TimeSpan.FromSeconds(50));
        var exit = phone.WaitForExit(TimeSpan.FromSeconds(10));
        report.Check(exit is 5 or 8 && end?.Text("cause") == "error", "a peer that vanishes in mid-call", $"exit {exit}, {phone.Errors.Split('\n').LastOrDefault()}");
    }
}
