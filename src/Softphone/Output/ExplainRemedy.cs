using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>What would help, for a program.</summary>
/// <param name="Steps">What to change, taken together.</param>
/// <param name="Promise">direct or connected.</param>
/// <param name="Certain">False where it depends on something unseen.</param>
internal sealed record ExplainRemedy(IReadOnlyList<ExplainStep> Steps, string Promise, bool Certain)
{
    /// <summary>It was tried in the laboratory, and gave what was promised; null where nobody tried.</summary>
    public bool? Held { get; init; }

    public static ExplainRemedy Of(Remedy remedy) => new(
        [.. remedy.Steps.Select(s => new ExplainStep(EventWords.Of(s.Kind.ToString()), EventWords.Of(s.Side.ToString())))],
        EventWords.Of(remedy.Promise.ToString()),
        remedy.IsCertain);
}

/// <summary>One thing to change: allow-direct, let-udp-out, map-alike, relay and the like; on the side ours, peer, both.</summary>
internal sealed record ExplainStep(string Kind, string Side);
