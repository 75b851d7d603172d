using Softphone.Nat;
using Softphone.Phone;

namespace Softphone.Tui;

/// <summary>
/// How the path of a call was found, made from its snapshot and its trace: what the inspector draws. The snapshot says how things stand, the
/// trace when and in which order; either is enough to show something.
/// </summary>
internal sealed class IceStory
{
    private IceStory()
    {
    }

    public IceRole Role { get; private init; }

    public IceState State { get; private init; }

    /// <summary>1 with RTCP on the port of RTP, else 2.</summary>
    public int Components { get; private init; }

    public IReadOnlyList<CandidateLine> Local { get; private init; } = [];

    public IReadOnlyList<CandidateLine> Remote { get; private init; } = [];

    /// <summary>Of the last check list: RTP first, the best priority first.</summary>
    public IReadOnlyList<PairStory> Pairs { get; private init; } = [];

    public int Restarts { get; private init; }

    /// <summary>When the checks of the last check list began; null before.</summary>
    public Instant? Began { get; private init; }

    /// <summary>From there until every component had its pair; null while it is not so.</summary>
    public TimeSpan? Took { get; private init; }

    /// <summary>From the first socket until the description was ready; null while it is not.</summary>
    public TimeSpan? Gathered { get; private init; }

    /// <summary>Two servers, or a peer, saw one socket of ours at different addresses.</summary>
    public bool IsSymmetric { get; private init; }

    /// <summary>What happened, oldest first: gathering, checks, and what came of them.</summary>
    public IReadOnlyList<TraceEntry> Log { get; private init; } = [];

    /// <summary>There is nothing to show.</summary>
    public bool IsEmpty => Local.Count == 0 && Pairs.Count == 0;

    /// <summary>The pair that media of a component uses; null while there is none.</summary>
    public PairStory? Selected(int component)
    {
        foreach (var pair in Pairs)
            if (pair.Pair.Component == component && pair.Pair.IsSelected) return pair;
        return null;
    }

    /// <summary>The pair of the other component that is in use, or else the one between the same candidates; null when there is none.</summary>
    public PairStory? Counterpart(PairStory? pair)
    {
        var component = pair?.Pair.Component == 2 ? 1 : 2;
        if (Selected(component) is { } selected) return selected;
        foreach (var other in Pairs)
            if (other.Pair.Component == component && other.Name == pair?.Name) return other;
        return null;
    }

    /// <summary>How many pairs are in this state.</summary>
    public int Count(PairState state)
    {
        var count = 0;
        foreach (var pair in Pairs)
            if (pair.Pair.State == state) count++;
        return count;
    }

    public static IceStory Of(CallView call)
    {
        var reading = new IceReading();
        foreach (var entry in call.Trace) reading.Take(entry);
        var ice = call.Ice;
        var pairs = ice?.Pairs ?? reading.Pairs();
        var ours = ice?.Local ?? reading.Local;

        // Relays that are not needed are given back, and their pairs stay on the list.
        var gone = pairs.Select(p => p.Local).Where(c => !ours.Contains(c)).Distinct().ToList();
        var local = CandidateLine.Of([.. ours, .. gone], isLocal: true, c => gone.Contains(c) ? c.Type == CandidateType.Relayed ? "given back" : "gone" : reading.FromOfOurs(c));
        var remote = CandidateLine.Of(ice?.Remote ?? reading.Remote, isLocal: false, reading.FromOfTheirs);
        return new IceStory
        {
            Role = ice?.Role ?? reading.Role,
            State = ice?.State ?? reading.State,
            Components = ice?.Components ?? (pairs.Any(p => p.Component == 2) ? 2 : 1),
            Local = local,
            Remote = remote,
            Pairs = [.. pairs.OrderBy(p => p.Component).ThenByDescending(p => p.Priority).Select(p => new PairStory(p, NameOf(p), reading.StepsOf(p.Id), pairs.Any(o => o.Component == p.Component && o.IsSelected)))],
            Restarts = reading.Restarts,
            Began = reading.Began,
            Took = reading.Completed - reading.Began,
            Gathered = reading.Gathered,
            Log = [.. call.Trace.Where(e => e is IceTrace or GatherTrace or TurnTrace)],
            IsSymmetric = Diagnosis.MapsPerDestination(ours),
        };

        string NameOf(CandidatePair pair) => $"{CandidateLine.LabelOf(local, pair.Local)}–{CandidateLine.LabelOf(remote, pair.Remote)}";
    }
}
