using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>
/// The records of calls that are over: each the last view of its call with the trace that belongs to it. Bounded in octets, for one call and
/// for all; the oldest goes first. Nothing is copied while a call goes on: a record is made when it is over.
/// </summary>
public sealed class PastCalls
{
    /// <summary>What all records may hold.</summary>
    public const long MostOctets = 24 << 20;

    /// <summary>What one may hold. Of a longer one the beginning and, three times as much, the end is kept.</summary>
    public const long MostOfOneCall = 512 << 10;

    /// <summary>An entry with its addresses, its short strings and its place in the list.</summary>
    private const long OfOneEntry = 360;

    private const long OfOnePair = 400;
    private const long OfOneCall = 8192;

    private readonly List<(CallView Call, long Octets)> _calls = [];
    private IReadOnlyList<CallView>? _view;

    public long Octets { get; private set; }

    /// <summary>Oldest first. Immutable, and the same object until something is added or goes.</summary>
    public IReadOnlyList<CallView> View => _view ??= [.. _calls.Select(c => c.Call)];

    public CallView? Find(CallId id)
    {
        foreach (var (call, _) in _calls)
            if (call.Id == id) return call;
        return null;
    }

    /// <summary>Cuts a record to its bound and adds it, in place of one of the same call.</summary>
    /// <param name="call">The call with its trace.</param>
    /// <param name="keep">How many of its account may stay, this one counted.</param>
    /// <param name="gone">The calls whose records went for it.</param>
    /// <returns>What is kept of it.</returns>
    public CallView Add(CallView call, int keep, List<CallId> gone)
    {
        var kept = Cut(call);
        var octets = OctetsOf(kept);
        if (_calls.FindIndex(c => c.Call.Id == call.Id) is >= 0 and var known)
        {
            Octets -= _calls[known].Octets;
            _calls.RemoveAt(known);
        }

        _calls.Add((kept, octets));
        Octets += octets;
        _view = null;
        for (var same = _calls.Count(c => c.Call.Account == call.Account); same > keep; same--) Drop(_calls.FindIndex(c => c.Call.Account == call.Account), gone);
        while (Octets > MostOctets && _calls.Count > 1) Drop(0, gone);
        return kept;
    }

    /// <summary>At most the bound of one call: the middle of a longer trace is left out, and counted.</summary>
    public static CallView Cut(CallView call)
    {
        var trace = call.Trace;
        var room = MostOfOneCall - OfOneCall - PairsOf(call);
        var (head, tail) = (0, trace.Count);
        long total = 0;
        foreach (var entry in trace) total += CostOf(entry);
        if (total > room)
        {
            long taken = 0;
            while (head < trace.Count && taken + CostOf(trace[head]) <= room / 4) taken += CostOf(trace[head++]);
            while (tail > head && taken + CostOf(trace[tail - 1]) <= room) taken += CostOf(trace[--tail]);
        }

        TraceEntry[] kept = head < tail && total > room ? [.. trace.Take(head), .. trace.Skip(tail)] : [.. trace];
        return call with { Trace = kept, LeftOut = call.LeftOut + trace.Count - kept.Length };
    }

    private void Drop(int index, List<CallId> gone)
    {
        gone.Add(_calls[index].Call.Id);
        Octets -= _calls[index].Octets;
        _calls.RemoveAt(index);
    }

    private static long OctetsOf(CallView call) => OfOneCall + PairsOf(call) + call.Trace.Sum(CostOf);

    private static long PairsOf(CallView call) => call.Ice is { } ice ? OfOnePair * (ice.Pairs.Count + ice.Local.Count + ice.Remote.Count) : 0;

    /// <summary>A text takes two octets a character; a message's first line and Call-ID stand in it once more.</summary>
    private static long CostOf(TraceEntry entry) => OfOneEntry + (2L * entry.Size) + (entry is SipTrace.Message message ? 2L * message.CallId.Length : 0);
}
