using System.Globalization;
using Softphone.Nat;
using Softphone.Phone;

namespace Softphone.Captures;

/// <summary>ICE that found no path, and paths that were lost.</summary>
internal static class IceProblems
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private const int FewestUnanswered = 2;
    private const int FewestSends = 3;

    public static IEnumerable<Problem> Of(CapturedDialog dialog, CaptureFacts facts)
    {
        // A later pair of credentials is a restart: what the earlier ones lost was found again.
        var last = dialog.Ice.LastOrDefault(i => i.Checks.Count > 0);
        if (last is null || dialog.Call.Answer is null) yield break;
        foreach (var problem in Of(last, dialog, facts)) yield return problem;
    }

    public static IEnumerable<Problem> Of(IceReading reading, CapturedDialog? dialog, CaptureFacts facts)
    {
        var ended = dialog?.Call.Bye?.At ?? facts.Ended;
        if (reading.Checks.Count == 0) yield break;
        if (!reading.Ice.Pairs.Any(p => p.IsValid))
        {
            // A call that was over at once was not long enough to tell.
            if (reading.Checks.Any(c => c.HasSucceeded) || ended - reading.Began < Patience || reading.Checks.Sum(c => c.Sends) < FewestSends) yield break;
            var told = CallStory.Explain(reading.Ice, PathFacts.Of(reading, null));
            yield return new Problem(
                ProblemKind.IceFailed, Severity.Failure, reading.Began, dialog?.Number,
                $"ICE: {Diagnosis.Of(reading.Ice).What}{Dropped(reading)}",
                ExplanationText.Remedies(told));
            yield break;
        }

        if (reading.Selected is { } path && reading.LastConsent is { } answered && reading.Unanswered >= FewestUnanswered && reading.Silence >= Patience && answered < ended)
            yield return new Problem(
                ProblemKind.ConsentLost, Severity.Failure, answered, dialog?.Number,
                string.Create(CultureInfo.InvariantCulture, $"ICE: the path {path.Local.Describe()} to {path.Remote.Describe()} was lost: {reading.Unanswered} checks over {reading.Silence.TotalSeconds:0.0} s have no answer{(reading.Silence.TotalSeconds >= 30 ? ", so that consent ran out (RFC 7675 §5.1)" : "")}"),
                "the network of one side changed or went down, or a NAT forgot its mapping");
    }

    /// <summary>Where the checks were lost, as far as one place of capture shows it.</summary>
    private static string Dropped(IceReading reading)
    {
        var hops = reading.Checks.Where(c => !c.IsAnswered).MaxBy(c => c.Hops.Count);
        if (hops is null) return "";
        if (hops.Hops.Count > 1) return $"; the check from {hops.From} was last seen on its way from {hops.Hops[^1].From} to {hops.Hops[^1].To}";
        var toPrivate = reading.Ice.Pairs.FirstOrDefault(p => p.Remote.Address.Ip.IsPrivate && p.Sent > 0);
        return toPrivate is not null && reading.Ice.Pairs.All(p => p.Remote.Address.Ip.IsPrivate) ? $"; all of them went to private addresses, such as {toPrivate.Remote.Address}" : "";
    }
}
