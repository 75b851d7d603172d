using Softphone.Core;

namespace Softphone.Nat;

/// <summary>Paths, nomination, selection and the state of the session (RFC 8445 §8, §12.1).</summary>
public sealed partial class IceAgent
{
    private void Nominate(Instant now)
    {
        if (Role != IceRole.Controlling || _generation.Remote is null) return;
        Pair? alike = null;
        Instant? later = null;
        for (var c = 1; c <= _used; c++)
        {
            var chosen = _components[c - 1].Selected is { } selected && selected.Generation == _generation ? selected : Nominating(c);
            if (chosen is null)
            {
                // The peer's RTO, which we wait for, comes of as many pairs as ours, and it set it when all of them were still to be tried.
                var decision = Nomination.Decide(
                    _generation.Checklist.Pairs, c, alike, _options.Nomination, now, _pacer.Interval, Rto(_generation.Checklist.Pairs.Count), _hopedLegs);
                later = Instant.Earlier(later, decision.At > now ? decision.At : null);
                chosen = decision.Pair;
                if (chosen is not null)
                {
                    chosen.IsNominating = true;
                    if (_trace.IsOn) _trace.Emit(new IceTrace.Nominated(now, _source, chosen.Id, c, decision.Reason));
                    Enqueue(now, chosen, "nominated");
                }
            }

            alike = chosen;
        }

        if (later is { } due) _timers.Set(new Due(Work.Nominate), due);
        else _timers.Cancel(new Due(Work.Nominate));
    }

    private Pair? Nominating(int component)
    {
        foreach (var pair in _generation.Checklist.Pairs)
            if (pair.Component == component && pair.IsNominating) return pair;
        return null;
    }

    private void Select(Instant now, Pair pair, string reason)
    {
        if (pair.IsNominated) return;
        pair.IsNominated = true;
        pair.IsNominating = false;
        if (Role == IceRole.Controlled && _trace.IsOn) _trace.Emit(new IceTrace.Nominated(now, _source, pair.Id, pair.Component, reason));
        var component = _components[pair.Component - 1];

        // A peer of RFC 5245 may nominate several: the best of them carries media (RFC 8445 §8.1.1), as long as it works.
        if (component.Selected is { } held && held.Generation == pair.Generation && held.Priority > pair.Priority && component.TroubleSince is null) return;
        component.Take(now, pair);
        Conclude(now, pair);
        Tell(now, pair);
    }

    private void Tell(Instant now, Pair pair)
    {
        var seen = pair.Seen ?? pair.Local;
        if (_trace.IsOn) _trace.Emit(new IceTrace.Selected(now, _source, pair.Id, pair.Component, seen, pair.Remote));
        _events.Enqueue(new IceEvent.Selected(pair.Component, seen, pair.Remote, pair.Rtt ?? TimeSpan.Zero));
    }

    /// <summary>Other pairs of the component are left alone: nothing is sent for them, but the peer is still answered (RFC 8445 §8.1.2).</summary>
    private void Conclude(Instant now, Pair chosen)
    {
        foreach (var pair in chosen.Generation.Checklist.Pairs)
        {
            if (pair == chosen || pair.Component != chosen.Component) continue;
            pair.IsHoped = IsHopedFor(pair, chosen);
            if (pair.IsHoped)
            {
                if (pair.State == PairState.Frozen) Change(now, pair, PairState.Waiting, "the peer took a relay before this was tried");
                EndHopeBy(pair.IsValid ? now + HopeGrace : now + HopesFor);
                continue;
            }

            if (pair.Check is { } check && !pair.IsWanted) Cancel(now, check);
            pair.IsDropped = !pair.IsWanted;
            pair.IsQueued &= pair.IsWanted;
            pair.IsNominating = false;
        }
    }

    /// <summary>
    /// Agents of RFC 5245 nominate the first pair that works, often a relay, before a direct one was tried. What is more direct is checked
    /// on; such an agent may nominate it in its turn.
    /// </summary>
    private bool IsHopedFor(Pair pair, Pair chosen) =>
        Role == IceRole.Controlled && !_hasClaimed && pair.RelayLegs < chosen.RelayLegs && (pair.IsUnresolved || pair is { IsValid: true, IsDropped: false }) && !pair.IsStream;

    /// <summary>All that is hoped for is tried at once; what works gives the peer a moment only to nominate it.</summary>
    private void EndHopeBy(Instant due)
    {
        if (_timers.DueOf(new Due(Work.Hope)) is not { } already || due < already) _timers.Set(new Due(Work.Hope), due);
    }

    /// <summary>
    /// The time for more direct pairs is over, or one of them works and the peer had its time to nominate it: then a restart moves the call
    /// there. The relay carries media meanwhile.
    /// </summary>
    // DEVIATION: RFC 8445 §6.1.1 keeps the roles in a restart. Who took a relay in haste would do so again, so we claim to be controlling,
    // and the conflict is resolved as §7.3.1.1 says (AggressivePeerTests).
    private void EndHope(Instant now)
    {
        var legs = int.MaxValue;
        foreach (var pair in _generation.Checklist.Pairs)
        {
            if (!pair.IsHoped) continue;
            pair.IsHoped = false;
            if (_components[pair.Component - 1].Selected is not { } selected || pair == selected || pair.RelayLegs >= selected.RelayLegs) continue;
            if (pair.IsValid) legs = Math.Min(legs, pair.RelayLegs);
            if (pair.Check is { } check && !pair.IsWanted) Cancel(now, check);
            pair.IsDropped = !pair.IsWanted;
            pair.IsQueued &= pair.IsWanted;
        }

        if (legs == int.MaxValue || Role != IceRole.Controlled) return;
        (_claims, _hasClaimed, _hopedLegs) = (true, true, legs);
        AskForRestart("a direct path works, and the peer had taken a relay before it was tried");
    }

    private void Claim(Instant now)
    {
        // What works is known of the restart that was asked for, not of those after it.
        if (!_claims)
        {
            _hopedLegs = -1;
            return;
        }

        _claims = false;
        if (Role == IceRole.Controlling) return;
        _tieBreaker = ulong.MaxValue;
        SwitchRole(now, IceRole.Controlling, "the peer nominates in haste");
    }

    private void ChoosePaths(Instant now)
    {
        for (var c = 1; c <= _used; c++)
        {
            var component = _components[c - 1];
            var path = PathOf(c);
            if (path == component.Path) continue;
            if (path is not null && path != component.Selected && IsSameForThePeer(component, path))
            {
                path.IsNominated = true;
                component.Take(now, path);
                Tell(now, path);
            }

            component.Path = path;
            _events.Enqueue(new IceEvent.PathUsable(c, path?.Local.Path ?? PathId.None, path?.Remote.Address ?? default));
            StopConsent(c);
            if (path is not null) StartConsent(now, c);
        }
    }

    /// <summary>The state is a function of the sets; nothing else sets it.</summary>
    private IceState StateOf()
    {
        if (_generation.Remote is null) return StateOfLast();
        bool allSelected = true, allValid = true, anyHopeless = false;
        for (var c = 1; c <= _used; c++)
        {
            var component = _components[c - 1];
            if (component.Selected?.Generation == _generation)
            {
                if (component.Path is null) return IceState.Disconnected;
                continue;
            }

            allSelected = false;
            if (BestValid(_generation, c, null) is not null) continue;
            allValid = false;
            anyHopeless |= IsHopeless(c);
        }

        if (allSelected) return IceState.Completed;
        if (allValid) return IceState.Connected;
        return anyHopeless ? IceState.Failed : IceState.Checking;
    }

    /// <summary>A restart that the peer has not answered yet changes nothing by itself.</summary>
    private IceState StateOfLast()
    {
        if (_previous is null) return IceState.Gathering;
        var isNominated = true;
        for (var c = 1; c <= _used; c++)
        {
            if (_components[c - 1].Path is null) return _components[c - 1].Selected is null ? IceState.Checking : IceState.Disconnected;
            isNominated &= _components[c - 1].Selected is not null;
        }

        return isNominated ? IceState.Completed : IceState.Connected;
    }

    /// <summary>
    /// All of ours is of one address family and all of the peer's of the other: nothing of what was told will ever meet. Where the INVITE may still be
    /// answered by somebody else it is waited for him.
    /// </summary>
    private bool IsApart
    {
        get
        {
            if (MayFork || _local.Count == 0 || _generation.RemoteCandidates.Count == 0 || _generation.Checklist.Pairs.Count > 0) return false;
            var isV4 = _local[0].Address.Ip.IsV4;
            foreach (var candidate in _local)
                if (candidate.Address.Ip.IsV4 != isV4) return false;
            foreach (var candidate in _generation.RemoteCandidates)
                if (!candidate.Address.IsValid || candidate.Address.Ip.IsV4 == isV4) return false;
            return true;
        }
    }

    private bool IsHopeless(int component)
    {
        if (!_endOfLocal || !_generation.EndOfRemote || !(_generation.PatienceOver || (_generation.IsNat64Unlikely && IsApart))) return false;
        foreach (var pair in _generation.Checklist.Pairs)
            if (pair.Component == component && (pair.IsUnresolved || pair.IsQueued)) return false;
        return true;
    }

    private void Judge(Instant now)
    {
        JudgeAnswer();

        // DEVIATION: RFC 8445 §12.1 sends nothing unless every component has its pair; a call without reception reports is better than
        // none (IceSessionTests.RtcpWithoutPath_CallGoesOnWithRtpAlone).
        if (_used == 2 && _components[0].Selected?.Generation == _generation && BestValid(_generation, 2, null) is null && IsHopeless(2)) DropComponent(now, 2);
        var to = StateOf();
        if (to == State) return;
        var from = State;
        State = to;
        if (_trace.IsOn) _trace.Emit(new IceTrace.StateChanged(now, _source, from, to));
        _events.Enqueue(new IceEvent.StateChanged(from, to));
        if (to == IceState.Completed)
        {
            _timers.Cancel(new Due(Work.Patience));
            _timers.Cancel(new Due(Work.Nat64));

            // What a restart that has only begun is going to check is not given back.
            if (IsConcluded) _timers.Set(new Due(Work.Free), now + FreeDelay);
        }
        else if (to == IceState.Failed && !_failureTold)
        {
            _failureTold = true;

            // A restart that finds nothing ends no call that still has its old path.
            if (_components[0].Path is not null) AskForRestart("the last restart found no path");
            else _events.Enqueue(new IceEvent.Failed(Diagnosis.Of(Snapshot())));
        }
    }
}
