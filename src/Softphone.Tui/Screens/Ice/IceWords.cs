using System.Globalization;
using Softphone.Nat;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>The states of ICE as the inspector words and colours them.</summary>
internal static class IceWords
{
    public static (string Word, Style Style) Of(CandidatePair pair) => pair switch
    {
        { IsSelected: true } => ("● selected", new Style(Color.Green, Emphasis: Emphasis.Bold)),
        { State: PairState.Succeeded, IsNominated: true } => ("✓ nominated", Color.Green),
        { State: PairState.Succeeded } => ("✓ succeeded", Color.Green),
        { State: PairState.Failed } => ("✗ failed", Color.Red),
        { IsDropped: true } => ("– dropped", Color.Grey),
        { State: PairState.InProgress } => ("◐ in progress", Color.Yellow),
        { State: PairState.Waiting } => ("○ waiting", Style.Plain),
        _ => ("○ frozen", Color.Grey),
    };

    public static Style Of(IceState state) => state switch
    {
        IceState.Completed => new Style(Color.Green, Emphasis: Emphasis.Bold),
        IceState.Connected => Color.Green,
        IceState.Failed or IceState.Disconnected => new Style(Color.Red, Emphasis: Emphasis.Bold),
        _ => Color.Yellow,
    };

    /// <summary>Why this path; while none is chosen, how far it has come.</summary>
    public static string Why(IceStory story, CallView call)
    {
        if (story.State is IceState.Completed or IceState.Disconnected || call.State == CallState.Ended) return call.Explanation;
        if (story.IsEmpty) return call.Explanation.Length > 0 ? call.Explanation : "No ICE in this call yet.";
        if (story.Pairs.Count == 0 && call.IsAnswered()) return call.Explanation;
        if (story.Pairs.Count == 0)
            return $"{Candidates(story)} of ours are known; checks begin when the peer's description is here.";
        var symmetric = story.IsSymmetric ? " Our NAT is symmetric: it shows every destination another port." : "";
        var checks = $"{story.Count(PairState.Succeeded)} of {story.Pairs.Count} pairs answered, {story.Count(PairState.InProgress)} in progress, "
            + $"{story.Count(PairState.Waiting) + story.Count(PairState.Frozen)} to come, {story.Count(PairState.Failed)} failed.";
        return story.State switch
        {
            IceState.Connected => $"A path works and media may use it; a better one has its chance until nomination. {checks}{symmetric}",
            IceState.Failed when call.Explanation.Length > 0 => call.Explanation,
            IceState.Failed => $"No path was found. {checks}{symmetric}",
            _ => $"{checks}{symmetric}{ExplanationText.Besides(call.Why, "")}",
        };
    }

    private static string Candidates(IceStory story) => story.Local.Count == 1 ? "1 candidate" : string.Create(CultureInfo.InvariantCulture, $"{story.Local.Count} candidates");
}
