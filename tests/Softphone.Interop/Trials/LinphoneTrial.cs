namespace Softphone.Interop;

/// <summary>
/// Calls to and from Debian's linphonec through kamailio and coturn, from five kinds of NAT to five, both ways: each hears the tone of the
/// other, and the phone takes audio as soon as it comes.
/// </summary>
internal sealed class LinphoneTrial(Laboratory lab, Report report)
{
    private const double Ours = 440, Its = 1000;

    /// <summary>The longest from the first audio at our host to the first that is taken, in milliseconds.</summary>
    private const double Soon = 100;

    private static readonly string[] Types = ["none", "full-cone", "restricted-cone", "port-restricted", "symmetric"];

    /// <param name="lab">Where.</param>
    /// <param name="report">What judges.</param>
    /// <param name="whole">All 25 pairs of NATs, not five of them by the date.</param>
    public static void Run(Laboratory lab, Report report, bool whole)
    {
        if (!File.Exists("/usr/bin/linphonec"))
        {
            report.Skip("linphone", "linphonec is not installed");
            return;
        }

        var trial = new LinphoneTrial(lab, report);
        // In this order each fifth has every type once at each side.
        var cells = (from a in Enumerable.Range(0, 5) from turn in Enumerable.Range(0, 5) select (A: Types[a], B: Types[(a + turn) % 5])).ToList();
        foreach (var (a, b) in Rotation.Of(report, cells, 5, whole))
        {
            if (!report.Wants($"{a}/{b}, we call") && !report.Wants($"{a}/{b}, it calls")) continue;
            lab.SetNat("A", a);
            lab.SetNat("B", b);
            trial.Cell(a, b);
        }
    }

    private void Cell(string a, string b)
    {
        var folder = Path.Combine(lab.Folder, "linphone", $"{a}-{b}");
        Directory.CreateDirectory(folder);
        using var peer = new LinphonePeer(lab, "hostB", "bob", folder, Its);
        var isRegistered = peer.IsRegistered(TimeSpan.FromSeconds(15));
        if (!report.Check(isRegistered, $"linphone, {a}/{b}: linphonec registers", isRegistered ? "" : peer.Screen, $"{a}/{b}")) return;
        Outgoing(peer, folder, $"{a}/{b}, we call");
        Incoming(peer, folder, $"{a}/{b}, it calls");
    }

    private void Outgoing(LinphonePeer peer, string folder, string cell)
    {
        if (!report.Wants(cell)) return;
        var heard = Path.Combine(folder, "out.wav");
        var itHeard = peer.Record("linphone-out.wav");
        using var capture = new Capture(lab, "hostA", Path.Combine(folder, "out.pcap"));
        using var phone = Phone(folder, "call", $"sip:bob@{Laboratory.Domain}", "--for", "3s", "--record", heard);
        var code = phone.WaitForExit(TimeSpan.FromSeconds(30));
        Thread.Sleep(200);
        capture.Dispose();
        Judge(cell, phone, code, heard, itHeard, capture);
    }

    private void Incoming(LinphonePeer peer, string folder, string cell)
    {
        if (!report.Wants(cell)) return;
        var heard = Path.Combine(folder, "in.wav");
        var itHeard = peer.Record("linphone-in.wav");
        using var capture = new Capture(lab, "hostA", Path.Combine(folder, "in.pcap"));
        using var phone = Phone(folder, "answer", "--once", "--for", "30s", "--record", heard);
        if (!report.Check(PhoneDesk.Registered(phone), $"linphone, {cell}: we register", phone.Errors, cell)) return;
        peer.Call($"sip:alice@{Laboratory.Domain}");
        phone.Wait("call.state", PhoneDesk.Patience, e => e.GetProperty("state").GetString() == "connected");
        Thread.Sleep(3000);
        peer.HangUp();
        var code = phone.WaitForExit(TimeSpan.FromSeconds(10));
        capture.Dispose();
        Judge(cell, phone, code, heard, itHeard, capture);
    }

    private PhoneProcess Phone(string folder, string verb, params string[] arguments) =>
        new(lab, "hostA", -15, [verb, .. arguments, "--audio", "null", "--play", Tone.Wav(folder, Ours), "--profile", ProfileFile.Write(folder, "alice")]);

    private void Judge(string cell, PhoneProcess phone, int? code, string heard, string itHeard, Capture capture)
    {
        PhoneDesk.Keep(Path.GetDirectoryName(heard)!, phone);
        var end = phone.All("call.end").LastOrDefault();
        var (tones, itsTones) = (Recording.Tones(heard, Ours, Its), Recording.Tones(itHeard, Ours, Its));
        var taken = 1000 * capture.FirstAnswer() + end?.Number("media_ms") - 1000 * capture.FirstAudioTo(lab.AddressOf("hostA"));
        report.Check(code == 0 && end?.Text("audio") == "two-way" && tones == $"{Its}" && itsTones == $"{Ours}" && taken <= Soon, $"linphone, {cell}",
            $"exit {code}, path {end?.Text("path")}, we heard \"{tones}\", it \"{itsTones}\", taken {taken:F0} ms after it came {phone.Errors}", cell);
    }
}
