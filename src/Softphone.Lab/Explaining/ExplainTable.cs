using System.Collections.Concurrent;
using Softphone.Phone;

namespace Softphone.Lab;

/// <summary>
/// Every cell's call, what both phones say of it, and whether it is so: the cause is held against the oracle's, and each remedy told is
/// applied to the world and the call run again. What would help must help in every world in which the same is said; what may help must
/// help in one of them and not in all, for else it would, or does not.
/// </summary>
public sealed class ExplainTable
{
    private readonly ConcurrentDictionary<ExplainWorld, ExplainOutcome> _runs = new();
    private readonly List<ExplainVerdict> _verdicts = [];

    private ExplainTable()
    {
    }

    /// <summary>What each phone of each cell said, row by row, alice's before bob's; those of the NAT that stands in no row come too.</summary>
    public IReadOnlyList<ExplainVerdict> Verdicts => _verdicts;

    /// <summary>How many calls were run, those with remedies among them.</summary>
    public int Runs => _runs.Count;

    /// <summary>Runs all of it: what may help is judged by all cells in which the same is said.</summary>
    /// <param name="each">Does something with every number below the first argument, in any order, and on several threads where it likes.</param>
    public static ExplainTable Of(Action<int, Action<int>> each)
    {
        var table = new ExplainTable();
        var cells = ExplainWorld.All(NatBehavior.Names).ToList();
        each(cells.Count, i => table.Run(cells[i].World));
        foreach (var cell in cells)
        {
            foreach (var isAlice in new[] { true, false })
            {
                var outcome = table.Run(cell.World);
                if (outcome.Of(isAlice) is { } told) table._verdicts.Add(new ExplainVerdict(cell, isAlice, outcome, told));
            }
        }

        var wanted = table._verdicts.SelectMany(v => v.Trials()).Distinct().ToList();
        each(wanted.Count, i => table.Run(wanted[i]));
        foreach (var same in table._verdicts.GroupBy(v => v.Kind)) ExplainJudge.Judge([.. same], table.Run);
        return table;
    }

    private ExplainOutcome Run(ExplainWorld world) => _runs.TryGetValue(world, out var known) ? known : _runs.GetOrAdd(world, ExplainRun.Of);
}
