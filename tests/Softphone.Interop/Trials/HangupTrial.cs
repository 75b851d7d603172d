using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Softphone.Interop;

/// <summary>
/// Twenty calls in a row from behind symmetric NAT on both sides: each two-way, and afterwards the TURN server holds no allocation
/// and the registrar no binding.
/// </summary>
internal static partial class HangupTrial
{
    public static void Run(Laboratory lab, Report report, int calls)
    {
        lab.SetNat("A", "symmetric");
        lab.SetNat("B", "symmetric");
        lab.RestartServers();
        var twoWay = 0;
        for (var i = 1; i <= calls; i++)
        {
            var outcome = CallTrial.Run(lab, $"row-{i}", seconds: 6);
            if (outcome is { TwoWay: true, ExitA: 0, ExitB: 0 }) twoWay++;
            else Console.WriteLine($"  call {i}: speech {outcome.SpeechAtA:F2}/{outcome.SpeechAtB:F2} path {outcome.PathA}/{outcome.PathB} {outcome.Problem}");
        }

        report.Check(twoWay == calls, $"{calls} calls in a row between symmetric NATs", $"{twoWay} two-way");
        var (opened, closed) = Allocations(lab);
        report.Check(opened > 0 && opened == closed, "no allocation is left at the TURN server", $"{opened} allocations, {closed} given back");
        var bindings = Bindings(lab);
        report.Check(bindings == 0, "no binding is left at the registrar", $"{bindings} bindings");
    }

    /// <summary>coturn logs each allocation, and each deletion by a refresh with lifetime 0.</summary>
    private static (int Opened, int Closed) Allocations(Laboratory lab)
    {
        var log = lab.Log("coturn");
        return (New().Matches(log).Select(m => m.Groups[1].Value).Distinct().Count(), Deleted().Matches(log).Select(m => m.Groups[1].Value).Distinct().Count());
    }

    private static int Bindings(Laboratory lab)
    {
        const string ask = """
            import json, os, socket, sys
            me = sys.argv[2]
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            s.bind(me); s.settimeout(5)
            s.sendto(json.dumps(dict(jsonrpc="2.0", method="ul.dump", params=["brief"], id=1)).encode(), sys.argv[1])
            print(s.recv(1 << 20).decode()); os.unlink(me)
            """;
        var start = new ProcessStartInfo("/usr/bin/python3", ["-c", ask, Path.Combine(lab.Folder, "kamailio_rpc.sock"), Path.Combine(lab.Folder, "ask.sock")])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? answer.Split("\"AoR\"").Length - 1 : -1;
    }

    [GeneratedRegex(@"session (\d+):.*new, realm=")]
    private static partial Regex New();

    [GeneratedRegex(@"session (\d+):.*(?:delete: realm=|refreshed,.*lifetime=0)")]
    private static partial Regex Deleted();
}
