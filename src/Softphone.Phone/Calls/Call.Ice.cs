using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Phone;

internal sealed partial class Call
{
    /// <summary>Restarts may meet the same dead server many times.</summary>
    private const int MostServerFaults = 16;

    private readonly Dictionary<int, TracedPair> _pairs = [];
    private readonly Dictionary<int, (Candidate Local, Candidate Remote)> _selected = [];
    private readonly List<Fault> _serverFaults = [];
    private PathMove? _lastMove;
    private string? _restartReason;
    private bool _usesIce;
    private Instant? _checksFrom;

    /// <summary>How media goes without ICE, as it last was.</summary>
    private PlainMedia? _plain;
    private TimeSpan? _iceTook;

    /// <summary>host, srflx, prflx or relay, the worse of the two ends of the RTP component; empty while there is none.</summary>
    private string Path => _selected.TryGetValue(1, out var pair) ? PathOf(pair.Local, pair.Remote)
        : !_usesIce && _transportUsable && _plain is { } plain ? Candidate.Name(plain.Local) : "";

    /// <summary>Both sides have ICE.</summary>
    public bool UsesIce => _usesIce;

    /// <summary>Candidates and pairs, as the agent writes them into the trace.</summary>
    public void OnIceTrace(IceTrace entry)
    {
        switch (entry)
        {
            case IceTrace.CandidateAdded e:
                Emit(new PhoneEvent.CandidateFound(e.At, Id, e.IsLocal, e.Candidate));
                break;
            case IceTrace.PairAdded e:
                _pairs[e.Pair] = new TracedPair(e.Local, e.Remote);
                break;
            case IceTrace.CheckSent e when _pairs.TryGetValue(e.Pair, out var pair):
                pair.SentAt = e.At;
                break;
            case IceTrace.AnswerReceived { Code: 0 } e when _pairs.TryGetValue(e.Pair, out var pair):
                pair.Rtt ??= e.At - pair.SentAt;
                break;
            case IceTrace.PairChanged e when _pairs.TryGetValue(e.Pair, out var pair):
                pair.State = e.To;
                EmitPair(e.At, pair);
                break;
            case IceTrace.Nominated e when _pairs.TryGetValue(e.Pair, out var pair):
                pair.IsNominated = true;
                EmitPair(e.At, pair);
                break;
        }
    }

    private static string PathOf(Candidate local, Candidate remote) =>
        Candidate.Name(remote.IsThroughRelay ? CandidateType.Relayed : Rank(local.Type) >= Rank(remote.Type) ? local.Type : remote.Type);

    private static int Rank(CandidateType type) => type switch
    {
        CandidateType.Host => 0,
        CandidateType.ServerReflexive => 1,
        CandidateType.PeerReflexive => 2,
        _ => 3,
    };

    private void OnSelected(Instant now, MediaTransportEvent.Selected selected)
    {
        if (selected.Component == 1 && _answeredAt is { } answered && _selected.TryGetValue(1, out var last) && (last.Local.Address != selected.Local.Address || last.Remote.Address != selected.Remote.Address))
            _lastMove = new PathMove((_lastMove?.Number ?? 0) + 1, now - answered, _restartReason ?? "the peer restarted ICE");
        if (selected.Component == 1) _restartReason = null;
        _selected[selected.Component] = (selected.Local, selected.Remote);
        _iceTook = now - (_checksFrom ?? now);
        Emit(new PhoneEvent.PathSelected(
            now, Id, selected.Component, selected.Local, selected.Remote, PathOf(selected.Local, selected.Remote), selected.Rtt, _iceTook.Value));
    }

    private void EmitPair(Instant at, TracedPair pair) =>
        Emit(new PhoneEvent.PairChanged(at, Id, pair.Local, pair.Remote, pair.State, pair.Rtt, pair.IsNominated));

    private sealed class TracedPair(Candidate local, Candidate remote)
    {
        public Candidate Local { get; } = local;

        public Candidate Remote { get; } = remote;

        public PairState State { get; set; } = PairState.Frozen;

        public Instant SentAt { get; set; }

        public TimeSpan? Rtt { get; set; }

        public bool IsNominated { get; set; }
    }
}
