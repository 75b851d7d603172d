using System.Globalization;
using Softphone.Lab;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>The table of explanations for a person: one grid for each of TURN, STUN and mode; then what is wrong, and the sums.</summary>
internal sealed class ExplainReport(PlainWriter output, bool colour)
{
    private const int NameWidth = 16;
    private const int CellWidth = 14;
    private const int MostTroubles = 40;

    private static readonly (Hindrances Hindrance, char Letter)[] Letters =
    [
        (Hindrances.RelaySetting, 'R'),
        (Hindrances.UdpBlocked, 'U'),
        (Hindrances.ServersSilent, 'S'),
        (Hindrances.NotAsked, 'N'),
        (Hindrances.NoPublicAddress, 'P'),
        (Hindrances.PerDestination, 'D'),
        (Hindrances.Filter, 'F'),
        (Hindrances.NothingArrived, 'X'),
    ];

    public void Write(ExplainTable table, IReadOnlyList<string> types, bool sentences, TimeSpan took)
    {
        output.WriteLine("what two phones say of their call, every NAT against every NAT: the caller's NAT is the row's, the callee's the column's");
        output.WriteLine("a cell has what the caller says hinders ours|the peer's, a space, and what the callee says; direct is a direct path, ? is unseen, ~ follows from the rest");
        output.WriteLine("R a setting for relays only, U UDP blocked, S servers silent, N no server asked, P no public address named, D another port for every destination, F a filter, X nothing arrived");
        var shown = table.Verdicts.Where(v => types.Contains(v.Cell.A) && types.Contains(v.Cell.B)).ToList();
        foreach (var grid in shown.GroupBy(v => (v.Cell.RelayOnly, v.Cell.Turn, v.Cell.Stun)))
            Grid($"{(grid.Key.RelayOnly ? "caller: relays only" : "auto")}, {(grid.Key.Turn ? "TURN" : "no TURN")}, {(grid.Key.Stun ? "STUN" : "no STUN")}", types, grid.ToLookup(v => (v.Cell.A, v.Cell.B)));
        if (sentences) Sentences(shown);
        Troubles(table);
        Sums(table, shown, took);
    }

    private void Grid(string title, IReadOnlyList<string> types, ILookup<(string A, string B), ExplainVerdict> cells)
    {
        output.WriteLine();
        output.WriteLine(title);
        output.WriteLine($"{new string(' ', NameWidth)}{string.Concat(types.Select(t => t.PadRight(CellWidth + 2)))}".TrimEnd());
        foreach (var row in types)
        {
            output.Write(row.PadRight(NameWidth));
            foreach (var column in types)
            {
                var both = cells[(row, column)].ToList();
                var isOk = both.TrueForAll(v => v.IsOk);
                var text = both.Count > 0 && both[0].Outcome.Reached == Promise.Direct ? "direct" : string.Join(' ', both.Select(v => Short(v.Told.Cause)));
                if (!isOk) text += " !";
                output.Write(text, colour ? isOk ? both.Count > 0 && both[0].Outcome.Reached is null ? "2" : "32" : "1;31" : "");
                output.Write(new string(' ', Math.Max(1, CellWidth + 2 - text.Length)));
            }

            output.WriteLine();
        }
    }

    private static string Short(Cause cause) => cause is Cause.Network e ? $"{(e.IsDeduced ? "~" : "")}{Short(e.Ours)}|{Short(e.Peer)}" : cause.GetType().Name;

    private static string Short(Hindrances side) =>
        side == Hindrances.None ? "?" : string.Concat(Letters.Where(l => side.HasFlag(l.Hindrance)).Select(l => l.Letter));

    private void Sentences(List<ExplainVerdict> shown)
    {
        output.WriteLine();
        foreach (var verdict in shown)
        {
            output.WriteLine($"{verdict.Cell}, {(verdict.IsAlice ? "caller" : "callee")}: {ExplanationText.Of(verdict.Told)}");
        }
    }

    private void Troubles(ExplainTable table)
    {
        var wrong = table.Verdicts.Where(v => !v.IsOk).ToList();
        if (wrong.Count == 0) return;
        output.WriteLine();
        foreach (var verdict in wrong.Take(MostTroubles))
            output.WriteLine($"wrong: {verdict.Cell}, {(verdict.IsAlice ? "caller" : "callee")}, {verdict.Outcome.Path}: {verdict.Trouble}");
        if (wrong.Count > MostTroubles) output.WriteLine(Text($"and {wrong.Count - MostTroubles} more; --json names them all"));
    }

    private void Sums(ExplainTable table, List<ExplainVerdict> shown, TimeSpan took)
    {
        var remedies = shown.SelectMany(v => v.Told.Remedies).ToList();
        var cells = shown.GroupBy(v => v.Cell).ToList();
        var wrong = table.Verdicts.Where(v => !v.IsOk).Select(v => v.Cell).Distinct().Count();
        output.WriteLine();
        output.WriteLine(Text($"{cells.Count} cells, {shown.Count} explanations, {remedies.Count} remedies tried: {remedies.Count(r => r.IsCertain)} that would help, {remedies.Count(r => !r.IsCertain)} that may; {table.Runs} calls in {took.TotalSeconds:0.0} s"));
        output.Write(wrong == 0 ? "no cell is wrong" : Text($"{wrong} cell{(wrong == 1 ? " is" : "s are")} wrong"), colour ? wrong == 0 ? "32" : "1;31" : "");
        output.WriteLine();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
