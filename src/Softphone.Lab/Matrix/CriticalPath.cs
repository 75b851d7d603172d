using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Lab;

/// <summary>
/// Reads from the traces of both agents how long the checks that led to a moment waited for their turn of the pacer (RFC 8445 §14.2).
/// From an answered check it goes back: when it was sent, since when it could have been, and what made it possible then: a check of
/// its foundation that was answered, or a check of the peer that came. Whatever else took time (a first packet that a filter dropped,
/// a retransmission, holding a nomination back) is not counted, so it stays in what is reported.
/// </summary>
/// <param name="offerer">Trace of the controlling end.</param>
/// <param name="answerer">Trace of the other.</param>
/// <param name="start">When the offerer had the answer; waits before that cost nobody anything.</param>
/// <param name="direct">One way between the ends without a relay.</param>
/// <param name="relayed">One way between the ends through a relay.</param>
internal sealed class CriticalPath(Trace offerer, Trace answerer, Instant start, TimeSpan direct, TimeSpan relayed)
{
    private readonly IceTrace[] _offerer = [.. offerer.Entries.OfType<IceTrace>()];
    private readonly IceTrace[] _answerer = [.. answerer.Entries.OfType<IceTrace>()];

    /// <summary>Waiting on the way to the first answered check of the offerer's component by then.</summary>
    public TimeSpan ToUsable(int component, Instant at)
    {
        var pairs = _offerer.OfType<IceTrace.PairAdded>().Where(p => p.Local.Component == component).Select(p => p.Pair).ToHashSet();
        var answer = _offerer.OfType<IceTrace.AnswerReceived>().LastOrDefault(a => a.At == at && a.Code == 0 && pairs.Contains(a.Pair));
        return answer is null ? TimeSpan.Zero : Answered(true, answer.Pair, at);
    }

    /// <summary>Waiting on the way to the last confirmed nomination.</summary>
    public TimeSpan ToCompleted(Instant at) =>
        _offerer.OfType<IceTrace.Selected>().LastOrDefault(s => s.At <= at) is { } last ? Answered(true, last.Pair, last.At) : TimeSpan.Zero;

    private TimeSpan Answered(bool isOfferer, int pair, Instant at)
    {
        var trace = TraceOf(isOfferer);
        var latest = at - 2 * OneWayOf(trace, pair);
        var sent = Last<IceTrace.CheckSent>(trace, latest, c => c.Pair == pair && c.Attempt == 1);
        return sent is null ? TimeSpan.Zero : Sent(isOfferer, sent);
    }

    private TimeSpan Sent(bool isOfferer, IceTrace.CheckSent check)
    {
        var trace = TraceOf(isOfferer);
        Instant ready;
        if (check.UseCandidate)
        {
            if (Last<IceTrace.Nominated>(trace, check.At, n => n.Pair == check.Pair) is not { } nominated) return TimeSpan.Zero;
            ready = nominated.At;
        }
        else
        {
            if (Last<IceTrace.PairChanged>(trace, check.At, c => c.Pair == check.Pair && c.To == PairState.Waiting) is not { } waiting) return TimeSpan.Zero;
            ready = waiting.At;
        }

        // On the offerer's clock: what the answerer sends counts from when it arrives.
        var shift = isOfferer ? TimeSpan.Zero : OneWayOf(trace, check.Pair);
        var (from, to) = (ready + shift, check.At + shift);
        if (to <= start) return TimeSpan.Zero;
        return (to - (from > start ? from : start)) + Before(isOfferer, check, ready);
    }

    /// <summary>What made it possible to send the check.</summary>
    private TimeSpan Before(bool isOfferer, IceTrace.CheckSent check, Instant ready)
    {
        var trace = TraceOf(isOfferer);
        if (check.UseCandidate && Last<IceTrace.AnswerReceived>(trace, ready, a => a.Pair == check.Pair && a.Code == 0) is { } valid)
            return Answered(isOfferer, check.Pair, valid.At);
        foreach (var entry in trace)
        {
            if (entry.At != ready) continue;
            if (entry is IceTrace.AnswerReceived { Code: 0 } answer && answer.Pair != check.Pair) return Answered(isOfferer, answer.Pair, ready);
            if (entry is IceTrace.CheckReceived && Sender(!isOfferer, ready) is { } theirs) return Sent(!isOfferer, theirs);
        }

        return TimeSpan.Zero;
    }

    /// <summary>The check of the peer that arrived at this moment, as it was sent first; none where the line's delay varies.</summary>
    private IceTrace.CheckSent? Sender(bool isOfferer, Instant arrival)
    {
        var trace = TraceOf(isOfferer);
        foreach (var entry in trace)
        {
            if (entry is not IceTrace.CheckSent sent || sent.At + OneWayOf(trace, sent.Pair) != arrival) continue;
            return Last<IceTrace.CheckSent>(trace, sent.At, c => c.Pair == sent.Pair && c.Attempt == 1);
        }

        return null;
    }

    private TimeSpan OneWayOf(IceTrace[] trace, int pair) =>
        Array.Find(trace, t => t is IceTrace.PairAdded added && added.Pair == pair) is IceTrace.PairAdded found
        && (found.Local.Type == CandidateType.Relayed || found.Remote.Type == CandidateType.Relayed) ? relayed : direct;

    private IceTrace[] TraceOf(bool isOfferer) => isOfferer ? _offerer : _answerer;

    private static T? Last<T>(IceTrace[] trace, Instant by, Predicate<T> isWanted)
        where T : IceTrace
    {
        for (var i = trace.Length - 1; i >= 0; i--)
            if (trace[i] is T entry && entry.At <= by && isWanted(entry)) return entry;
        return null;
    }
}
