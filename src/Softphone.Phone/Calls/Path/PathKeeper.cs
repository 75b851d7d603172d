using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Phone;

/// <summary>
/// The network under the call changes, or the path of media is lost: ICE restarts by another offer (RFC 8445 §9), and the call waits for
/// a new path as long as for a peer that fell silent.
/// </summary>
/// <param name="host">The call.</param>
/// <param name="path">The path.</param>
/// <param name="audio">By which the peer is heard.</param>
/// <param name="offers">What the peer is told by.</param>
internal sealed class PathKeeper(ICallHost host, CallPath path, CallAudio audio, OfferQueue offers)
{
    /// <summary>Registering where a network has come back, an offer, its answer, and checks.</summary>
    private static readonly TimeSpan HopeTakes = TimeSpan.FromSeconds(10);

    /// <summary>Two missed checks of consent, at the most.</summary>
    private static readonly TimeSpan LateNotice = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The peer has the nomination a moment after us, and one that reads the offer before it has concluded may go on sending by its relay
    /// (linphonec does, `interop linphone`).
    /// </summary>
    private static readonly TimeSpan BeforeOutcome = TimeSpan.FromMilliseconds(250);

    /// <summary>A restart is to be made as soon as one may.</summary>
    private bool _isRestartWanted;

    /// <summary>The credentials of TURN servers are others: relays of the old ones are to be replaced.</summary>
    private bool _rollsOver;

    /// <summary>Candidates came that the peer can be told by an offer alone.</summary>
    private bool _hasLateCandidates;

    /// <summary>Why there is no path; null while there is one.</summary>
    private Fault? _fault;

    /// <summary>Packets of the peer's when the wait for a path began.</summary>
    private long _heardBefore;

    /// <summary>When the path was lost.</summary>
    private Instant _lostAt;

    /// <summary>The credentials of which the peer was told what they came to.</summary>
    private string _outcomeOf = "";

    /// <summary>The path is known to be lost, and none was found since.</summary>
    public bool IsLost => _fault is not null;

    /// <summary>The credentials for TURN servers are others: relays of the old ones are replaced by a restart, for they end with them.</summary>
    public void RollOver(Instant now, IReadOnlyList<RelayServer> servers)
    {
        path.Transport!.SetTurnServers(servers);
        _rollsOver = true;
        RestartIfWanted(now);
    }

    /// <summary>A restart is wanted; it begins with <see cref="RestartIfWanted"/>.</summary>
    public void WantRestart() => _isRestartWanted = true;

    /// <summary>A person wants a better path looked for.</summary>
    public void RestartByHand(Instant now)
    {
        if (!host.IsUp || !path.UsesIce) return;
        path.Log.RestartedBecause("ICE was restarted by hand");
        _isRestartWanted = true;
        RestartIfWanted(now);
    }

    /// <summary>One restart at a time: not before the call is up, nor while an offer of ours or of the peer waits for its answer.</summary>
    public void RestartIfWanted(Instant now)
    {
        if (!(_isRestartWanted || _rollsOver) || !host.IsUp || path.IsRegathering || offers.IsOpen || offers.OwesAnswer || path.Transport is not { } transport) return;
        var hasOutdated = _rollsOver && transport.HasOutdatedRelays;
        _rollsOver = false;
        if (!_isRestartWanted && !hasOutdated) return;
        if (!_isRestartWanted) path.Log.RestartedBecause("the credential for the TURN server was about to end");
        _isRestartWanted = false;
        offers.Restart(now);
    }

    /// <summary>Media has no path: whoever gives one in time saves the call.</summary>
    public void AwaitPath(Instant now, Fault? fault)
    {
        _fault = fault ?? _fault;
        if (host.DueOf(CallTimer.LostPeer) is not null) return;
        // The peer's last packet is older than the notice that there will be no more; on hold it may be older than the trouble.
        _lostAt = audio.HeardAt is { } heard && now - heard < LateNotice ? heard : now;
        _heardBefore = audio.Snapshot(now)?.Rx.Packets ?? 0;
        host.Set(CallTimer.LostPeer, _lostAt + host.Options.LostPeerLimit);
        if (host.Direction == CallDirection.Outgoing) host.Set(CallTimer.Renew, now + Succession.RenewAfter);
    }

    /// <summary>A network is there again, or the peer is in signalling: another path may be a moment away, and is waited for, but not for ever.</summary>
    public void KeepWaiting(Instant now)
    {
        if (host.DueOf(CallTimer.LostPeer) is not { } due) return;
        var until = Instant.Earlier(now + HopeTakes, _lostAt + 2 * host.Options.LostPeerLimit)!.Value;
        if (until > due) host.Set(CallTimer.LostPeer, until);
    }

    public void PathFound()
    {
        _fault = null;
        host.Cancel(CallTimer.LostPeer);
        host.Cancel(CallTimer.Renew);
    }

    /// <summary>
    /// Patience is over. A peer that was heard all the while is not lost: a restart for a better path may have come to nothing, and the
    /// old one still works.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="isDoubted">Nobody answers in signalling either.</param>
    public void LosePeer(Instant now, bool isDoubted)
    {
        if (_fault is null && path.UsesIce && (audio.Snapshot(now)?.Rx.Packets ?? 0) > _heardBefore + 50) return;
        host.EndWith(now, isDoubted ? new Fault(
            Layer.Ice, "the peer stopped answering, by the path of media and by signalling: its network or its program is gone", "call again once it is back") : _fault ?? new Fault(
            Layer.Media,
            $"nothing was heard from the peer for {host.Options.LostPeerLimit.TotalSeconds:0} s: its network or its program is gone",
            "call again once it is back"));
    }

    /// <summary>A candidate came after our description.</summary>
    /// <param name="now">The time.</param>
    /// <param name="isByOffer">No INFO tells the peer of it.</param>
    public void LocalGrown(Instant now, bool isByOffer)
    {
        _hasLateCandidates = isByOffer;
        if (audio.IsTalking) WaitForPath(now);
    }

    /// <summary>
    /// A relay that came after our description is of use only to a peer that knows of it, where both are behind symmetric NATs. Checks
    /// have their time first, and the answerer waits longer, so that offers do not cross.
    /// </summary>
    public void WaitForPath(Instant now)
    {
        if (_hasLateCandidates && !path.IsUsable)
            host.Set(CallTimer.LateCandidates, now + TimeSpan.FromSeconds(host.Direction == CallDirection.Outgoing ? 1.5 : 4));
    }

    public void TellLateCandidates(Instant now)
    {
        if (path.IsUsable || !host.IsUp) return;
        _hasLateCandidates = false;
        offers.Want(now, Wish.Candidates);
    }

    /// <summary>ICE has chosen; a peer of RFC 5245, and the servers on the way, want to read what (RFC 8839 §4.3.4).</summary>
    public void TellOutcome(Instant now)
    {
        if (!host.IsUp || path.Transport is not { NeedsUpdatedOffer: true, Local: { } local } || local.Ufrag == _outcomeOf) return;
        _outcomeOf = local.Ufrag;
        host.Set(CallTimer.Outcome, now + BeforeOutcome);
    }

    public void OutcomeDue(Instant now)
    {
        if (path.Transport?.Local?.Ufrag == _outcomeOf) offers.Want(now, Wish.Outcome);
    }
}
