namespace Softphone.Nat;

/// <summary>What can be seen from outside.</summary>
public sealed partial class IceAgent
{
    /// <summary>Everything known now. Allocates: for people, not for each packet.</summary>
    public IceSnapshot Snapshot() => new(
        Role,
        State,
        _used,
        [.. _local],
        [.. _generation.RemoteCandidates],
        [.. _generation.Checklist.Pairs.Select(Describe)]) { Forged = _forged, Unauthenticated = _unauthenticated };

    private CandidatePair Describe(Pair pair) => new(
        pair.Id,
        pair.Component,
        pair.Seen ?? pair.Local,
        pair.Remote,
        pair.Priority,
        pair.State,
        pair.IsValid,
        pair.IsNominated,
        _components[pair.Component - 1].Selected == pair,
        pair.IsDropped,
        pair.Rtt,
        pair.Sent,
        pair.Received,
        pair.Answers,
        pair.Failure) { ProvenAt = pair.ProvenAt };
}
