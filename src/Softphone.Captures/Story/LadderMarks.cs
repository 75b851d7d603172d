namespace Softphone.Captures;

/// <summary>What media and ICE of a call did between its messages.</summary>
public static class LadderMarks
{
    /// <summary>In the order of time.</summary>
    public static IReadOnlyList<(Instant At, string Text)> Of(CapturedDialog dialog) => [.. Found(dialog).OrderBy(m => m.At)];

    private static IEnumerable<(Instant At, string Text)> Found(CapturedDialog dialog)
    {
        foreach (var party in (Party[])[Party.Caller, Party.Callee])
            if (dialog.Streams.Where(s => s.Sender == party).MinBy(s => s.Began) is { } first)
                yield return (first.Began, $"first audio of {party.Name()}: {first.Codec}");
        foreach (var reading in dialog.Ice)
        {
            if (reading.Checks.Count > 0) yield return (reading.Began, "ICE checks");
            if (reading.Checks.FirstOrDefault(c => c is { UseCandidate: true, HasSucceeded: true }) is { AnsweredAt: { } at } check) yield return (at, $"ICE path {check.From} to {check.To}");
        }
    }
}
