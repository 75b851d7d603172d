using System.Globalization;
using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Phone;

/// <summary>The four-way handshake of a selected pair as lines of a ladder, read from the trace.</summary>
public static class Handshake
{
    /// <summary>What passed on the pair that this component uses, up to its selection; empty when none was selected.</summary>
    /// <param name="trace">The trace of one phone with one call.</param>
    /// <param name="component">1 for RTP, 2 for RTCP.</param>
    public static IReadOnlyList<string> Of(Trace trace, int component)
    {
        var entries = trace.Entries.OfType<IceTrace>().ToList();
        var selected = entries.OfType<IceTrace.Selected>().LastOrDefault(s => s.Component == component);
        if (selected is null) return [];
        var lines = new List<string>();
        Instant? first = null;
        foreach (var entry in entries)
        {
            if (entry.At > selected.At) break;
            var text = entry switch
            {
                IceTrace.CheckSent e when e.Pair == selected.Pair => $"──▶ {(e.UseCandidate ? "nominating request" : e.Triggered ? "triggered request" : "request")} to {e.Remote}{(e.Attempt > 1 ? $" (send {e.Attempt})" : "")}",
                IceTrace.AnswerReceived e when e.Pair == selected.Pair => e.Code == 0 ? $"◀── answer: seen as {e.Mapped}" : $"◀── answer {e.Code}",
                IceTrace.CheckReceived e when e.Pair == selected.Pair => $"◀── {(e.UseCandidate ? "nominating request" : "request")} from {e.Remote}",
                IceTrace.AnswerSent e when e.Pair == selected.Pair => $"──▶ answer to {e.Remote}",
                IceTrace.Nominated e when e.Pair == selected.Pair => $"    nominated: {e.Reason}",
                _ => null,
            };
            if (text is null) continue;
            first ??= entry.At;
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{(entry.At - first.Value).TotalMilliseconds,7:0.0} ms  {text}"));
        }

        return lines;
    }
}
