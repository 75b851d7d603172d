using System.Text;
using Softphone.Lab;
using Softphone.Nat;
namespace Softphone.Scenarios;
public sealed class ScratchTests
{
    [Theory, InlineData(0, 20, 20), InlineData(1, 20, 20), InlineData(1, 20, 5), InlineData(1, 37, 50)]
    public void Print(int policy, int latency, int ta)
    {
        var o = new MatrixOptions { Nomination = (NominationPolicy)policy, Latency = TimeSpan.FromMilliseconds(latency), Ta = TimeSpan.FromMilliseconds(ta) };
        var text = new StringBuilder();
        var sw = System.Diagnostics.Stopwatch.StartNew();
        string? key = null; string row = "";
        foreach (var c in MatrixCase.All(NatBehavior.Names))
        {
            if (key != $"{c.Place == MatrixPlace.Apart}{c.Turn}{c.Components}") { key = $"{c.Place == MatrixPlace.Apart}{c.Turn}{c.Components}"; text.Append($"\n\n== {c}"); row=""; }
            if (row != c.A) { row = c.A; text.Append($"\n{c.A,-16}"); }
            var cell = MatrixRun.Of(c, o);
            text.Append($" {(cell.IsOk ? ' ' : cell.IsWorse ? '!' : '?')}{cell.Pair,-4}{cell.MediaRoundTrips,5:0.00}/{cell.CompletedRoundTrips,-5:0.00}");
            if (!cell.IsOk) text.Append($"[{cell.Expected}]");
        }
        File.WriteAllText($"/tmp/matrix-{policy}-{latency}-{ta}.txt", text + $"\n{sw.ElapsedMilliseconds} ms\n");
    }
}
