using Softphone.Core;

namespace Softphone.Nat;

/// <summary>Gatherer, relays and agent tell each other what happened; runs after every input.</summary>
public sealed partial class MediaTransport
{
    /// <summary>Lost relays that are replaced while one path is looked for: a server that gives and takes away must not keep us asking.</summary>
    private const int MostReplaced = 8;
    private int _replaced;

    private void Drain(Instant now)
    {
        if (_phase == Phase.Closed) return;
        DrainRelays(now);
        DrainGone(now);
        DrainGatherer(now);
        if (_agent is not null)
        {
            DrainAgent(now);
            DrainChecks(now, _agent);
            DrainForks(now);
        }

        if (_phase != Phase.Closing || _gatherer.Relays.Count > 0) return;
        // The last packet, RTCP's goodbye, leaves before its socket closes.
        if (_queue.Count == 0) Finish();
        else _closeBy = now;
    }

    private void DrainRelays(Instant now)
    {
        bool moved;
        do
        {
            moved = false;

            // What happens to one relay may end or start others.
            for (var i = _gatherer.Relays.Count - 1; i >= 0; i--)
                if (i < _gatherer.Relays.Count) moved |= DrainRelay(now, _gatherer.Relays[i]);
        }
        while (moved);
    }

    private bool DrainRelay(Instant now, Relay relay)
    {
        var moved = false;
        while (relay.TryEvent(out var happened))
        {
            moved = true;
            switch (happened)
            {
                case TurnEvent.Allocated allocated:
                    _gatherer.Allocated(now, relay, allocated);
                    TellOfRelay(now);
                    break;
                case TurnEvent.AllocationFailed failed:
                    _gatherer.Refused(now, relay, failed);
                    break;
                case TurnEvent.RelayLost lost:
                    _gatherer.Lost(now, relay, lost.Fault);
                    PathGone(now, relay.Path, lost.Fault.What);
                    // While a path is looked for, another allocation takes its place: told by the offer to come, or by one more.
                    if (_isAnnounced && _phase == Phase.Open && (_wantsGathered || _agent is { IsConcluded: false }) && _replaced++ < MostReplaced) _gatherer.Regather(now);
                    break;
                case TurnEvent.PermissionFailed refused:
                    PeerRefused(now, relay.Path, refused.Peer, refused.Code == 0 ? "the TURN server did not answer" : $"the TURN server refused the peer ({refused.Code})");
                    if (refused.Code != 0) _events.Enqueue(new MediaTransportEvent.PeerRefused(relay.Server.Address, refused.Peer, refused.Code));
                    break;
                case TurnEvent.Closed:
                    _gatherer.Remove(relay);
                    break;
            }
        }

        return moved;
    }

    private void DrainGatherer(Instant now)
    {
        while (_gatherer.TryFault(out var fault)) _events.Enqueue(new MediaTransportEvent.ServerFailed(fault.Server, fault.Fault));
        var isNews = false;
        while (_gatherer.TryNews(out var candidate))
        {
            _agent?.AddLocal(now, candidate);
            if (_agent is not null) DrainTold(_agent);
            foreach (var fork in _forks) fork.Agent.AddLocal(now, candidate);
            if (!_isAnnounced || _wantsGathered || _agent is null) continue;
            isNews |= !IsIn(Local, candidate);
            if (!IsIn(_described, candidate)) _events.Enqueue(new MediaTransportEvent.LocalCandidate(_agent.Ufrag, candidate));
        }

        if (isNews && _phase == Phase.Open && _agent is { State: not IceState.Completed })
        {
            Describe();
            _events.Enqueue(new MediaTransportEvent.LocalGrown(Local!));
        }

        if (_wantsGathered && _phase == Phase.Open && (_gatherer.IsReady || (_trickles && _gatherer.Candidates.Count > 0))) TellGathered();
        TellAnswerReady();
        TellEndOfLocal(now);
    }

    private void TellGathered()
    {
        if (_gatherer.Candidates.Count > 0)
        {
            _isAnnounced = true;
            _wantsGathered = false;
            Describe();
            _described = Local;
            _events.Enqueue(new MediaTransportEvent.Gathered(Local!));
        }
        else if (!_isAnnounced)
        {
            _wantsGathered = false;
            _events.Enqueue(new MediaTransportEvent.Failed(new Fault(Layer.Ice, "no candidate for media was found")));
        }
    }

    private static bool IsIn(LocalIce? description, Candidate candidate) =>
        description?.Candidates.Any(c => c.Component == candidate.Component && c.Address == candidate.Address && c.Transport == candidate.Transport) == true;

    private void DrainAgent(Instant now)
    {
        DrainTold(_agent!);
        while (_agent!.TryEvent(out var happened)) On(now, happened);
    }

    /// <summary>What agents tell of candidates and pairs comes before what follows from it.</summary>
    private void DrainTold(IceAgent agent)
    {
        while (agent.TryTold(out var told))
        {
            if (told is IceEvent.CandidateAdded added) _events.Enqueue(new MediaTransportEvent.CandidateAdded(added.Candidate, added.IsLocal));
            else if (told is IceEvent.PairChanged pair) _events.Enqueue(new MediaTransportEvent.PairChanged(pair.Local, pair.Remote, pair.State, pair.Rtt, pair.IsNominated));
        }
    }

    private void On(Instant now, IceEvent happened)
    {
        switch (happened)
        {
            case IceEvent.PermissionWanted wanted:
                _gatherer.Find(wanted.Relay)?.Client.Permit(now, wanted.Peer);
                break;
            case IceEvent.StateChanged changed:
                if (changed.To == IceState.Completed) Completed();
                _events.Enqueue(new MediaTransportEvent.StateChanged(changed.To));
                break;
            case IceEvent.PathUsable usable:
                if (usable.Path == PathId.None) break;
                _wasUsable = true;
                _events.Enqueue(new MediaTransportEvent.PathUsable(usable.Component, usable.Remote, usable.Path.IsRelay));
                break;
            case IceEvent.Selected selected:
                // A channel saves 32 octets a packet; it is not worth a request before the pair is chosen (RFC 8445 §7.2.1).
                if (selected.Local.Path.IsRelay) _gatherer.Find(selected.Local.Path)?.Client.Bind(now, selected.Remote.Address);
                _events.Enqueue(new MediaTransportEvent.Selected(selected.Component, selected.Local, selected.Remote, selected.Rtt));
                break;
            case IceEvent.CandidatesFreed:
                // What a fork may still need is given back once one is chosen.
                _isFreeing = _forks.Count > 0;
                if (!_isFreeing) FreeRelays(now);
                break;
            case IceEvent.RestartNeeded needed:
                BeginSeeking(now);
                Ask(now, needed.Reason);
                break;
            case IceEvent.PathDoubted:
                foreach (var relay in _gatherer.Relays) relay.Client.Verify(now);
                break;
            case IceEvent.AnswerReady:
                TellAnswerReady();
                break;
            case IceEvent.ConsentLost lost:
                _events.Enqueue(new MediaTransportEvent.ConsentLost(lost.Fault));
                break;
            case IceEvent.Failed failed:
                _events.Enqueue(new MediaTransportEvent.Failed(failed.Fault));

                // A call that had a path may have one again: a restart that found nothing is no end.
                if (_wasUsable) Ask(now, failed.Fault.What);
                break;
        }
    }

    private void PeerRefused(Instant now, PathId relay, IpAddress peer, string why)
    {
        _agent?.PeerRefused(now, relay, peer, why);
        foreach (var fork in _forks) fork.Agent.PeerRefused(now, relay, peer, why);
    }

    private void Completed()
    {
        _asked = null;
        _restartedAt = null;
        Describe();
    }

    /// <summary>Both sides of a relayed path share the pair, so a relay outside our selected pairs carries nothing (RFC 8445 §8.3.1).</summary>
    private void FreeRelays(Instant now)
    {
        _gatherer.StopKeepAlive();
        FreeConnections();
        foreach (var relay in _gatherer.Relays.ToArray())
        {
            var isUsed = false;
            for (var component = 1; component <= 2; component++) isUsed |= _agent!.TryPath(component, out var path, out _) && path == relay.Path;
            if (!isUsed) Release(now, relay);
        }

        DrainRelays(now);
    }

    private void Release(Instant now, Relay relay)
    {
        if (relay.IsClosing) return;
        _agent?.RemoveLocal(relay.Path);
        relay.IsClosing = true;
        relay.Client.Close(now);
    }

    private void DrainChecks(Instant now, IceAgent agent)
    {
        Span<byte> message = stackalloc byte[IceAgent.LongestMessage];
        while (agent.TryTransmit(message, out var transmit)) Transmit(now, transmit.Path, transmit.Remote, message[..transmit.Length]);
    }

    private bool Transmit(Instant now, PathId path, Address remote, ReadOnlySpan<byte> message)
    {
        if (path.IsRelay) return _gatherer.Find(path)?.Client.Send(now, remote, message) == true;
        if (_gatherer.StreamAt(path) is { } stream) return SendFrame(stream, remote, message);
        _queue.Enqueue(path, remote, message);
        return true;
    }
}
