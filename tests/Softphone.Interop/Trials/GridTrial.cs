using System.Collections.Concurrent;

namespace Softphone.Interop;

/// <summary>Every NAT type against every other: audio is two-way everywhere, the path direct wherever one exists.</summary>
internal static class GridTrial
{
    /// <summary>The laboratories work side by side, each on the next cell.</summary>
    public static void Run(IReadOnlyList<Laboratory> labs, Report report, GridPass pass, bool full)
    {
        foreach (var lab in labs) lab.SetLatency(pass.Delay, pass.Loss);
        report.Tell($"{"A",-16}{"B",-16}{"path A/B",-16}{"speech A/B",-12}{"INVITE→200",11}{"ICE",9}{"200→audio A/B",19}");
        var cells = new ConcurrentQueue<(string A, string B)>(pass.Cells(full).Where(c => report.Wants($"{c.A}/{c.B}")));
        Parallel.ForEach(labs, new ParallelOptions { MaxDegreeOfParallelism = labs.Count }, lab =>
        {
            while (cells.TryDequeue(out var cell)) Cell(lab, report, pass, cell.A, cell.B);
        });
        foreach (var lab in labs) lab.SetLatency(0, 0);
    }

    private static void Cell(Laboratory lab, Report report, GridPass pass, string a, string b)
    {
        var cell = $"{a}/{b}";
        try
        {
            lab.SetNat("A", a);
            lab.SetNat("B", b);
            var outcome = CallTrial.Run(lab, new CallSettings($"{pass.Name}-{a}-{b}")
            {
                Seconds = 4 + pass.Lead,
                LeadSeconds = pass.Lead,
                ShortSpeech = true,
                ProfileA = folder => ProfileOf(lab, folder, "alice", a, pass),
                ProfileB = folder => ProfileOf(lab, folder, "bob", b, pass),
            });
            report.Tell($"{a,-16}{b,-16}{outcome.PathA + "/" + outcome.PathB,-16}{outcome.SpeechAtA:F2}/{outcome.SpeechAtB,-7:F2}"
                + $"{Ms(outcome.SetupMs),11}{Ms(outcome.IceMs),9}{Ms(outcome.MediaMsA) + "/" + Ms(outcome.MediaMsB),19}");
            var relayed = outcome.PathA == "relay" || outcome.PathB == "relay";
            report.Check(outcome is { TwoWay: true, ExitA: 0, ExitB: 0 }, $"{cell} audio two-way", outcome is { TwoWay: true, Problem: "" } ? "" : outcome.Problem, cell);
            report.Check(outcome.PathA.Length > 0 && relayed == Matrix.NeedsRelay(a, b), $"{cell} path is {(Matrix.NeedsRelay(a, b) ? "relayed" : "direct")}",
                relayed == Matrix.NeedsRelay(a, b) ? "" : $"{outcome.PathA}/{outcome.PathB}", cell);
        }
        catch (InvalidOperationException problem)
        {
            report.Check(false, cell, problem.Message, cell);
        }
    }

    /// <summary>Who may send no UDP speaks SIP over TCP, and TURN over TCP where the pass would have UDP.</summary>
    private static string ProfileOf(Laboratory lab, string folder, string user, string nat, GridPass pass)
    {
        var blocked = Matrix.IsBlocked(nat);
        return ProfileFile.Write(folder, user, transport: blocked ? "tcp" : "udp", turn: blocked && pass.Relay == "udp" ? "tcp" : pass.Relay);
    }

    private static string Ms(double? value) => value is { } ms ? $"{ms:F0} ms" : "-";
}
