using Softphone.Audio;

namespace Softphone.Interop;

/// <summary>Calls to and from Debian's baresip, with its ICE and without, in one public and one cone cell.</summary>
internal static class BaresipTrial
{
    public static void Run(Laboratory lab, Report report)
    {
        foreach (var type in new[] { "none", "full-cone" })
        {
            lab.SetNat("A", type);
            lab.SetNat("B", "none");
            foreach (var ice in new[] { true, false })
            {
                var cell = $"baresip, A {type}, {(ice ? "ICE" : "no ICE")}";
                Outgoing(lab, report, $"{cell}, we call", $"bs-out-{type}-{ice}", ice);
                Incoming(lab, report, $"{cell}, it calls", $"bs-in-{type}-{ice}", ice);
            }
        }
    }

    private static void Outgoing(Laboratory lab, Report report, string name, string tag, bool ice)
    {
        var folder = Path.Combine(lab.Folder, "calls", tag);
        var heard = Path.Combine(folder, "heard.wav");
        var profile = ProfileFile.Write(folder, "alice");
        string? peerHeard;
        PhoneEvent? end;
        using (var peer = new BaresipPeer(lab, "hostB", "bob", ice, tag))
        {
            if (!report.Check(peer.WaitFor("200 OK", TimeSpan.FromSeconds(10)), $"{name}: baresip registers")) return;
            using var phone = new PhoneProcess(lab, "hostA", "call", $"sip:bob@{Laboratory.Domain}", "--profile", profile,
                "--play", Speech(folder), "--record", heard, "--for", ice ? "14s" : "7s");
            phone.WaitForExit(TimeSpan.FromSeconds(40));
            end = phone.All("call.end").LastOrDefault();
            peerHeard = peer.Heard;
        }

        Judge(report, name, end, heard, peerHeard);
    }

    private static void Incoming(Laboratory lab, Report report, string name, string tag, bool ice)
    {
        var folder = Path.Combine(lab.Folder, "calls", tag);
        var heard = Path.Combine(folder, "heard.wav");
        var profile = ProfileFile.Write(folder, "alice");
        string? peerHeard;
        PhoneEvent? end;
        using (var phone = new PhoneProcess(lab, "hostA", "answer", "--once", "--profile", profile,
            "--play", Speech(folder), "--record", heard, "--for", "60s"))
        using (var peer = new BaresipPeer(lab, "hostB", "bob", ice, tag))
        {
            var ready = phone.Wait("registration", TimeSpan.FromSeconds(10), e => e.GetProperty("state").GetString() == "registered") is not null
                && peer.WaitFor("200 OK", TimeSpan.FromSeconds(10));
            if (!report.Check(ready, $"{name}: both register", ready ? "" : phone.Errors)) return;
            peer.Command($"/dial sip:alice@{Laboratory.Domain}");
            phone.Wait("call.state", TimeSpan.FromSeconds(20), e => e.GetProperty("state").GetString() == "connected");
            // baresip sends only when every pair of its list is done, two and a half seconds a dead pair; then one whole speech is due.
            phone.Wait("media", TimeSpan.FromSeconds(16), e => e.GetProperty("rx").GetProperty("packets").GetInt64() > 350);
            peer.Command("b");
            phone.WaitForExit(TimeSpan.FromSeconds(15));
            end = phone.All("call.end").LastOrDefault();
            peerHeard = peer.Heard;
        }

        Judge(report, name, end, heard, peerHeard);
    }

    /// <summary>alice's speech over and over, because baresip may begin to listen late.</summary>
    private static string Speech(string folder)
    {
        var file = Path.Combine(folder, "speech.wav");
        var once = WavFile.Load(Binary.Sound("alice.wav"));
        using var sink = new WavSink(file);
        for (var i = 0; i < 10; i++) sink.Write(once);
        return file;
    }

    private static void Judge(Report report, string name, PhoneEvent? end, string heard, string? peerHeard)
    {
        var tone = Recording.ToneShare(heard, 1000);
        var speech = peerHeard is null ? 0 : Recording.Match(Binary.Sound("alice.wav"), peerHeard);
        report.Check(end?.Text("audio") == "two-way" && tone > 0.5 && speech >= Recording.Threshold, name,
            $"path {end?.Text("path")}, its tone {tone:P0} of what we heard, our speech {speech:F2} in what it heard");
    }
}
