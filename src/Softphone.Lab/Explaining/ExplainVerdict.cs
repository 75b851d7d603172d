using Softphone.Phone;

namespace Softphone.Lab;

/// <summary>What one phone said of one cell's call, and what became of it when it was tried.</summary>
/// <param name="Cell">Where.</param>
/// <param name="IsAlice">Alice's phone, or bob's.</param>
/// <param name="Outcome">How the call went.</param>
/// <param name="Told">What the phone said.</param>
public sealed record ExplainVerdict(ExplainCell Cell, bool IsAlice, ExplainOutcome Outcome, Explanation Told)
{
    /// <summary>The oracle's cause; null of a direct path, where there is none to tell.</summary>
    public Cause.Network? Expected { get; } = Outcome.Reached == Promise.Direct ? null : CauseOracle.Expected(Cell.World, IsAlice);

    /// <summary>For each remedy told, in its order, whether it gave what was promised when it was applied.</summary>
    public IReadOnlyList<bool> Held { get; internal set; } = [];

    /// <summary>What is wrong, the first of it; null when nothing is.</summary>
    public string? Trouble { get; internal set; }

    public bool IsOk => Trouble is null;

    /// <summary>What was said, without addresses: whoever says the same sees the same.</summary>
    internal string Kind => $"{Told.Cause switch { Cause.Network e => $"{e.Ours}/{e.Peer}/{e.IsDeduced}", var other => other.GetType().Name }} {Outcome.Path == "fail"} "
        + string.Join(' ', Told.Remedies.Select(r => $"{r.Promise}{r.IsCertain}{string.Join('+', r.Steps)}"));

    /// <summary>Every world that a remedy, or half of one, leads to.</summary>
    internal IEnumerable<ExplainWorld> Trials() => Told.Remedies.SelectMany(r => Halves(r).Prepend(r.Steps)).SelectMany(steps => RemedyTrial.Apply(Cell.World, steps, IsAlice));

    /// <summary>What is done on both sides, done on one.</summary>
    internal static IEnumerable<IReadOnlyList<RemedyStep>> Halves(Remedy remedy) => remedy.Steps is [{ Side: Side.Both, Kind: not RemedyKind.Ipv6 } step]
        ? [[step with { Side = Side.Ours }], [step with { Side = Side.Peer }]]
        : [];
}
