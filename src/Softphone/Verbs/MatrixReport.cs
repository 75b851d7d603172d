using System.Globalization;
using Softphone.Lab;

namespace Softphone.Cli;

/// <summary>The matrix for a person: one grid for each of TURN or not, components, and different NATs or one; then what is not as it must be, and the sums.</summary>
internal sealed class MatrixReport(PlainWriter output, bool colour)
{
    private const int NameWidth = 16;
    private const int CellWidth = 14;
    private const int MostTroubles = 40;

    public void Write(MatrixCell[] cells, IReadOnlyList<string> types, LabMatrixOptions options, TimeSpan took)
    {
        Line($"every NAT against every NAT: {Conditions(options)}");
        Line($"row offers and controls, column answers; local and remote type of the nominated pair (H host, S srflx, P prflx, R relay),");
        Line($"then round trips from the answer to the first outgoing media / to completion, waiting for Ta taken off{(options.Runs > 1 ? "; medians" : "")}");
        var byCase = cells.GroupBy(c => c.Case).ToDictionary(g => g.Key, g => g.ToArray());
        foreach (var turn in new[] { true, false })
        {
            for (var components = 1; components <= 2; components++)
            {
                var with = $"{(turn ? "TURN" : "no TURN")}, {(components == 1 ? "1 component" : "2 components")}";
                Grid($"different NATs, {with}", types, types, (a, b) => byCase[new MatrixCase(a, b, MatrixPlace.Apart, turn, components)]);
                Grid($"one NAT, {with}", types, ["same LAN", "isolated", "hairpin", "inner hairpin"], (a, place) => byCase[new MatrixCase(a, a, PlaceOf(place), turn, components)]);
            }
        }

        Line($"");
        Line($"isolated: clients of one NAT do not reach each other; hairpin: the NAT turns them round, inner hairpin: with the inside address as source");
        Troubles(cells);
        if (cells.Length > byCase.Count) Percentiles(cells);
        Sums(cells, took);
    }

    private static string Conditions(LabMatrixOptions options)
    {
        var text = $"{(options.Immediate ? "immediate" : "adaptive")} nomination, {Ms(options.Latency)} each way on each line";
        if (options.Jitter > TimeSpan.Zero) text += $" and up to {Ms(options.Jitter)} more";
        if (options.Loss > 0) text += Text($", {options.Loss * 100:0.##} % lost");
        return text + Text($", Ta {Ms(options.Ta)}, {(options.Runs > 1 ? $"seeds {options.Seed} to {options.Seed + (ulong)options.Runs - 1}" : $"seed {options.Seed}")}");
    }

    private void Grid(string title, IReadOnlyList<string> rows, IReadOnlyList<string> columns, Func<string, string, MatrixCell[]> cellsOf)
    {
        Line($"");
        output.WriteLine(title);
        output.WriteLine($"{new string(' ', NameWidth)}{string.Concat(columns.Select(c => Short(c).PadRight(CellWidth)))}".TrimEnd());
        foreach (var row in rows)
        {
            output.Write(row.PadRight(NameWidth));
            for (var i = 0; i < columns.Count; i++) Cell(cellsOf(row, columns[i]), i == columns.Count - 1);
            output.WriteLine();
        }
    }

    private void Cell(MatrixCell[] runs, bool isLast)
    {
        var wrong = runs.Count(c => !c.IsOk);
        var worst = runs.MaxBy(c => c.IsOk ? -1 : MatrixTable.ClassOf(c.Pair))!;
        var text = worst.Pair == MatrixTable.Fail && wrong > 0 && runs.Length == 1 ? MatrixTable.Fail : runs.Length > 1 ? runs[0].Expected : worst.Pair;
        if (text == MatrixTable.Fail) text = wrong == 0 ? "-" : "FAIL";
        else if (Median(runs, c => c.MediaRoundTrips) is { } media) text += Text($" {media:0.00}/{Median(runs, c => c.CompletedRoundTrips):0.00}");
        if (wrong > 0) text += runs.Length > 1 ? Text($" !{wrong}") : $"!{worst.Expected}";
        var code = wrong > 0 ? "1;31" : runs[0].Expected == MatrixTable.Fail ? "2" : MatrixTable.ClassOf(runs[0].Expected) > 0 ? "33" : "32";
        var padding = isLast ? "" : new string(' ', Math.Max(1, CellWidth - text.Length));
        output.Write(text, colour ? code : "");
        output.Write(padding);
    }

    private void Troubles(MatrixCell[] cells)
    {
        var wrong = cells.Where(c => !c.IsOk).ToList();
        if (wrong.Count == 0) return;
        Line($"");
        foreach (var cell in wrong.Take(MostTroubles)) Line($"not as the table says: {cell.Case}, seed {cell.Seed}: {cell.Trouble}");
        if (wrong.Count > MostTroubles) Line($"and {wrong.Count - MostTroubles} more; --json names them all");
    }

    private void Percentiles(MatrixCell[] cells)
    {
        Line($"");
        Line($"milliseconds from the answer           p50       p95       p99     worst   wrong paths");
        foreach (var group in cells.GroupBy(c => (c.Case.Turn, c.Case.Components)))
        {
            var connected = group.Where(c => c.Expected != MatrixTable.Fail).ToList();
            var wrong = group.Count(c => c.IsWorse);
            var name = $"{(group.Key.Turn ? "TURN" : "no TURN")}, {group.Key.Components} component{(group.Key.Components == 1 ? "" : "s")}";
            Percentile($"{name}, media", connected.Select(c => c.Media), Text($"{wrong} of {group.Count()}, {100.0 * wrong / group.Count():0.###} %"));
            Percentile($"{name}, completed", connected.Select(c => c.Completed), "");
        }
    }

    private void Percentile(string name, IEnumerable<TimeSpan?> times, string end)
    {
        var sorted = times.OfType<TimeSpan>().Order().ToList();
        if (sorted.Count == 0) return;
        double At(double share) => sorted[Math.Min(sorted.Count - 1, (int)(share * sorted.Count))].TotalMilliseconds;
        output.WriteLine(Text($"{name,-31}{At(0.5),10:0.0}{At(0.95),10:0.0}{At(0.99),10:0.0}{sorted[^1].TotalMilliseconds,10:0.0}   {end}").TrimEnd());
    }

    private void Sums(MatrixCell[] cells, TimeSpan took)
    {
        var direct = cells.Count(c => MatrixTable.ClassOf(c.Pair) == 0);
        var relayed = cells.Count(c => MatrixTable.ClassOf(c.Pair) is 1 or 2);
        var wrong = cells.Count(c => !c.IsOk);
        Line($"");
        Line($"{cells.Length} cells in {took.TotalSeconds:0.00} s: {direct} direct, {relayed} by a relay, {cells.Length - direct - relayed} without a path; wrong paths {cells.Count(c => c.IsWorse)}");
        foreach (var (name, of) in new (string, Func<MatrixCell, double?>)[] { ("first media", c => c.MediaRoundTrips), ("completed", c => c.CompletedRoundTrips) })
        {
            var times = cells.Select(of).OfType<double>().Order().ToList();
            if (times.Count > 0) Line($"{name} after {times[0]:0.00} round trips at best, {times[times.Count / 2]:0.00} in the middle, {times[^1]:0.00} at worst");
        }

        var worse = cells.Count(c => c.IsWorse && c.IsOk);
        var verdict = wrong == 0 && worse > 0 ? $"every cell is as the policy allows, {worse} with a relay more than the table has: the first valid pair was one"
            : wrong == 0 ? "every cell is as the table says" : $"{wrong} cell{(wrong == 1 ? " is" : "s are")} not as the table says";
        output.Write(verdict, colour ? wrong == 0 ? "32" : "1;31" : "");
        output.WriteLine();
    }

    private static double? Median(MatrixCell[] runs, Func<MatrixCell, double?> of)
    {
        var sorted = runs.Select(of).OfType<double>().Order().ToList();
        return sorted.Count == 0 ? null : sorted[sorted.Count / 2];
    }

    private static MatrixPlace PlaceOf(string column) => column switch
    {
        "same LAN" => MatrixPlace.SameLan,
        "isolated" => MatrixPlace.Isolated,
        "hairpin" => MatrixPlace.Hairpin,
        _ => MatrixPlace.InternalHairpin,
    };

    private static string Short(string type) => type switch
    {
        "restricted-cone" => "restricted",
        "port-restricted" => "port-restr.",
        _ => type,
    };

    private static string Ms(TimeSpan time) => Text($"{time.TotalMilliseconds:0.###} ms");

    private void Line(FormattableString text) => output.WriteLine(Text(text));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
