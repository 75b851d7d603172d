using System.Diagnostics;
using Softphone.Interop;

if (args.Length > 4 && args[0] == "ice-peer") return IcePeerProgram.Run(args[1..]);

string[] parts = ["nat", "peers", "grid", "baresip", "failures", "row"];
var wanted = args.Where(a => !a.StartsWith('-')).ToList();
if (args.Contains("--help") || wanted.Except([.. parts, "bench"]).Any())
{
    Console.WriteLine($"""
        usage: ./build.sh interop [PART...]     parts: {string.Join(", ", parts)}; all of them without a name
          nat       softphone nat names each of the seven kernel NATs
          peers     our ICE against aioice and libnice, full and lite, in both roles, without SIP
          grid      a call for every pair of NAT types through kamailio and coturn
          baresip   calls to and from baresip, with ICE and without
          failures  wrong password, busy, no answer, dead servers and the like: exit codes and texts
          bench     time to first audio beside baresip (--alone: without it), processor time and memory of a call
          row       twenty calls in a row between symmetric NATs; nothing is left on the servers
        """);
    return args.Contains("--help") ? 0 : 2;
}

if (wanted.Count == 0) wanted.AddRange(parts);
var report = new Report();
var clock = Stopwatch.StartNew();
using (var lab = new Laboratory(Path.Combine(Binary.Repository, "artifacts", "interop")))
{
    void Run(string part)
    {
        switch (part)
        {
            case "nat": NatNameTrial.Run(lab, report); break;
            case "peers": PeerTrial.Run(lab, report); break;
            case "grid": GridTrial.Run(lab, report, Matrix.Types); break;
            case "baresip": BaresipTrial.Run(lab, report); break;
            case "failures": FailureTrial.Run(lab, report); break;
            case "row": HangupTrial.Run(lab, report, calls: 20); break;
            case "bench": BenchTrial.Run(lab, report, withPeer: !args.Contains("--alone")); break;
        }
    }

    Console.CancelKeyPress += (_, _) => lab.Dispose();
    foreach (var part in wanted)
    {
        Console.WriteLine($"\n== {part}");
        try
        {
            Run(part);
        }
        catch (Exception problem)
        {
            // One broken part must not take the laboratory's end, nor the other parts, with it.
            report.Check(false, part, problem.ToString());
        }
    }
}

Console.WriteLine($"\n{clock.Elapsed.TotalSeconds:F0} s");
return report.Close();
