using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Phone;

/// <summary>What happened to the path of a call: which pair was chosen and when, which servers failed, why it moved last.</summary>
/// <param name="host">The call.</param>
internal sealed class PathLog(ICallHost host)
{
    /// <summary>Restarts may meet the same dead server many times.</summary>
    private const int MostServerFaults = 16;

    private readonly List<Fault> _serverFaults = [];

    /// <summary>When checks could begin, with the peer's last credentials.</summary>
    private Instant? _checksFrom;

    /// <summary>Why ICE was restarted, until the restart has chosen.</summary>
    private string? _restartReason;

    /// <summary>STUN and TURN servers that failed this call.</summary>
    public IReadOnlyList<Fault> ServerFaults => _serverFaults;

    /// <summary>When media moved from one path to another, and why.</summary>
    public PathMove? LastMove { get; private set; }

    /// <summary>From the first check that could be to the last choice of a pair.</summary>
    public TimeSpan? IceTook { get; private set; }

    /// <summary>The pair of the RTP component; null while there is none.</summary>
    public (Candidate Local, Candidate Remote)? Selected { get; private set; }

    public static string NameOf(Candidate local, Candidate remote) =>
        Candidate.Name(remote.IsThroughRelay ? CandidateType.Relayed : Rank(local.Type) >= Rank(remote.Type) ? local.Type : remote.Type);

    public void ChecksBegin(Instant now) => _checksFrom = now;

    public void RestartedBecause(string reason) => _restartReason = reason;

    public void ServerFailed(Fault fault)
    {
        if (_serverFaults.Count < MostServerFaults) _serverFaults.Add(fault);
    }

    /// <summary>ICE has chosen a pair.</summary>
    public void Choose(Instant now, MediaTransportEvent.Selected selected)
    {
        if (selected.Component == 1 && host.AnsweredAt is { } answered && Selected is { } last && (last.Local.Address != selected.Local.Address || last.Remote.Address != selected.Remote.Address))
            LastMove = new PathMove((LastMove?.Number ?? 0) + 1, now - answered, _restartReason ?? "the peer restarted ICE");
        if (selected.Component == 1) (_restartReason, Selected) = (null, (selected.Local, selected.Remote));
        IceTook = now - (_checksFrom ?? now);
        host.Emit(new PhoneEvent.PathSelected(
            now, host.Id, selected.Component, selected.Local, selected.Remote, NameOf(selected.Local, selected.Remote), selected.Rtt, IceTook.Value));
    }

    /// <summary>A candidate of either side joined the checks.</summary>
    public void Found(Instant now, MediaTransportEvent.CandidateAdded added) => host.Emit(new PhoneEvent.CandidateFound(now, host.Id, added.IsLocal, added.Candidate));

    public void Changed(Instant now, MediaTransportEvent.PairChanged pair) =>
        host.Emit(new PhoneEvent.PairChanged(now, host.Id, pair.Local, pair.Remote, pair.State, pair.Rtt, pair.IsNominated));

    private static int Rank(CandidateType type) => type switch
    {
        CandidateType.Host => 0,
        CandidateType.ServerReflexive => 1,
        CandidateType.PeerReflexive => 2,
        _ => 3,
    };
}
