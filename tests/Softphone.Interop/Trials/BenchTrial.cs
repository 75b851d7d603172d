using System.Globalization;

namespace Softphone.Interop;

/// <summary>
/// Side by side in one run: how long after the 200 OK the first audio reaches each side, ours and baresip's, over the grid and read
/// from captures; and what one Opus call costs in processor time and memory.
/// </summary>
internal static class BenchTrial
{
    public static void Run(Laboratory lab, Report report, bool withPeer)
    {
        var ringing = new List<double>();
        var atOnce = new List<double>();
        var theirs = new List<double>();
        Console.WriteLine("milliseconds from 200 OK (at the caller) to the first audio packet at A and at B");
        Console.WriteLine($"{"A",-16}{"B",-16}{"rung 0.5 s",14}{"answered at once",18}{"baresip",18}");
        foreach (var a in Matrix.Types)
        {
            foreach (var b in Matrix.Types)
            {
                lab.SetNat("A", a);
                lab.SetNat("B", b);
                var cell = $"bench-{a}-{b}";
                var rung = Ours(lab, cell + "-rung", 0.5);
                var once = Ours(lab, cell + "-once", 0);
                var peer = withPeer ? Baresip(lab, cell + "-baresip") : (null, null);
                Add(ringing, rung);
                Add(atOnce, once);
                Add(theirs, peer);
                Console.WriteLine($"{a,-16}{b,-16}{Show(rung),14}{Show(once),18}{Show(peer),18}");
            }
        }

        Summarize("rung 0.5 s", ringing);
        Summarize("answered at once", atOnce);
        Summarize("baresip", theirs);
        report.Check(ringing.Count == 50 && ringing.Max() <= 20, "rung half a second: every side within 20 ms", Figures(ringing));
        report.Check(atOnce.Count == 50 && Median(atOnce) <= 35 && atOnce.Max() <= 150, "answered at once: median 35 ms, no side later than 150 ms", Figures(atOnce));
        Cost(lab);
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

    private static void Summarize(string name, List<double> all) => Console.WriteLine($"{name,-18} {Figures(all)}");

    private static string Figures(List<double> all) =>
        all.Count == 0 ? "nothing heard" : $"median {Median(all):F0} ms, worst {all.Max():F0} ms, heard on {all.Count} of 50 sides";

    private static double Median(List<double> all) => all.Order().ElementAt(all.Count / 2);

    private static string Show((double? A, double? B) cell) => $"{cell.A?.ToString("F0", CultureInfo.InvariantCulture) ?? "-"} / {cell.B?.ToString("F0", CultureInfo.InvariantCulture) ?? "-"}";
}
