using System.Globalization;
using Softphone.Audio;

namespace Softphone.Interop;

/// <summary>
/// The network changes in mid-call: the active interface goes while a second one is up, or the NAT gives out other mappings. How long
/// each side hears nothing is read from captures of both.
/// </summary>
internal static class FailoverTrial
{
    private const double LinkDelay = 10;

    /// <summary>A round trip from host to host crosses four links.</summary>
    private const double RoundTrip = 4 * LinkDelay;

    /// <summary>Beyond the cut until audio is back: 1.5 s and two round trips.</summary>
    private const double CutLimit = 1500 + 2 * RoundTrip;

    /// <summary>One consent interval at its longest, 6 s (RFC 7675 §5.1), and the round trips of finding the new path.</summary>
    private const double RebindLimit = 6000 + 2 * RoundTrip;

    private static readonly Change[] Changes =
    [
        new("link", "port-restricted", "port-restricted", "port-restricted"),
        new("addr", "full-cone", "port-restricted", "none") { ACalls = false },
        new("device", "symmetric", "symmetric", "symmetric") { Sip = "tcp" },
        new("rebind", "port-restricted", "", "port-restricted"),
        new("rebind", "symmetric", "", "symmetric") { ACalls = false },
    ];

    public static void Run(Laboratory lab, Report report)
    {
        lab.SetLatency(LinkDelay, 0);
        report.Tell($"{"change",-9}{"A",-17}{"A's second",-17}{"B",-17}{"caller",-8}{"SIP",-5}{"gap at A",10}{"gap at B",10}  path");
        foreach (var change in Changes)
        {
            if (!report.Wants(change.Name)) continue;
            try
            {
                One(lab, report, change);
            }
            finally
            {
                if (change.IsCut) lab.Cut("mend");
                if (change.IsCut) lab.RemoveSecondInterface();
            }
        }

        lab.SetLatency(0, 0);
    }

    private static void One(Laboratory lab, Report report, Change change)
    {
        lab.SetNat("A", change.A);
        lab.SetNat("B", change.B);
        if (change.IsCut) lab.AddSecondInterface(change.Second);
        var folder = Path.Combine(lab.Folder, "calls", "failover-" + change.Name.Replace('/', '-'));
        using var firstA = new Capture(lab, "hostA", Path.Combine(folder, "a-eth0.pcap"));
        using var secondA = change.IsCut ? new Capture(lab, "hostA", Path.Combine(folder, "a-eth1.pcap"), "eth1") : null;
        using var captureB = new Capture(lab, "hostB", Path.Combine(folder, "b.pcap"));
        var (caller, callee) = change.ACalls ? (("alice", "hostA"), ("bob", "hostB")) : (("bob", "hostB"), ("alice", "hostA"));
        using var answering = new PhoneProcess(lab, callee.Item2, ["answer", "--once", "--for", "60s", .. Media(folder, callee.Item1, change.Sip)]);
        answering.Wait("registration", TimeSpan.FromSeconds(15), e => e.GetProperty("state").GetString() == "registered");
        using var calling = new PhoneProcess(lab, caller.Item2, ["call", $"sip:{callee.Item1}@{Laboratory.Domain}", "--for", "13s", .. Media(folder, caller.Item1, change.Sip)]);
        if (calling.Wait("call.state", TimeSpan.FromSeconds(15), e => e.GetProperty("state").GetString() == "connected") is null)
        {
            report.Check(false, change.Name, $"no call: {calling.Errors}", change.Name);
            return;
        }

        Thread.Sleep(3000);
        var at = change.IsCut ? lab.Cut(change.How) : lab.Rebind("A");
        var exit = calling.WaitForExit(TimeSpan.FromSeconds(40));
        answering.WaitForExit(TimeSpan.FromSeconds(15));
        var end = calling.All("call.end").LastOrDefault();
        firstA.Dispose();
        secondA?.Dispose();
        captureB.Dispose();
        File.WriteAllLines(Path.Combine(folder, "events.txt"), [$"change at {at:F3}", "-- caller", .. calling.Lines, "-- callee", .. answering.Lines]);

        // What still comes to an interface without address is captured, but nobody gets it.
        var heardA = firstA.AudioTo(change.AddressA).Where(t => t < at || !change.IsCut).Concat(secondA?.AudioTo("10.0.4.2") ?? []).Order().ToList();
        var (gapA, gapB) = (Gap(heardA, at), Gap(captureB.AudioTo(change.AddressB), at));
        var limit = change.IsCut ? CutLimit : RebindLimit;
        report.Tell($"{change.How,-9}{change.A,-17}{change.Second,-17}{change.B,-17}{caller.Item1,-8}{change.Sip,-5}{Ms(gapA),10}{Ms(gapB),10}  {end?.Text("path")}");
        report.Check(gapA <= limit && gapB <= limit, $"{change.Name}: audio is back within {limit:F0} ms",
            gapA <= limit && gapB <= limit ? "" : $"gap {Ms(gapA)} at A, {Ms(gapB)} at B; {folder}", change.Name);
        report.Check(exit == 0, $"{change.Name}: the call goes on and ends well", exit == 0 ? "" : $"exit {exit}, {calling.Errors}", change.Name);
    }

    private static string[] Media(string folder, string user, string sip)
    {
        var speech = Path.Combine(folder, $"{user}-speech.wav");
        var once = WavFile.Load(Binary.Sound($"{user}.wav"));
        using var sink = new WavSink(speech);
        for (var i = 0; i < 4; i++) sink.Write(once);
        return ["--profile", ProfileFile.Write(folder, user, transport: sip), "--play", speech, "--record", Path.Combine(folder, $"{user}-heard.wav")];
    }

    /// <summary>The longest silence between the last packet before the change and the end, in milliseconds; null when nothing came after it.</summary>
    private static double? Gap(IReadOnlyList<double> times, double change)
    {
        var last = times.LastOrDefault(t => t <= change);
        var later = times.Where(t => t > change).ToList();
        // What was on its way at the change does not count as being back.
        if (last == 0 || later.Count < 50) return null;
        double longest = 0;
        foreach (var time in later)
        {
            longest = Math.Max(longest, time - last);
            last = time;
        }

        return longest * 1000;
    }

    private static string Ms(double? value) => value is { } ms ? ms.ToString("F0", CultureInfo.InvariantCulture) + " ms" : "never";

    private sealed record Change(string How, string A, string Second, string B)
    {
        public bool ACalls { get; init; } = true;

        public string Sip { get; init; } = "udp";

        public bool IsCut => How != "rebind";

        public string Name => $"{How}/{A}/{B}";

        public string AddressA => A is "none" or "firewall" ? "198.51.100.2" : "10.0.1.2";

        public string AddressB => B is "none" or "firewall" ? "198.51.100.66" : "192.168.2.2";
    }
}
