using Softphone.Sip;

namespace Softphone.Captures;

/// <summary>Looks for everything of <see cref="ProblemKind"/>. Each kind is told once for a dialog, and what is the consequence of another is not told beside it.</summary>
internal static class ProblemFinder
{
    private const int Most = 10_000;

    public static IReadOnlyList<Problem> Find(Capture capture, IReadOnlyList<UnreadableMessage> unreadable, Vantage vantage)
    {
        var found = new List<Problem>();
        foreach (var dialog in capture.Dialogs)
        {
            if (found.Count > Most) break;
            var exchanges = SipExchange.Of(dialog.Messages);
            found.AddRange(SignallingProblems.Of(dialog, exchanges, capture.Facts));
            found.AddRange(RewriteProblems.Of(dialog));
            if (dialog.Kind == SipDialogKind.Registration) found.AddRange(RegistrationProblems.Of(dialog, exchanges, capture.Facts));
            if (dialog.Kind != SipDialogKind.Call) continue;
            var mismatches = DescriptionProblems.Of(dialog).ToList();
            found.AddRange(mismatches);
            // The first leg tells of the media that all share.
            if (dialog.Legs.Any(l => l < dialog.Number && capture.Dialogs[l - 1].Streams.Any(s => dialog.Streams.Any(o => o.Number == s.Number)))) continue;
            var ice = IceProblems.Of(dialog, capture.Facts).ToList();
            found.AddRange(ice);
            found.AddRange(MediaProblems.Of(dialog, capture.Facts, vantage, isExplained: ice.Count + mismatches.Count > 0));
        }

        foreach (var reading in capture.LooseIce.Take(Most)) found.AddRange(IceProblems.Of(reading, null, capture.Facts));
        foreach (var allocation in capture.Relays) found.AddRange(TurnProblems.Of(allocation, capture.Facts));
        foreach (var stream in capture.Streams.Where(s => s.Call is null)) found.AddRange(QualityProblems.Of(stream, null));
        foreach (var flaws in unreadable.GroupBy(u => (u.From, u.Why)))
            found.Add(new Problem(ProblemKind.Unreadable, Severity.Trouble, flaws.First().At, null, $"SIP: {Times(flaws.Count())} {flaws.Key.From} sent what begins like a message and cannot be read: {flaws.Key.Why}"));
        return [.. found.OrderBy(p => p.Severity).ThenBy(p => p.Kind).ThenBy(p => p.At).Take(Most)];
    }

    public static string Times(int count) => count switch
    {
        1 => "once",
        2 => "twice",
        _ => $"{count} times",
    };

    /// <summary>Who an address of a message is, for a sentence.</summary>
    public static string UserOf(string uri) => SipUri.TryParse(uri, out var parsed, out _) && parsed.DisplayUser.Length > 0 ? parsed.DisplayUser : uri;
}
