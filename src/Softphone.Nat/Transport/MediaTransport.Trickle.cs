using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// Candidates one by one (RFC 8838). Each belongs to a generation by its ufrag: what comes for one that is over is ignored, what comes
/// before its description waits. A candidate whose name had to be looked up first comes this way too: its description says that more
/// will come, and nothing waits for it.
/// </summary>
public sealed partial class MediaTransport
{
    private const int MostEarly = 64;
    private readonly List<(string Ufrag, Candidate? Candidate)> _early = [];
    private bool _trickles;
    private string? _endedUfrag;

    /// <summary>Ours as the last description has it: what is not in it is told one by one.</summary>
    private LocalIce? _described;

    /// <summary>One more candidate of the peer, for its description with this ufrag.</summary>
    public void AddRemote(Instant now, string ufrag, Candidate candidate) => Trickle(now, ufrag, candidate);

    /// <summary>The peer has no more candidates for its description with this ufrag.</summary>
    public void EndOfRemote(Instant now, string ufrag) => Trickle(now, ufrag, null);

    private void Trickle(Instant now, string ufrag, Candidate? candidate)
    {
        if (_phase != Phase.Open || _agent is null) return;
        if (_remoteUfrag == ufrag && !_plain) Hand(now, _agent, candidate);
        else if (_forks.Find(f => f.Ufrag == ufrag) is { } fork) Hand(now, fork.Agent, candidate);
        else
        {
            if (_early.Count == MostEarly) _early.RemoveAt(0);
            _early.Add((ufrag, candidate));
        }

        Drain(now);
    }

    private void Hand(Instant now, IceAgent agent, Candidate? candidate)
    {
        if (candidate is null)
        {
            agent.EndOfRemote(now);
            return;
        }

        agent.AddRemote(now, candidate);
        if (Translated(candidate) is { } translated) agent.AddRemote(now, translated);
    }

    private void TakeEarly(Instant now, string ufrag)
    {
        foreach (var early in _early)
            if (early.Ufrag == ufrag) Hand(now, _agent!, early.Candidate);
        _early.RemoveAll(e => e.Ufrag == ufrag);
    }

    /// <summary>Nothing more of ours will come: the peer is told so, once for each description.</summary>
    private void TellEndOfLocal(Instant now)
    {
        if (_agent is null || !_isAnnounced || _wantsGathered || !_gatherer.IsDone || _endedUfrag == _agent.Ufrag) return;
        _endedUfrag = _agent.Ufrag;
        if (_remoteUfrag is not null) _agent.EndOfLocal(now);
        _events.Enqueue(new MediaTransportEvent.EndOfLocal(_agent.Ufrag));
    }
}
