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

    /// <summary>How others hold: by direction (RFC 3264 §8.4), and by no address at all, as before it. The fourth is what a server says that plays music.</summary>
    private static readonly (string Way, string Line, string? At)[] Holds =
        [("sendonly", "a=sendonly", null), ("inactive", "a=inactive", null), ("address 0.0.0.0", "a=sendrecv", "0.0.0.0"), ("inactive at 0.0.0.0", "a=inactive", "0.0.0.0")];

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
        trial.EarlySound();
        foreach (var (way, line, at) in Rotation.Of(report, Holds, 4, whole)) trial.IsHeld(way, line, at);
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

    /// <summary>A callee that is heard before it answers: an announcement, and another tone after the answer.</summary>
    private void EarlySound()
    {
        const string cell = "sound before the answer";
        if (!report.Wants(cell)) return;
        var folder = desk.Folder(cell);
        var heard = Path.Combine(folder, "heard.wav");
        using var callee = new SippPeer(lab, "hostB", "bob", RtpengineServer.Address, folder, "early",
            ("EARLY", SippPeer.Tone(folder, PhoneDesk.His, 2)), ("TONE", SippPeer.Tone(folder, PhoneDesk.Others)));
        if (!report.Check(callee.IsBound, "rtpengine: SIPp registers", "", cell)) return;
        using var caller = desk.Phone("hostA", "call", folder, "alice", [$"sip:bob@{Laboratory.Domain}", "--for", "2s", "--record", heard]);
        var code = caller.WaitForExit(TimeSpan.FromSeconds(30));
        PhoneDesk.Keep(folder, caller);
        var tones = Recording.Tones(heard, PhoneDesk.Hers, PhoneDesk.His, PhoneDesk.Others);
        report.Check(code == 0 && tones == $"{PhoneDesk.His} {PhoneDesk.Others}", $"rtpengine: {cell}", $"exit {code}, heard \"{tones}\" {caller.Errors}", cell);
    }

    /// <summary>Another program holds us and takes us up again: told both times, heard before and afterwards, and the call stays.</summary>
    private void IsHeld(string way, string line, string? at)
    {
        var cell = $"held by SIPp, {way}";
        if (!report.Wants(cell)) return;
        var folder = desk.Folder(cell);
        var heard = Path.Combine(folder, "heard.wav");
        using var callee = new SippPeer(lab, "hostB", "bob", RtpengineServer.Address, folder, "hold",
            ("TONE", SippPeer.Tone(folder, PhoneDesk.His)), ("HOLD", line), ("AT", at ?? lab.AddressOf("hostB")));
        if (!report.Check(callee.IsBound, "rtpengine: SIPp registers", "", cell)) return;
        using var caller = desk.Phone("hostA", "call", folder, "alice", [$"sip:bob@{Laboratory.Domain}", "--for", "9s", "--play", Tone.Wav(folder, PhoneDesk.Hers), "--record", heard]);
        var held = caller.Wait("call.state", PhoneDesk.Patience, e => e.GetProperty("state").GetString() == "held");
        var code = caller.WaitForExit(TimeSpan.FromSeconds(30));
        PhoneDesk.Keep(folder, caller);
        var again = held is not null && caller.All("call.state").Any(e => e.Text("state") == "connected" && string.CompareOrdinal(e.Text("t"), held.Text("t")) > 0);
        var end = caller.All("call.end").LastOrDefault();
        report.Check(code == 0 && held is not null && again && end?.Text("audio") == "two-way" && callee.Ended(TimeSpan.FromSeconds(5)) == true, $"rtpengine: {cell}",
            $"exit {code}, held {held is not null}, taken up {again}, audio {end?.Text("audio")}, {PhoneDesk.Received(end)} packets {caller.Errors}", cell);
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
