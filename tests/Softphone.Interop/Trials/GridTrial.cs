namespace Softphone.Interop;

/// <summary>Every NAT type against every other: audio is two-way everywhere, the path direct wherever one exists.</summary>
internal static class GridTrial
{
    public static void Run(Laboratory lab, Report report, IReadOnlyList<string> types)
    {
        Console.WriteLine($"{"A",-16}{"B",-16}{"path A/B",-14}{"speech A/B",-12}{"INVITE→200",11}{"ICE",8}{"200→audio A/B",17}");
        foreach (var a in types)
        {
            foreach (var b in types)
            {
                lab.SetNat("A", a);
                lab.SetNat("B", b);
                var outcome = CallTrial.Run(lab, $"{a}-{b}");
                Console.WriteLine($"{a,-16}{b,-16}{outcome.PathA + "/" + outcome.PathB,-14}{outcome.SpeechAtA:F2}/{outcome.SpeechAtB,-7:F2}"
                    + $"{Ms(outcome.SetupMs),11}{Ms(outcome.IceMs),8}{Ms(outcome.MediaMsA) + "/" + Ms(outcome.MediaMsB),17}");
                var cell = $"{a} → {b}";
                report.Check(outcome is { TwoWay: true, ExitA: 0, ExitB: 0 }, $"{cell} audio two-way", outcome.TwoWay && outcome.Problem.Length == 0 ? "" : outcome.Problem + " ");
                var relayed = outcome.PathA == "relay" || outcome.PathB == "relay";
                report.Check(outcome.PathA.Length > 0 && relayed == Matrix.NeedsRelay(a, b), $"{cell} path {outcome.PathA}/{outcome.PathB}");
            }
        }
    }

    private static string Ms(double? value) => value is { } ms ? $"{ms:F0} ms" : "-";
}
