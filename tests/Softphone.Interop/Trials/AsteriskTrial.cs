namespace Softphone.Interop;

/// <summary>
/// Phones registered with Asterisk, which is on the public host: what its applications do, calls between two phones with ICE and direct
/// media on and off, transfers and holds by a person at the full screen, keys in every way, and what it keeps of a phone.
/// </summary>
internal sealed class AsteriskTrial(Laboratory lab, Report report, AsteriskServer server, PhoneDesk desk)
{
    private static readonly string[] Plain = ["6001", "6002", "6003", "6004", "6006"];

    /// <summary>Pairs of phones: by their first two digits whether they have ICE and whether media may go past Asterisk.</summary>
    private static readonly (string Digits, bool Ice, bool Direct)[] Pairs = [("610", false, false), ("620", true, false), ("630", false, true), ("640", true, true)];

    /// <param name="lab">Where.</param>
    /// <param name="report">What judges.</param>
    /// <param name="whole">Twenty calls of each kind between two phones, not four.</param>
    public static void Run(Laboratory lab, Report report, bool whole)
    {
        if (DebianTree.Obtain("asterisk", AsteriskServer.Program, out var why) is not { } root)
        {
            report.Skip("asterisk", why);
            return;
        }

        lab.SetNat("A", "none");
        lab.SetNat("B", "none");
        using var server = new AsteriskServer(lab, root, Users());
        if (!report.Check(server.WaitFor("Asterisk Ready", TimeSpan.FromSeconds(60)), "asterisk: comes up")) return;
        report.Tell($"  {server.Version}");
        var trial = new AsteriskTrial(lab, report, server, new PhoneDesk(lab, report, "asterisk", AsteriskServer.Address, AsteriskServer.Address));
        // Two minutes of one call, beside everything else.
        var timers = Task.Run(trial.SessionTimers);
        try
        {
            trial.Echo();
            trial.Keys();
            trial.Registration();
            trial.Hold();
            trial.Transfers();
            // What goes through the server is counted there: the long call must be over.
            timers.Wait();
            foreach (var (digits, ice, direct) in Pairs) trial.Dial(digits, ice, direct, whole ? 20 : 4);
        }
        finally
        {
            timers.Wait();
        }
    }

    private static IEnumerable<(string User, string[] Lines)> Users()
    {
        foreach (var user in Plain) yield return (user, []);
        yield return ("6005", ["mailboxes = 6005@default"]);
        yield return ("6007", ["timers = required", "timers_min_se = 90", "timers_sess_expires = 90"]);
        yield return ("6008", ["moh_passthrough = yes"]);
        yield return ("6009", ["moh_passthrough = yes"]);
        foreach (var (digits, ice, direct) in Pairs)
        {
            string[] lines = [$"ice_support = {(ice ? "yes" : "no")}", $"direct_media = {(direct ? "yes" : "no")}"];
            yield return (digits + "1", lines);
            yield return (digits + "2", lines);
        }
    }

    private void Echo()
    {
        foreach (var codec in new[] { "opus", "g722", "pcmu", "pcma" })
            Hears($"echo in {codec}", "6001", "600", "2500ms", $"{PhoneDesk.Hers}", end => end.Text("codec") == codec && end.Text("audio") == "two-way", "--codec", codec);
        Hears("tone before the answer, then echo", "6001", "603", "2500ms", $"{PhoneDesk.His} {PhoneDesk.Hers}", end => end.Text("audio") == "two-way");
        Hears("music on hold", "6001", "606", "3s", $"{PhoneDesk.Music}", _ => true);
    }

    /// <summary>One call of a user to a service: what is heard in this order, and how it ends.</summary>
    private void Hears(string cell, string user, string service, string time, string tones, Func<PhoneEvent, bool> holds, params string[] flags)
    {
        if (!report.Wants(cell)) return;
        var folder = desk.Folder(cell);
        var heard = Path.Combine(folder, "heard.wav");
        using var phone = desk.Phone("hostA", "call", folder, user, [$"sip:{service}@{AsteriskServer.Address}", "--for", time, "--play", Tone.Wav(folder, PhoneDesk.Hers), "--record", heard, .. flags]);
        var code = phone.WaitForExit(TimeSpan.FromSeconds(30));
        PhoneDesk.Keep(folder, phone);
        var end = phone.All("call.end").LastOrDefault();
        var all = Recording.Tones(heard, PhoneDesk.Hers, PhoneDesk.His, PhoneDesk.Music);
        report.Check(code == 0 && end is not null && holds(end) && all == tones, $"asterisk: {cell}",
            $"exit {code}, {end?.Text("codec")}, audio {end?.Text("audio")} after {end?.Number("media_ms")} ms, heard \"{all}\" {phone.Errors}", cell);
    }

    private void Keys()
    {
        foreach (var (way, codec) in new[] { ("rfc4733", "opus"), ("rfc4733", "pcmu"), ("info", "g722"), ("inband", "pcma"), ("inband", "g722") })
        {
            var cell = $"Read() by {way} in {codec}";
            if (!report.Wants(cell)) continue;
            var folder = desk.Folder(cell);
            using var capture = new Capture(lab, "hostA", Path.Combine(folder, "a.pcap"));
            using var phone = desk.Phone("hostA", "call", folder, "6004", [$"sip:602@{AsteriskServer.Address}", "--for", "6s", "--codec", codec, "--dtmf", "ww19D5", "--play", Tone.Wav(folder, PhoneDesk.Hers, 1)], way);
            var code = phone.WaitForExit(TimeSpan.FromSeconds(30));
            PhoneDesk.Keep(folder, phone);
            capture.Dispose();
            var offers = capture.Messages().Where(m => m.StartsWith("INVITE ", StringComparison.Ordinal)).ToList();
            var told = offers.Any(m => m.Contains("telephone-event", StringComparison.Ordinal));
            var read = server.Said.Split("KEYS-OF-6004=").Last().Split('\n')[0].Trim();
            report.Check(code == 0 && read == "19D5" && offers.Count > 0 && told == (way != "inband"), $"asterisk: {cell}", $"exit {code}, read \"{read}\", telephone-event {(told ? "" : "not ")}offered {phone.Errors}", cell);
        }

        const string sent = "SendDTMF() to us";
        if (!report.Wants(sent)) return;
        var place = desk.Folder(sent);
        using var receiver = desk.Phone("hostA", "call", place, "6004", [$"sip:609@{AsteriskServer.Address}"]);
        var exit = receiver.WaitForExit(TimeSpan.FromSeconds(30));
        var digits = string.Concat(receiver.All("dtmf").Select(d => d.Text("digit")));
        report.Check(exit == 0 && digits == "123#", $"asterisk: {sent}", $"exit {exit}, \"{digits}\"", sent);
    }

    private void Registration()
    {
        const string cell = "messages, qualify, unregistered";
        if (report.Wants(cell))
        {
            var folder = desk.Folder(cell);
            using var phone = desk.Phone("hostA", "register", folder, "6005", []);
            var registered = PhoneDesk.Registered(phone);
            var isAsked = PhoneDesk.Until(() => server.Tell("pjsip show contacts").Split('\n').Any(l => l.Contains("6005", StringComparison.Ordinal) && l.Contains("Avail", StringComparison.Ordinal)));
            server.LeaveMessage("6005");
            var message = phone.Wait("messages", PhoneDesk.Patience, e => e.GetProperty("new").GetInt32() == 1);
            phone.Signal("INT");
            var code = phone.WaitForExit(TimeSpan.FromSeconds(5));
            PhoneDesk.Keep(folder, phone);
            var isGone = PhoneDesk.Until(() => !server.Tell("pjsip show contacts").Contains("sip:6005", StringComparison.Ordinal));
            report.Check(registered && message is not null, "asterisk: a message that is left is told (MWI)", $"{phone.All("messages").Count} told", cell);
            report.Check(isAsked, "asterisk: its OPTIONS are answered (qualify)", "", cell);
            report.Check(code == 130 && isGone, "asterisk: the contact goes when the phone does", $"exit {code}", cell);
        }

        desk.WrongPassword("6001");
    }

    /// <summary>A person holds somebody, who hears Asterisk's music; or is told, where Asterisk lets the hold through.</summary>
    private void Hold()
    {
        const string music = "hold, music from asterisk";
        if (report.Wants(music))
        {
            var heard = desk.Talk(music, "6001", "6002", (window, _) =>
            {
                Thread.Sleep(1500);
                desk.Press(window, "HELD", "Space");
                Thread.Sleep(2000);
                desk.Press(window, "talking", "Space");
                Thread.Sleep(1500);
            });
            report.Check(heard == $"{PhoneDesk.Music}", $"asterisk: {music}", $"the held one heard \"{heard}\"", music);
        }

        const string passed = "hold, let through by asterisk";
        if (report.Wants(passed)) desk.HoldIsTold(passed, "6008", "6009");
    }

    private void Transfers()
    {
        const string blind = "blind transfer";
        if (report.Wants(blind))
        {
            var heard = desk.SendsTo(blind, "6001", "6002", "600");
            report.Check(heard == $"{PhoneDesk.His}", $"asterisk: {blind}", $"the one sent to the echo heard \"{heard}\"", blind);
        }

        const string attended = "attended transfer";
        if (report.Wants(attended)) desk.Attended(attended, "6001", "6002", "6003");
    }

    /// <summary>Calls between two phones, one after the other; none is deaf, and both hear something within 200 ms of the answer.</summary>
    private void Dial(string digits, bool ice, bool direct, int calls)
    {
        var cell = $"dial, ICE {(ice ? "on" : "off")}, direct media {(direct ? "on" : "off")}";
        if (!report.Wants(cell)) return;
        string a = digits + "1", b = digits + "2";
        using var capture = new Capture(lab, "hostC", Path.Combine(desk.Folder(cell), "c.pcap"));
        if (!desk.Calls(cell, a, b, $"7{b}", calls)) return;
        capture.Dispose();
        var relayed = capture.AudioTo(AsteriskServer.Address).Count / calls;
        // Its RTP engine leaves no path that ICE found.
        if (direct && !ice) report.Check(relayed < 100, $"asterisk: {cell}: media goes past it", $"{relayed} packets a call through it", cell);
    }

    /// <summary>A phone that Asterisk calls with sessions of 90 s: refreshed in time, for 110 s.</summary>
    private void SessionTimers()
    {
        const string cell = "session timers of 90 s";
        if (!report.Wants(cell)) return;
        var folder = desk.Folder(cell);
        using var capture = new Capture(lab, "hostB", Path.Combine(folder, "b.pcap"));
        using var callee = desk.Phone("hostB", "answer", folder, "6007", ["--once", "--for", "130s", "--play", Tone.Wav(folder, PhoneDesk.His)]);
        if (!report.Check(PhoneDesk.Registered(callee), "asterisk: the phone with timers registers", callee.Errors, cell)) return;
        using var caller = desk.Phone("hostA", "call", folder, "6006", [$"sip:6007@{AsteriskServer.Address}", "--for", "100s", "--play", Tone.Wav(folder, PhoneDesk.Hers)]);
        var code = caller.WaitForExit(TimeSpan.FromSeconds(130));
        callee.WaitForExit(TimeSpan.FromSeconds(10));
        PhoneDesk.Keep(folder, caller);
        capture.Dispose();
        var end = callee.All("call.end").LastOrDefault();
        var refreshes = capture.Messages().Count(m => (m.StartsWith("UPDATE ", StringComparison.Ordinal) || (m.StartsWith("INVITE ", StringComparison.Ordinal) && m.Contains("\r\nTo: ", StringComparison.Ordinal) && System.Text.RegularExpressions.Regex.IsMatch(m, @"\r\nTo:[^\r]*;tag=")))
            && m.Contains("6007", StringComparison.Ordinal));
        report.Check(code == 0 && end?.Text("cause") == "remote" && PhoneDesk.Received(end) > 4500 && refreshes > 0, $"asterisk: {cell}", $"exit {code}, {PhoneDesk.Received(end)} packets, {refreshes} refreshes, {end?.Text("reason")}", cell);
    }
}
