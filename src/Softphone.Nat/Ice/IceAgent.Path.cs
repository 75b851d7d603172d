using System.Diagnostics.CodeAnalysis;
using Softphone.Core;

namespace Softphone.Nat;

/// <summary>From valid pairs to the path of media: nomination, selection, consent, and what happens when a path falters.</summary>
public sealed partial class IceAgent
{
    // Paths, nomination, selection and the state of the session (RFC 8445 §8, §12.1).

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
                    Tell(chosen);
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
        if (Role == IceRole.Controlled)
        {
            if (_trace.IsOn) _trace.Emit(new IceTrace.Nominated(now, _source, pair.Id, pair.Component, reason));
            Tell(pair);
        }

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

    // What media and offers ask: by which path it goes, whose it is, what was nominated (RFC 8445 §12).

    /// <summary>Every component has its nominated pair, in the current generation.</summary>
    public bool IsConcluded
    {
        get
        {
            for (var c = 1; c <= _used; c++)
                if (_components[c - 1].Selected?.Generation != _generation) return false;
            return true;
        }
    }

    /// <summary>The peer says ice2 (RFC 8445 §10).</summary>
    public bool HasIce2 => _generation.Remote?.HasIce2 == true;

    /// <summary>Some component has lost its nominated path, or media has none at all.</summary>
    public bool IsInTrouble
    {
        get
        {
            for (var c = 1; c <= _used; c++)
                if (_components[c - 1].TroubleSince is not null) return true;
            return _components[0].Path is null || State is IceState.Failed or IceState.Disconnected;
        }
    }

    /// <summary>What was nominated for the first component goes, or went, by a relay of ours.</summary>
    public bool IsRelayed => _components[0].Selected?.Local.Path.IsRelay == true;

    /// <summary>By which path media of the component may leave now: the selected pair, or before nomination the best valid one.</summary>
    public bool TryPath(int component, out PathId path, out Address remote)
    {
        var pair = component is 1 or 2 ? _components[component - 1].Path : null;
        path = pair?.Local.Path ?? PathId.None;
        remote = pair?.Remote.Address ?? default;
        return pair is not null;
    }

    /// <summary>
    /// True when the peer proved that it sends from there: a check of ours was answered, or an authenticated one of it arrived. Media
    /// from anywhere else is the peer's only where <see cref="Signals"/> says so.
    /// </summary>
    public bool Accepts(Instant now, PathId path, Address remote, out int component) =>
        IsProved(now, _generation, path, remote, out component) || (_previous is not null && IsProved(now, _previous, path, remote, out component));

    /// <summary>
    /// The peer's description has this candidate, in the component of our socket: whoever gives candidates may send from each of them before
    /// any check has passed, and is to be heard (RFC 8445 §12.2). What checks alone have shown, or nothing, is not enough.
    /// </summary>
    public bool Signals(PathId path, Address remote, out int component)
    {
        component = 0;
        if (_dead || _generation.Remote is null || BaseOf(path) is not { Transport: Transport.Udp } local || local.Component > _used) return false;
        component = local.Component;
        foreach (var candidate in _generation.RemoteCandidates)
            if (candidate.Address == remote && candidate.Component == component && candidate.Transport == Transport.Udp && candidate.Type != CandidateType.PeerReflexive) return true;
        return false;
    }

    /// <summary>The peer has checked us there, or we it.</summary>
    public bool HasPair(PathId path, Address remote) =>
        _generation.Checklist.Find(path, remote) is not null || _previous?.Checklist.Find(path, remote) is not null;

    /// <summary>The selected candidates of a component.</summary>
    public bool TrySelected(int component, [NotNullWhen(true)] out Candidate? local, [NotNullWhen(true)] out Candidate? remote)
    {
        var pair = component is 1 or 2 ? _components[component - 1].Selected : null;
        local = pair is null ? null : pair.Seen ?? pair.Local;
        remote = pair?.Remote;
        return pair is not null;
    }

    private bool IsProved(Instant now, Generation generation, PathId path, Address remote, out int component)
    {
        var pair = generation.Checklist.Find(path, remote);
        component = pair?.Component ?? 0;
        if (pair is null || (!pair.IsValid && pair.Received == 0)) return false;
        Listen(now, pair);
        return true;
    }

    // Consent freshness (RFC 7675), which is keepalive too (RFC 8445 §11).

    /// <summary>The peer answers on the path of the first component: its consent is fresh, and no check of it is missed.</summary>
    public bool IsPathAnswered => _components[0] is { Path: { } path } state && (state.TroubleSince is null || path != state.Selected);

    private void StartConsent(Instant now, int component)
    {
        _timers.Set(Expiry(component), now + _options.ConsentLifetime);
        SetNextConsent(now, component);
    }

    private void StopConsent(int component)
    {
        _timers.Cancel(Expiry(component));
        _timers.Cancel(NextConsent(component));
        _timers.Cancel(Missed(component));
        var state = _components[component - 1];
        if (state.Consent is { } check) _checks.Remove(check.Id);
        state.Consent = null;
    }

    /// <summary>Every 5 s times 0.8 to 1.2, so that agents do not march in step (RFC 7675 §5.1).</summary>
    private void SetNextConsent(Instant now, int component) =>
        _timers.Set(NextConsent(component), now + TimeSpan.FromMilliseconds(4000 + _entropy.NextInt(2001)));

    private void SendConsent(Instant now, int component)
    {
        var state = _components[component - 1];
        if (state.Path is not { } pair) return;
        SetNextConsent(now, component);
        var check = state.Consent;
        if (check?.Pair != pair) check = new Check(pair) { IsConsent = true };
        _checks.Remove(check.Id);
        Span<byte> buffer = stackalloc byte[Check.LongestRequest];
        var request = Write(check, buffer);
        check.FirstSent = now;
        check.Attempts = 1;
        _checks[check.Id] = check;
        state.Consent = check;
        pair.Sent++;
        _transmits.Enqueue(pair.Local.Path, pair.Remote.Address, request);
        _timers.Set(Missed(component), now + Longer(ShortestRto, 2 * (pair.Rtt ?? TimeSpan.Zero)));
    }

    private void Consented(Instant now, Check check, in Datagram datagram, int code, Address mapped)
    {
        var pair = check.Pair;
        var component = pair.Component;
        if (_components[component - 1].Path != pair || datagram.Path != pair.Local.Path || datagram.Remote != pair.Remote.Address) return;
        _checks.Remove(check.Id);
        _timers.Cancel(Missed(component));
        if (code == StunErrorCode.Forbidden)
        {
            LosePath(now, pair, "the peer took its consent back");
            return;
        }

        if (code == StunErrorCode.RoleConflict) Conflict(now, check);
        if (code != 0) return;
        pair.Rtt = now - check.FirstSent;
        if (pair.Seen is { } seen && seen.Address != mapped) pair.Seen = SeenAs(now, pair, mapped, check.Priority);
        Prove(now, pair);
    }

    /// <summary>The peer has just answered on this pair, which is its consent too.</summary>
    private void Prove(Instant now, Pair pair)
    {
        pair.ProvenAt = now;
        var state = _components[pair.Component - 1];
        if (state.Path == pair) _timers.Set(Expiry(pair.Component), now + _options.ConsentLifetime);
        if (state.Selected != pair || state.IsLost) return;
        state.Recover();
    }

    /// <summary>Sending on the path in use stops at once; only a restart brings it back (RFC 7675 §5.1).</summary>
    private void LosePath(Instant now, Pair? pair, string why, Instant? freshFrom = null)
    {
        if (pair is null) return;
        var component = pair.Component;
        var state = _components[component - 1];
        if (pair.Check is { } check) Forget(check);
        pair.IsQueued = false;
        if (pair == state.Path) StopConsent(component);
        Lose(now, pair, why);
        if (pair == state.Selected)
        {
            state.IsLost = true;
            if (state.TroubleSince is null || freshFrom is not null) state.FreshFrom = freshFrom ?? now;
            state.TroubleSince ??= now;
            if (pair.Generation == _generation) Revive(now, component);
        }

        AskForRestart(why);
        if (PathOf(component) is not null) return;
        _events.Enqueue(new IceEvent.ConsentLost(component, new Fault(
            Layer.Ice, $"{why} ({pair.Remote.Address}, component {component})", "the connection is being set up anew; check the network")));
    }

    private static Due Expiry(int component) => new(component == 1 ? Work.Expiry1 : Work.Expiry2);

    private static Due Missed(int component) => new(component == 1 ? Work.Missed1 : Work.Missed2);

    private static Due NextConsent(int component) => new(component == 1 ? Work.Consent1 : Work.Consent2);

    // What media itself says about its path, long before a check of consent does: when the peer's packets stop, or come from another
    // port because its NAT has rebound. Neither is proof; both only bring forward a check that would come anyway (RFC 7675 §5.1).

    private const int MostGuesses = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenGuesses = TimeSpan.FromSeconds(1);

    private Instant? _guessedAt;
    private int _guesses;
    private bool _isListening;

    /// <summary>
    /// Media that nobody proved came in. Its source gets one check, once a second, while the peer's own is silent on the socket of the
    /// nominated pair: where the peer's NAT has given it a new address, the answer proves it within a round trip. Before anything is
    /// nominated it gets one where it is a host that the peer's description names: a NAT that maps by destination gives what goes to each of
    /// our candidates a port that no description can tell, and the peer's first words come from there.
    /// </summary>
    /// <returns>True when there is one to send.</returns>
    public bool Guess(Instant now, PathId path, Address from)
    {
        if (_dead || BaseOf(path) is not { } local || local.Component > _used || Likeness(now, local, from) is not { } like) return false;

        // Our NAT gave this socket the port that the other one had: our check would keep the peer there (IsMisled). Where the peer's did, its checks tell.
        if (OtherComponentAt(_generation, local, from) > 0) return false;
        if ((_guessedAt is { } last && now - last < BetweenGuesses) || _guesses == MostGuesses) return false;
        _guessedAt = now;
        _guesses++;
        var pair = _generation.Checklist.Find(local.Path, from) ?? Imagine(now, local, from, like.Priority);
        if (pair is null) return false;
        pair.IsDropped = false;
        if (pair.Check is { } old) Cancel(now, old);
        Enqueue(now, pair, "media comes from there");
        // Words are thrown away until it is answered; the other checks can wait for one more.
        _generation.Hurry(pair);
        Suspect(now, local.Component);
        Settle(now);
        return true;
    }

    /// <summary>The candidate of the peer that may be at another address; null where nothing says that it is.</summary>
    private Candidate? Likeness(Instant now, Candidate local, Address from)
    {
        var state = _components[local.Component - 1];
        if (state.Selected is { } selected && selected.Generation == _generation)
            return selected.Local.Path == local.Path && now - (selected.HeardAt ?? state.SelectedAt) >= Pause ? selected.Remote : null;
        foreach (var candidate in _generation.RemoteCandidates)
            if (candidate.Address.Ip == from.Ip && candidate.Component == local.Component && candidate.Transport == local.Transport && candidate.Type != CandidateType.PeerReflexive) return candidate;
        return null;
    }

    private Pair? Imagine(Instant now, Candidate local, Address from, uint priority)
    {
        var remote = KnownRemote(_generation, local, from) ?? LearnRemote(now, _generation, local, from, CandidatePriority.AsPeerReflexive(priority));
        if (remote is null || !Fits(local, remote, out _)) return null;
        var pair = Make(local, remote, ++_pairs);
        pair.IsGuess = true;
        return Add(now, pair) ? pair : null;
    }

    /// <summary>A packet of the peer: the hot path. The timer is set once for each second, not for each packet.</summary>
    private void Listen(Instant now, Pair pair)
    {
        pair.HeardAt = now;
        if (_isListening || pair.Component != 1) return;
        _isListening = true;
        _timers.Set(new Due(Work.Silence), now + Silence);
    }

    private void Silent(Instant now)
    {
        _isListening = false;
        if (_components[0].Path is not { HeardAt: { } heard } path) return;
        if (now - heard < Silence)
        {
            _isListening = true;
            _timers.Set(new Due(Work.Silence), heard + Silence);
        }
        else if (path == _components[0].Selected)
        {
            Suspect(now, 1);
        }
    }

    // When the nominated pair stops working: it is suspected, missed, lost. Other pairs of its list are tried again at once, and media
    // goes by one that has just been proved, for until a restart nothing better is known (RFC 8445 §12.1, RFC 7675 §5.1). No other
    // pair is nominated: that takes the restart (RFC 8445 §8.1.1), which the owner is asked for.

    /// <summary>Checks missed in a row before a restart is asked for: about ten seconds.</summary>
    private const int MostMissed = 2;

    /// <summary>A pair is checked out of turn no more often than consent is (RFC 7675 §5.1).</summary>
    private static readonly TimeSpan BetweenSuspicions = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan LongestNap = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A socket or relay of ours is gone with its interface or its server: its pairs fail at once, and nobody waits for consent to run out.
    /// </summary>
    public void PathGone(Instant now, PathId path, string why)
    {
        if (_dead) return;
        RemoveLocal(path);
        Abandon(now, p => p.Local.Path == path, why);
    }

    /// <summary>Our candidates of this path are not offered or tried any more; pairs of it stay as they are.</summary>
    public void RemoveLocal(PathId path)
    {
        _local.RemoveAll(c => c.Path == path);
        foreach (var pair in _generation.Checklist.Pairs)
            if (pair.Local.Path == path) pair.IsDropped |= !pair.IsNominated;
    }

    /// <summary>The connection of a pair that carries nothing yet could not be made, or is gone: no check of it comes back.</summary>
    private void EndStream(Instant now, Pair pair)
    {
        if (pair.Check is { } check) Forget(check);
        pair.IsQueued = pair.IsNominating = false;
        Lose(now, pair, pair.Failure);
        Settle(now);
    }

    /// <summary>
    /// Something says that the nominated pair may not work any more: the peer looks for other ways, or a send failed. One check tells.
    /// </summary>
    private void Suspect(Instant now, int component)
    {
        var state = _components[component - 1];
        if (state.Selected is not { Check: null } pair || state.TroubleSince is not null || pair.Generation != _generation) return;
        if (state.SuspectedAt is { } last && now - last < BetweenSuspicions) return;
        state.SuspectedAt = now;
        Enqueue(now, pair, "is it still there?");
    }

    /// <summary>The first consent check that misses its answer makes us look around, the next one makes us ask for a restart.</summary>
    private void Miss(Instant now, int component)
    {
        var state = _components[component - 1];
        if (state.Consent is not { } check || !_checks.ContainsKey(check.Id) || check.Pair != state.Path) return;
        if (check.Pair != state.Selected)
        {
            // The stand-in does not answer either: back to whatever does.
            check.Pair.ProvenAt = null;
            return;
        }

        state.Missed++;
        Trouble(now, component, check.FirstSent);
        if (state.Missed >= MostMissed) GiveUpOn(now, component);
    }

    /// <summary>
    /// Two checks of consent missed, or three sends of the check that followed the first: once for each time of trouble. While media of the
    /// peer still comes this way it is likely loss, or the peer's to notice, and nobody waits for reports: twice the patience.
    /// </summary>
    private void GiveUpOn(Instant now, int component)
    {
        var state = _components[component - 1];
        var isUrgent = component == 1 && !(state.Selected!.HeardAt is { } heard && now - heard < Silence);
        if (state.IsGivenUp || (!isUrgent && state.Missed < 2 * MostMissed)) return;
        state.IsGivenUp = true;
        AskForRestart($"the peer does not answer on {state.Selected!.Remote.Address} any more");
    }

    private void Trouble(Instant now, int component, Instant since)
    {
        var state = _components[component - 1];
        if (state.TroubleSince is not null || state.Selected is not { } pair) return;
        state.TroubleSince = state.FreshFrom = since;
        if (_trace.IsOn) _trace.Emit(new IceTrace.PathDoubted(now, _source, pair.Id, component));
        _events.Enqueue(new IceEvent.PathDoubted(component));
        if (pair.Generation != _generation) return;
        if (!state.IsLost && pair.Check is null) Enqueue(now, pair, "no answer to a check of consent");
        Revive(now, component);
    }

    /// <summary>Whatever once worked, or was never tried, is tried again; what has just been proved is left alone.</summary>
    private void Revive(Instant now, int component)
    {
        var state = _components[component - 1];
        foreach (var pair in _generation.Checklist.Pairs)
        {
            if (pair.Component != component || pair == state.Selected || IsFresh(state, pair) || !IsOurs(pair.Local.Path)) continue;
            if (pair.State == PairState.Failed && pair.Answers == 0 && pair.Received == 0) continue;
            pair.IsDropped = false;
            if (pair.State is PairState.Frozen or PairState.Waiting && pair.Received == 0) continue;
            pair.ValidSince = null;
            if (pair.Check is null) Enqueue(now, pair, "another path is needed");
        }
    }

    private bool IsOurs(PathId path)
    {
        foreach (var local in _local)
            if (local.Path == path) return true;
        return false;
    }

    /// <summary>
    /// Proved since the trouble began; where our end of the nominated path is gone, any pair that the peer's consent still covers will do
    /// (RFC 7675 §5.1).
    /// </summary>
    private bool IsFresh(IceComponent state, Pair pair) => pair.IsValid && pair.ProvenAt is { } at && at >= state.FreshFrom && IsOurs(pair.Local.Path);

    /// <summary>What media of a component goes by.</summary>
    private Pair? PathOf(int component)
    {
        // DEVIATION: RFC 8445 §12.1 sends on the nominated pair only. While it does not answer, a valid pair that does is better than
        // silence (IceFailoverTests.Nominated_Silent_MediaGoesByTheOtherPairThatAnswers_AndBackOnceItAnswersAgain).
        var state = _components[component - 1];
        if (state.Selected is not { } selected)
        {
            // A restart before anything was nominated: what carried media goes on doing so until the new list has something (RFC 8445 §9).
            return BestValid(_generation, component, null) ?? (_previous is { } last ? BestValid(last, component, null) : null);
        }

        if (state.TroubleSince is null) return selected;
        var other = BestValid(_generation, component, selected.Generation == _generation ? state : null);
        if (other is null && selected.Generation != _generation) other = BestValid(selected.Generation, component, state);
        return other ?? (state.IsLost ? null : selected);
    }

    private Pair? BestValid(Generation generation, int component, IceComponent? state)
    {
        Pair? best = null;
        foreach (var pair in generation.Checklist.Pairs)
        {
            if (pair.Component != component || !pair.IsValid || (state is not null && (pair == state.Selected || !IsFresh(state, pair)))) continue;
            if (best is null || pair.IsBetterThan(best)) best = pair;
        }

        return best;
    }

    /// <summary>
    /// The stand-in differs from the nominated pair by an address of the peer only that was never signalled: the NAT of the peer has given
    /// it a new one, and for the peer this is still the pair that was nominated. It takes the nomination over, and no restart is needed.
    /// </summary>
    // DEVIATION: RFC 8445 §8.1.1 knows no change of the nominated pair without a restart
    // (RestartTests.NatRebinds_PeerSeesTheNewAddress_AndFollowsItWithoutARestart).
    private bool IsSameForThePeer(IceComponent state, Pair stand) =>
        state is { Selected: { } old, IsLost: false } && old.Generation == stand.Generation && old.Local.Path == stand.Local.Path
        && stand.Remote.Type == CandidateType.PeerReflexive && stand.BornAt > state.SelectedAt;

    private void AskForRestart(string reason) => _events.Enqueue(new IceEvent.RestartNeeded(reason));

    /// <summary>A clock that jumped slept: the peer may have stopped sending to us long ago, and our bindings are gone (RFC 7675 §5.1).</summary>
    private void NoticeSleep(Instant now)
    {
        var slept = _lastTick is { } last && now - last > LongestNap;
        _lastTick = now;
        if (!slept) return;
        for (var c = 1; c <= _used; c++)
        {
            var (selected, path) = (_components[c - 1].Selected, _components[c - 1].Path);
            if (path is null) continue;
            LosePath(now, path, "this machine slept");
            if (selected != path) LosePath(now, selected, "this machine slept");
        }
    }
}
