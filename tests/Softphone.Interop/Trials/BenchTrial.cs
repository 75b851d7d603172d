using System.Globalization;

namespace Softphone.Interop;

/// <summary>
/// Side by side in one run: how long after the 200 OK the first audio reaches each side, ours and baresip's, read from captures; how
/// long after the candidates were exchanged data can be sent, ours and aioice's, without SIP; and what one Opus call costs in processor
/// time and memory.
/// </summary>
internal static class BenchTrial
{
    /// <summary>Every pair of types that let UDP out.</summary>
    public static readonly IReadOnlyList<(string A, string B)> All = [.. Matrix.Types.SelectMany(a => Matrix.Types.Select(b => (a, b)))];

    /// <summary>One of each way that a path comes about: at once, by punching, by the second packet, over a relay.</summary>
    public static readonly IReadOnlyList<(string A, string B)> Telling =
    [
        ("none", "none"), ("port-restricted", "port-restricted"), ("restricted-cone", "symmetric"), ("symmetric", "port-restricted"), ("symmetric", "symmetric"),
    ];

    public static void Run(Laboratory lab, Report report, IReadOnlyList<(string A, string B)> pairs, bool withPeers, bool withCost)
    {
        List<double> ringing = [], atOnce = [], baresip = [], ours = [], aioice = [];
        var sides = 2 * pairs.Count;
        report.Tell("milliseconds at A / at B: from 200 OK (at the caller) to the first audio packet; from candidates exchanged to data (ICE alone)");
        report.Tell($"{"A",-16}{"B",-16}{"rung 0.5 s",14}{"answered at once",18}{"baresip",16}{"ICE, ours",16}{"(nominated)",16}{"ICE, aioice",16}");
        foreach (var (a, b) in pairs)
        {
            if (!report.Wants($"{a}/{b}")) continue;
            lab.SetNat("A", a);
            lab.SetNat("B", b);
            var cell = $"bench-{a}-{b}";
            var rung = Ours(lab, cell + "-rung", 0.5);
            var once = Ours(lab, cell + "-once", 0);
            var peer = withPeers ? Baresip(lab, cell + "-baresip") : (null, null);
            var (ourA, ourB) = Ice(lab, a, b, "ours");
            var (theirA, theirB) = withPeers ? Ice(lab, a, b, "aioice") : (null, null);
            Add(ringing, rung);
            Add(atOnce, once);
            Add(baresip, peer);
            Add(ours, (ourA?.ConnectedMs, ourB?.ConnectedMs));
            Add(aioice, (theirA?.ConnectedMs, theirB?.ConnectedMs));
            report.Tell($"{a,-16}{b,-16}{Show(rung),14}{Show(once),18}{Show(peer),16}{Show((ourA?.ConnectedMs, ourB?.ConnectedMs)),16}"
                + $"{Show((ourA?.NominatedMs, ourB?.NominatedMs)),16}{Show((theirA?.ConnectedMs, theirB?.ConnectedMs)),16}");
        }

        Summarize(report, "audio, rung 0.5 s", ringing, sides);
        Summarize(report, "audio, answered at once", atOnce, sides);
        Summarize(report, "audio, baresip", baresip, sides);
        Summarize(report, "ICE, ours", ours, sides);
        Summarize(report, "ICE, aioice", aioice, sides);
        // Over all 25 pairs the direct ones are the many, and nothing else is expected to run beside them.
        var (worst, median) = pairs.Count == All.Count ? (20, 35) : (60, 60);
        report.Check(ringing.Count == sides && ringing.Max() <= worst, $"rung half a second: every side within {worst} ms", Figures(ringing, sides));
        report.Check(atOnce.Count == sides && Median(atOnce) <= median && atOnce.Max() <= 150, $"answered at once: median {median} ms, no side later than 150 ms", Figures(atOnce, sides));
        if (withPeers)
        {
            report.Check(atOnce.Count == sides && (baresip.Count == 0 || Median(atOnce) < Median(baresip)), "first audio: sooner than baresip's");
            report.Check(ours.Count == sides && (aioice.Count == 0 || ours.Average() < aioice.Average()), "ICE: sooner than aioice on the average",
                ours.Count == 0 || aioice.Count == 0 ? "" : $"{ours.Average():F0} ms against {aioice.Average():F0} ms");
        }

        if (withCost) Cost(lab);
    }

    /// <summary>One session of a program with itself, one component, STUN and TURN at hand.</summary>
    private static (PeerEnd? A, PeerEnd? B) Ice(Laboratory lab, string a, string b, string program)
    {
        // Each session gets fresh ports of its NATs, so that the TURN server does not take it for the one before.
        lab.SetNat("A", a);
        lab.SetNat("B", b);
        return PeerTrial.Exchange(lab, program, program, true, false, 1, "full", "turn-udp");
    }

    private static (double? A, double? B) Ours(Laboratory lab, string tag, double ring)
    {
        var folder = Path.Combine(lab.Folder, "calls", tag);
        using var captureA = new Capture(lab, "hostA", Path.Combine(folder, "a.pcap"));
        using var captureB = new Capture(lab, "hostB", Path.Combine(folder, "b.pcap"));
        CallTrial.Run(lab, tag, seconds: 2, ringSeconds: ring);
        return Measure(lab, captureA, captureB);
    }

    private static (double? A, double? B) Baresip(Laboratory lab, string tag)
    {
        var folder = Path.Combine(lab.Folder, "calls", tag);
        using var captureA = new Capture(lab, "hostA", Path.Combine(folder, "a.pcap"));
        using var captureB = new Capture(lab, "hostB", Path.Combine(folder, "b.pcap"));
        using (var callee = new BaresipPeer(lab, "hostB", "bob", ice: true, tag, mux: false, server: "turn"))
        using (var caller = new BaresipPeer(lab, "hostA", "alice", ice: true, tag, mux: false, server: "turn"))
        {
            if (!callee.WaitFor("200 OK", TimeSpan.FromSeconds(8)) || !caller.WaitFor("200 OK", TimeSpan.FromSeconds(8))) return (null, null);
            caller.Command($"/dial sip:bob@{Laboratory.Domain}");
            caller.WaitFor("Call established", TimeSpan.FromSeconds(15));
            caller.WaitFor("mnat 'ice' connected", TimeSpan.FromSeconds(25));
            callee.WaitFor("mnat 'ice' connected", TimeSpan.FromSeconds(3));
            Thread.Sleep(TimeSpan.FromSeconds(1.5));
            caller.Command("b");
        }

        return Measure(lab, captureA, captureB);
    }

    private static (double? A, double? B) Measure(Laboratory lab, Capture a, Capture b)
    {
        a.Dispose();
        b.Dispose();
        var answered = a.FirstAnswer();
        return (After(a.FirstAudioTo(lab.AddressOf("hostA"))), After(b.FirstAudioTo(lab.AddressOf("hostB"))));

        double? After(double? audio) => (audio - answered) * 1000 is { } late ? Math.Max(late, 0) : null;
    }

    /// <summary>Processor time and resident memory of one side of one Opus call, six seconds of it.</summary>
    private static void Cost(Laboratory lab)
    {
        lab.SetNat("A", "none");
        lab.SetNat("B", "none");
        var folder = Path.Combine(lab.Folder, "calls", "cost");
        using (var b = new PhoneProcess(lab, "hostB", "answer", "--once", "--profile", ProfileFile.Write(folder, "bob"), "--for", "60s"))
        {
            b.Wait("registration", TimeSpan.FromSeconds(10), e => e.GetProperty("state").GetString() == "registered");
            using var a = new PhoneProcess(lab, "hostA", "call", $"sip:bob@{Laboratory.Domain}", "--profile", ProfileFile.Write(folder, "alice"),
                "--play", Binary.Sound("alice.wav"), "--for", "12s");
            a.Wait("call.state", TimeSpan.FromSeconds(10), e => e.GetProperty("state").GetString() == "connected");
            Console.WriteLine($"softphone, one Opus call: {Sample(a.Id)}");
            a.WaitForExit(TimeSpan.FromSeconds(20));
        }

        using var callee = new BaresipPeer(lab, "hostB", "bob", ice: false, "cost");
        using var caller = new BaresipPeer(lab, "hostA", "alice", ice: false, "cost");
        callee.WaitFor("200 OK", TimeSpan.FromSeconds(8));
        caller.WaitFor("200 OK", TimeSpan.FromSeconds(8));
        caller.Command($"/dial sip:bob@{Laboratory.Domain}");
        caller.WaitFor("Call established", TimeSpan.FromSeconds(15));
        Console.WriteLine($"baresip, one Opus call:   {Sample(caller.Id)}");
    }

    private static string Sample(int pid)
    {
        Thread.Sleep(TimeSpan.FromSeconds(2));
        var before = Ticks(pid);
        Thread.Sleep(TimeSpan.FromSeconds(6));
        var used = (Ticks(pid) - before) / 100.0;
        var resident = File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("VmRSS", StringComparison.Ordinal)).Split(':')[1].Trim();
        return $"{used / 6:P1} of one core, resident {resident}";
    }

    private static long Ticks(int pid)
    {
        var fields = File.ReadAllText($"/proc/{pid}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }

    private static void Add(List<double> all, (double? A, double? B) cell)
    {
        if (cell.A is { } a) all.Add(a);
        if (cell.B is { } b) all.Add(b);
    }

    private static void Summarize(Report report, string name, List<double> all, int sides) => report.Tell($"{name,-26}{Figures(all, sides)}");

    private static string Figures(List<double> all, int sides) =>
        all.Count == 0 ? "nothing" : $"median {Median(all):F0} ms, worst {all.Max():F0} ms, on {all.Count} of {sides} sides";

    private static double Median(List<double> all) => all.Order().ElementAt(all.Count / 2);

    private static string Show((double? A, double? B) cell) => $"{cell.A?.ToString("F0", CultureInfo.InvariantCulture) ?? "-"} / {cell.B?.ToString("F0", CultureInfo.InvariantCulture) ?? "-"}";
}
