namespace Softphone.Interop;

/// <summary>
/// Phones at kamailio with rtpengine in the path of the media: what it does to ICE and to RTCP multiplexing by each of its flags, with the
/// caller behind two kinds of NAT; codecs, keys, a hold, transfers and a wrong password as at any server.
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
        trial.EarlyMedia();
        if (report.Wants("hold")) desk.HoldIsTold("hold", "alice", "bob");
        if (report.Wants("blind transfer")) desk.Follows("blind transfer", "alice", "bob", "carol", isAttended: false);
        if (report.Wants("attended transfer")) desk.Follows("attended transfer", "alice", "bob", "carol", isAttended: true);
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

    /// <summary>A baresip that describes its media while it rings (183) and answers two seconds later; it says nothing before that.</summary>
    private void EarlyMedia()
    {
        const string cell = "183, then the answer";
        if (!report.Wants(cell)) return;
        var folder = desk.Folder(cell);
        var heard = Path.Combine(folder, "heard.wav");
        using var callee = new BaresipPeer(lab, "hostB", "bob", ice: false, tag: "rtpengine-early", registrar: RtpengineServer.Address, answers: "early");
        if (!report.Check(callee.WaitFor("200 OK", PhoneDesk.Patience), "rtpengine: baresip registers", callee.Log, cell)) return;
        using var caller = desk.Phone("hostA", "call", folder, "alice", [$"sip:bob@{Laboratory.Domain}", "--for", "2s", "--codec", "pcmu", "--record", heard]);
        var isEarly = caller.Wait("call.state", PhoneDesk.Patience, e => e.GetProperty("state").GetString() == "early") is not null;
        Thread.Sleep(2000);
        callee.Command("/accept");
        var code = caller.WaitForExit(TimeSpan.FromSeconds(30));
        PhoneDesk.Keep(folder, caller);
        var packets = PhoneDesk.Received(caller.All("call.end").LastOrDefault());
        var tones = Recording.Tones(heard, PhoneDesk.Hers, PhoneDesk.His);
        report.Check(code == 0 && isEarly && packets > 85 && tones == $"{PhoneDesk.His}", $"rtpengine: {cell}", $"exit {code}, early {isEarly}, {packets} packets in 2 s, heard \"{tones}\" {caller.Errors}", cell);
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
}
