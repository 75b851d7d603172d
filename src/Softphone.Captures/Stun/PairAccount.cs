using Softphone.Nat;

namespace Softphone.Captures;

/// <summary>What checks between two addresses showed so far.</summary>
internal sealed class PairAccount(int id, int component, Candidate local, Candidate remote)
{
    public int Component => component;

    /// <summary>The base, until an answer says what the peer sees.</summary>
    public Candidate Local { get; set; } = local;

    public Candidate Remote => remote;

    public int Sent { get; set; }

    public int Received { get; set; }

    public int Answers { get; set; }

    public bool IsValid { get; set; }

    public bool IsNominated { get; set; }

    public TimeSpan? Rtt { get; set; }

    public Instant? ProvenAt { get; set; }

    public string Failure { get; set; } = "";

    public CandidatePair Build(bool weControl, bool isSelected) => new(
        id,
        component,
        Local,
        remote,
        weControl ? CandidatePriority.OfPair(Local.Priority, remote.Priority) : CandidatePriority.OfPair(remote.Priority, Local.Priority),
        IsValid ? PairState.Succeeded : Sent > 0 ? PairState.Failed : Received > 0 ? PairState.InProgress : PairState.Waiting,
        IsValid,
        IsNominated,
        isSelected,
        IsDropped: false,
        Rtt,
        Sent,
        Received,
        Answers,
        Failure)
    {
        ProvenAt = ProvenAt,
    };
}
