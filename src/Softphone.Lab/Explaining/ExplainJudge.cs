using Softphone.Phone;

namespace Softphone.Lab;

/// <summary>Judges what phones said that all said the same.</summary>
internal static class ExplainJudge
{
    public static void Judge(IReadOnlyList<ExplainVerdict> same, Func<ExplainWorld, ExplainOutcome> run)
    {
        foreach (var verdict in same)
        {
            verdict.Held = [.. verdict.Told.Remedies.Select(r => Try(verdict, r.Steps, run).All(o => o.Keeps(r.Promise)) && Try(verdict, r.Steps, run).Any())];
            verdict.Trouble = CauseTrouble(verdict) ?? verdict.Told.Remedies.Where((r, i) => r.IsCertain && !verdict.Held[i]).Select(r => $"did not give {r.Promise}: {Words(r.Steps)}").FirstOrDefault();
        }

        for (var i = 0; i < same[0].Told.Remedies.Count; i++)
        {
            var remedy = same[0].Told.Remedies[i];
            if (GroupTrouble(same, remedy, run) is { } trouble)
                foreach (var verdict in same) verdict.Trouble ??= trouble;
        }
    }

    private static string? CauseTrouble(ExplainVerdict verdict)
    {
        var told = verdict.Told;
        if (verdict.Expected is not { } expected)
            return told.Cause is Cause.Nothing or Cause.PrivateAddresses or Cause.NatByV4 && told.Remedies.Count == 0 && told.Fault is null ? null : $"a direct path, and it says {told.Cause}";
        if (told.Cause is not Cause.Network cause) return $"it says {told.Cause} where {expected} is due";
        if (CauseOracle.Untruth(verdict.Cell.World, verdict.IsAlice, cause) is { } untruth) return $"it is not true: {untruth}";
        if (verdict.Cell.IsShown && (cause.Ours, cause.Peer, cause.IsDeduced) != (expected.Ours, expected.Peer, expected.IsDeduced)) return $"it says {Words(cause)} where {Words(expected)} is due";
        return told.Remedies.Count == 0 ? "no remedy is told" : null;
    }

    /// <summary>Of something that may help: it must somewhere, and not everywhere. Of something on both sides: one alone must not do.</summary>
    private static string? GroupTrouble(IReadOnlyList<ExplainVerdict> same, Remedy remedy, Func<ExplainWorld, ExplainOutcome> run)
    {
        foreach (var half in ExplainVerdict.Halves(remedy))
            if (remedy.IsCertain && IsSure(half)) return $"more than is needed: {Words(remedy.Steps)}";
        if (remedy.IsCertain) return null;
        if (IsSure(remedy.Steps)) return $"it says may, and it always does: {Words(remedy.Steps)}";
        return same.Any(v => Try(v, remedy.Steps, run).Any(o => o.Keeps(remedy.Promise))) ? null : $"it never does: {Words(remedy.Steps)}";

        bool IsSure(IReadOnlyList<RemedyStep> steps) => same.All(v => Try(v, steps, run).Any() && Try(v, steps, run).All(o => o.Keeps(remedy.Promise)));
    }

    private static IEnumerable<ExplainOutcome> Try(ExplainVerdict verdict, IReadOnlyList<RemedyStep> steps, Func<ExplainWorld, ExplainOutcome> run) =>
        RemedyTrial.Apply(verdict.Cell.World, steps, verdict.IsAlice).Select(run);

    private static string Words(Cause.Network cause) => $"ours {cause.Ours}, the peer's {cause.Peer}{(cause.IsDeduced ? ", likely" : "")}";

    private static string Words(IReadOnlyList<RemedyStep> steps) => string.Join(" and ", steps.Select(s => $"{s.Kind} {s.Side}"));
}
