namespace Softphone.Interop;

/// <summary>
/// Phones at kamailio with rtpengine in the path of the media: what it does to ICE and to RTCP multiplexing by each of its flags, with the
/// caller behind two kinds of NAT; codecs, keys, a hold and a wrong password as at any server.
/// </summary>
internal sealed class RtpengineTrial(Laboratory lab, Report report, RtpengineServer server, PhoneDesk desk)
{
    private static readonly string[] Ice = ["ICE=force", "ICE=remove", "ICE=optional"];
    private static readonly string[] Multiplexing = ["", "rtcp-mux-offer", "rtcp-mux-require", "rtcp-mux-demux", "rtcp-mux-accept", "rtcp-mux-reject"];
    private static readonly string[] Nats = ["port-restricted", "symmetric"];

    /// <param name="lab">Where.</param>
    /// <param name="report">What judges.</param>
    /// <param name="whole">All flags with each other, not a part of them by the date.</param>
    public static void Run(Laboratory lab, Report report, bool whole)
    {
        if (!File.Exists("/usr/bin/rtpengine"))
        {
            report.Skip("rtpengine", "it is not installed");
            return;
        }

        report.Tell($"  {RtpengineServer.Versions(lab)}");
        using var server = new RtpengineServer(lab);
        var desk = new PhoneDesk(lab, report, "rtpengine", RtpengineServer.Address, Laboratory.Domain);
        var trial = new RtpengineTrial(lab, report, server, desk);
        lab.SetNat("B", "none");
        trial.Flags(whole);
        lab.SetNat("A", "port-restricted");
        server.Use("ICE=force");
        trial.Codecs();
        trial.Keys();
        trial.Transfer("blind transfer", isAttended: false);
        trial.Transfer("attended transfer", isAttended: true);
        if (report.Wants("hold")) desk.HoldIsTold("hold", "alice", "bob");
        desk.WrongPassword("alice");
    }

    private void Flags(bool whole)
    {
        // Neighbours differ in what they do to ICE, so that each day has some of all.
        var cells = (from multiplexing in Multiplexing from ice in Ice select $"{ice} {multiplexing}".Trim()).ToList();
        foreach (var flags in Rotation.Of(report, cells, 4, whole))
        {
            if (!Nats.Any(nat => report.Wants(Cell(flags, nat)))) continue;
            server.Use(flags);
            foreach (var nat in Nats)
            {
                if (!report.Wants(Cell(flags, nat))) continue;
                lab.SetNat("A", nat);
                desk.Calls(Cell(flags, nat), "alice", "bob", "bob", 1);
            }
        }

        static string Cell(string flags, string nat) => $"{flags}, {nat}";
    }

    private void Codecs()
    {
        foreach (var codec in new[] { "opus", "g722", "pcmu", "pcma" })
        {
            var cell = $"call in {codec}";
            if (!report.Wants(cell)) continue;
            desk.Calls(cell, "alice", "bob", "bob", 1, "--codec", codec);
        }
    }

    private void Keys()
    {
        foreach (var way in new[] { "rfc4733", "info", "inband" })
        {
            var cell = $"keys by {way}";
            if (!report.Wants(cell)) continue;
            var folder = desk.Folder(cell);
            using var callee = desk.Phone("hostB", "answer", folder, "bob", ["--once", "--for", "30s"], way);
            if (!report.Check(PhoneDesk.Registered(callee), "rtpengine: bob registers", callee.Errors, cell)) continue;
            using var caller = desk.Phone("hostA", "call", folder, "alice", [$"sip:bob@{Laboratory.Domain}", "--for", "6s", "--codec", "pcma", "--dtmf", "ww19D5"], way);
            var code = caller.WaitForExit(TimeSpan.FromSeconds(30));
            callee.WaitForExit(TimeSpan.FromSeconds(5));
            PhoneDesk.Keep(folder, callee);
            var keys = callee.All("dtmf");
            var digits = string.Concat(keys.Select(k => k.Text("digit")));
            report.Check(code == 0 && digits == "19D5" && keys.All(k => k.Text("via") == way), $"rtpengine: {cell}", $"exit {code}, \"{digits}\" {caller.Errors}", cell);
        }
    }

    /// <summary>
    /// A person sends another one on to a third phone, who is asked: kamailio leaves transfers to the phones. The new call, too, has its media
    /// through rtpengine.
    /// </summary>
    private void Transfer(string cell, bool isAttended)
    {
        if (!report.Wants(cell)) return;
        var folder = desk.Folder(cell);
        using var target = desk.Phone("hostC", "answer", folder, "bob", ["--for", "60s"]);
        using var alice = desk.Window(folder, "hostA", "alice");
        using var carol = desk.Window(folder, "hostB", "carol");
        var isGood = PhoneDesk.Registered(target) && Sees(alice, "registered at") && Sees(carol, "registered at");
        Dial(alice, "carol");
        isGood = isGood && Sees(carol, "a answer");
        carol.Press("a");
        isGood = isGood && Sees(alice, "talking") && Sees(carol, "talking");
        if (isAttended)
        {
            Dial(alice, "bob");
            isGood = isGood && target.Wait("call.state", PhoneDesk.Patience, IsConnected) is not null && Sees(alice, "HELD");
            alice.Press("T");
            Thread.Sleep(700);
            alice.Press("Enter");
        }
        else
        {
            alice.Press("t");
            Thread.Sleep(300);
            alice.Type("bob");
            alice.Press("Enter");
        }

        isGood = isGood && Sees(carol, "asks us to call");
        // Her yes counts once she has had a second to read whom she is to call.
        Thread.Sleep(1500);
        carol.Press("y");
        isGood = isGood && PhoneDesk.Until(() => Row(carol, "bob").Contains("talking", StringComparison.Ordinal)) && PhoneDesk.Until(() => !alice.Capture().Contains("talking", StringComparison.Ordinal));
        Thread.Sleep(1500);
        var screens = $"{alice.Capture()}\n{carol.Capture()}";
        carol.Press("h");
        var end = PhoneDesk.Until(() => target.All("call.end").Count > (isAttended ? 1 : 0)) ? target.All("call.end")[^1] : null;
        PhoneDesk.Keep(folder, target);
        report.Check(isGood && PhoneDesk.Received(end) > 50, $"rtpengine: {cell}", $"{PhoneDesk.Received(end)} packets came to the third {(isGood ? "" : screens)}", cell);

        static bool Sees(TerminalWindow window, string text) => window.Wait(s => s.Contains(text, StringComparison.Ordinal), PhoneDesk.Patience).Holds;

        static bool IsConnected(System.Text.Json.JsonElement state) => state.GetProperty("state").GetString() == "connected";

        static string Row(TerminalWindow window, string who) => window.Capture().Split('\n').FirstOrDefault(l => l.Contains($"→ {who}", StringComparison.Ordinal)) ?? "";

        static void Dial(TerminalWindow window, string whom)
        {
            window.Press("d");
            Thread.Sleep(300);
            window.Type(whom);
            window.Press("Enter");
        }
    }
}
