using Softphone.Core;
using Softphone.Media;
using Softphone.Nat;

namespace Softphone.Phone;

/// <summary>
/// The network under the call changes, or the path of media is lost: ICE restarts by another offer (RFC 8445 §9), and the call waits for
/// a new path as long as for a peer that fell silent.
/// </summary>
internal sealed partial class Call
{
    /// <summary>Registering where a network has come back, an offer, its answer, and checks.</summary>
    private static readonly TimeSpan HopeTakes = TimeSpan.FromSeconds(10);

    /// <summary>Two missed checks of consent, at the most.</summary>
    private static readonly TimeSpan LateNotice = TimeSpan.FromSeconds(15);

    private bool _isRegathering;
    private bool _isRestartWanted;
    private bool _rollsOver;
    private bool _hasLateCandidates;
    private Fault? _pathFault;
    private long _heardBefore;
    private Instant _lostAt;

    /// <summary>The phone's interfaces changed, and SIP has moved already.</summary>
    public void NetworkChanged(Instant now)
    {
        _transport?.NetworkChanged(now);
        DrainTransport(now);
        // An offer that waits for a better moment has it now.
        Cancel(CallTimer.Reoffer);
        RefreshContact(now);
        Want(now, Wish.None);
        KeepWaiting(now);
    }

    /// <summary>Our address as signalling shows it may be another.</summary>
    public void RefreshContact(Instant now)
    {
        if (IsUp && _session.IsOpen && _session.IsContactStale(now)) Want(now, Wish.Contact);
    }

    /// <summary>The credentials for TURN servers are others: relays of the old ones are replaced by a restart, for they end with them.</summary>
    private void RollOver(Instant now)
    {
        _transport!.SetTurnServers(_phone.Servers.TurnServers);
        _rollsOver = true;
        RestartIfWanted(now);
    }

    private void OnRestartNeeded(Instant now)
    {
        _isRestartWanted = true;
        _phone.RenewBindings(now);
        AwaitPath(now, null);
        RestartIfWanted(now);
    }

    /// <summary>A person wants a better path looked for.</summary>
    public void RestartIce(Instant now)
    {
        if (!IsUp || !_usesIce) return;
        _restartReason = "ICE was restarted by hand";
        _isRestartWanted = true;
        RestartIfWanted(now);
    }

    /// <summary>One restart at a time: not before the call is up, nor while an offer of ours or of the peer waits for its answer.</summary>
    private void RestartIfWanted(Instant now)
    {
        if (!(_isRestartWanted || _rollsOver) || !IsUp || _isRegathering || _isOfferOpen || _unanswered is not null || _transport is null) return;
        var hasOutdated = _rollsOver && _transport.HasOutdatedRelays;
        _rollsOver = false;
        if (!_isRestartWanted && !hasOutdated) return;
        if (!_isRestartWanted) _restartReason = "the credential for the TURN server was about to end";
        _isRestartWanted = false;
        _wishes = (_wishes | Wish.Restart) & ~Wish.Outcome;
        Regather(now);
    }

    private void Regather(Instant now)
    {
        if (_isRegathering) return;
        _isRegathering = true;
        _transport!.Restart(now, trickles: _peerTrickles && _offerAsked is null);
    }

    /// <summary>Candidates for the restart are there.</summary>
    private void OnRegathered(Instant now)
    {
        _isRegathering = false;
        if (_offerAsked is { } session) GiveOffer(now, session);
        else Want(now, Wish.None);
        TellLate(now);
    }

    /// <summary>Media has no path: whoever gives one in time saves the call.</summary>
    private void AwaitPath(Instant now, Fault? fault)
    {
        _pathFault = fault ?? _pathFault;
        if (DueOf(CallTimer.LostPeer) is not null) return;
        // The peer's last packet is older than the notice that there will be no more; on hold it may be older than the trouble.
        _lostAt = _audio.HeardAt is { } heard && now - heard < LateNotice ? heard : now;
        _heardBefore = _audio.Snapshot(now)?.Rx.Packets ?? 0;
        Set(CallTimer.LostPeer, _lostAt + _phone.Options.LostPeerLimit);
        if (_target is not null) Set(CallTimer.Renew, now + RenewAfter);
    }

    /// <summary>A network is there again, or the peer is in signalling: another path may be a moment away, and is waited for, but not for ever.</summary>
    private void KeepWaiting(Instant now)
    {
        if (DueOf(CallTimer.LostPeer) is not { } due) return;
        var until = Instant.Earlier(now + HopeTakes, _lostAt + 2 * _phone.Options.LostPeerLimit)!.Value;
        if (until > due) Set(CallTimer.LostPeer, until);
    }

    private void PathFound()
    {
        _pathFault = null;
        Cancel(CallTimer.LostPeer);
        Cancel(CallTimer.Renew);
    }

    /// <summary>
    /// Patience is over. A peer that was heard all the while is not lost: a restart for a better path may have come to nothing, and the
    /// old one still works.
    /// </summary>
    private void LosePeer(Instant now)
    {
        if (_pathFault is null && _usesIce && (_audio.Snapshot(now)?.Rx.Packets ?? 0) > _heardBefore + 50) return;
        EndWith(now, _doubt is not null ? new Fault(
            Layer.Ice, "the peer stopped answering, by the path of media and by signalling: its network or its program is gone", "call again once it is back") : _pathFault ?? new Fault(
            Layer.Media,
            $"nothing was heard from the peer for {_phone.Options.LostPeerLimit.TotalSeconds:0} s: its network or its program is gone",
            "call again once it is back"));
    }

    /// <summary>ICE has chosen; a peer of RFC 5245, and the servers on the way, want to read what (RFC 8839 §4.3.4).</summary>
    private void TellOutcome(Instant now)
    {
        if (!IsUp || _transport is not { NeedsUpdatedOffer: true, Local: { } local } || local.Ufrag == _outcomeOf) return;
        _outcomeOf = local.Ufrag;
        Set(CallTimer.Outcome, now + BeforeOutcome);
    }

    private void OutcomeDue(Instant now)
    {
        if (_transport?.Local?.Ufrag == _outcomeOf) Want(now, Wish.Outcome);
    }

    /// <summary>
    /// The peer has the nomination a moment after us, and one that reads the offer before it has concluded may go on sending by its relay
    /// (linphonec does, `interop linphone`).
    /// </summary>
    private static readonly TimeSpan BeforeOutcome = TimeSpan.FromMilliseconds(250);

    private string _outcomeOf = "";
}
