using Softphone.Core;

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
        [.. _generation.Checklist.Pairs.Select(Describe)])
    { Forged = _forged, Unauthenticated = _unauthenticated };

    /// <summary>Checks and answers that came and were not believed.</summary>
    public IEnumerable<Dropped> Dropped
    {
        get
        {
            if (_strangers.Count > 0) yield return new Dropped(Layer.Ice, _strangers.Last, "a check that is not signed by the credentials of our description", _strangers.Count);
            if (_forged > 0) yield return new Dropped(Layer.Ice, default, "an answer whose integrity does not fit the a=ice-pwd of the peer's description", _forged);
            if (_unauthenticated > 0) yield return new Dropped(Layer.Ice, default, "an answer that refuses our check as not authenticated", _unauthenticated);
        }
    }

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
        pair.Failure)
    { ProvenAt = pair.ProvenAt };
}
