using Softphone.Core;

namespace Softphone.Nat;

/// <summary>From candidates to checks that leave: pairs are formed, bounded while the peer has proved nothing, scheduled, sent and repeated.</summary>
public sealed partial class IceAgent
{
    // Candidates become pairs (RFC 8445 §6.1.2).

    /// <summary>The next repetition is then four seconds away and more.</summary>
    private const int SendsBeforeAskingAgain = 4;

    private void LimitComponents(Instant now, RemoteIce remote)
    {
        var theirs = remote.Components;
        if (theirs == 0)
            foreach (var candidate in remote.Candidates) theirs = Math.Max(theirs, candidate.Component);
        if (theirs == 1) DropComponent(now, 2);
    }

    private void DropComponent(Instant now, int component)
    {
        if (_used < component) return;
        _used = component - 1;
        _local.RemoveAll(c => c.Component == component);
        var list = _generation.Checklist;
        foreach (var pair in list.Pairs.Where(p => p.Component == component).ToArray())
        {
            if (pair.Check is { } check) Forget(check);
            list.Remove(pair);
            pair.IsQueued = false;
            if (_trace.IsOn) _trace.Emit(new IceTrace.PairPruned(now, _source, pair.Local, pair.Remote, $"component {component} is not used"));
        }

        ForgetPath(component);
    }

    /// <summary>Keeps a candidate of the description, unless it makes no sense (RFC 8445 §19.5.1); null when nothing is to be paired anew.</summary>
    private Candidate? Take(Instant now, Candidate candidate)
    {
        var known = _generation.RemoteCandidates;
        var reason = candidate switch
        {
            { Component: < 1 or > 2 } => "no such component",
            _ when candidate.Component > _used => "its component is not used",
            { Transport: not Transport.Udp } when !_options.Tcp || candidate.Transport != Transport.Tcp => "not UDP",
            { Transport: Transport.Tcp, TcpType: TcpType.None or TcpType.SimultaneousOpen } => "no TCP type that is used here",
            { Address.IsValid: false } => "no port",
            { Address.Ip.IsUnspecified: true } => "unspecified address",
            { Address.Ip.IsMulticast: true } => "multicast address",
            { Address.Ip: { IsV4: true, V4: 0xFFFFFFFF } } => "broadcast address",
            { Address.Ip.IsV4Mapped: true } => "IPv4-mapped address",
            { Priority: 0 or > int.MaxValue } => "priority out of range",
            { Foundation.Length: 0 or > 32 } => "bad foundation",
            _ when known.Count >= _options.MaxRemoteCandidates => $"more than {_options.MaxRemoteCandidates} candidates",
            _ => null,
        };
        if (reason is null)
        {
            var same = known.FindIndex(c => c.Component == candidate.Component && c.Address == candidate.Address && c.Transport == candidate.Transport);
            if (same < 0)
            {
                known.Add(candidate.Path == PathId.None && candidate.Base == default ? candidate : candidate with { Path = PathId.None, Base = default });
                Tell(now, candidate, isLocal: false);
                return known[^1];
            }

            if (known[same].Type == CandidateType.PeerReflexive && candidate.Type != CandidateType.PeerReflexive) return Rename(now, same, candidate);
            reason = "the same address as another one";
        }

        if (reason is not null && _trace.IsOn) _trace.Emit(new IceTrace.CandidateIgnored(now, _source, candidate, reason));
        return null;
    }

    /// <summary>
    /// What was learned from a check turns out to be signalled: its pairs keep all but the name (RFC 8838 §11.4). What was learned belongs to
    /// the base that heard it; what is signalled is for every base, a relay above all.
    /// </summary>
    private Candidate Rename(Instant now, int at, Candidate signalled)
    {
        var learned = _generation.RemoteCandidates[at];
        var renamed = signalled with { Priority = learned.Priority, Path = PathId.None, Base = default };
        _generation.RemoteCandidates[at] = renamed;
        foreach (var pair in _generation.Checklist.Pairs)
            if (pair.Component == renamed.Component && pair.Remote.Address == renamed.Address && pair.Remote.Transport == renamed.Transport) pair.Remote = renamed;
        Tell(now, renamed, isLocal: false);
        return renamed;
    }

    /// <summary>A candidate that comes while checks run.</summary>
    private void Learn(Instant now, Candidate candidate)
    {
        if (Take(now, candidate) is { } taken)
            foreach (var local in _local.ToArray()) Join(now, local, taken);
        else if (candidate.Type == CandidateType.Relayed) AskRelayAgain(now, candidate);
    }

    /// <summary>
    /// A relay drops what we send until its owner knows our address and has asked for a permission (RFC 8656 §9). Who tells of a relay again has heard
    /// of us meanwhile, of an address that we found late above all, and the next repetition of our check may be sixteen seconds away and the last.
    /// </summary>
    private void AskRelayAgain(Instant now, Candidate relay)
    {
        foreach (var pair in _generation.Checklist.Pairs)
        {
            if (pair.Component != relay.Component || pair.Remote.Address != relay.Address) continue;
            if (pair is not { State: PairState.InProgress, Received: 0, IsAskedAgain: false, Check.Attempts: >= SendsBeforeAskingAgain }) continue;
            pair.IsAskedAgain = true;
            Enqueue(now, pair, "the peer tells of its relay again");
        }
    }

    private void FormPairs(Instant now)
    {
        var formed = new List<Pair>();
        foreach (var local in _local)
            foreach (var remote in _generation.RemoteCandidates)
                if (Fits(local, remote, out _) && IsBase(local)) formed.Add(Make(local, remote));

        formed.Sort(static (a, b) => b.Priority != a.Priority ? b.Priority.CompareTo(a.Priority) : a.Component.CompareTo(b.Component));
        foreach (var pair in formed) Add(now, Make(pair.Local, pair.Remote, ++_pairs));
        if (_trace.IsOn) TracePruned(now);
        foreach (var pair in _generation.Checklist.InitialWaiting().ToArray()) Change(now, pair, PairState.Waiting, "first of its foundation");
    }

    /// <summary>Pairs of reflexive candidates are those of their base (RFC 8445 §6.1.2.4): say so, for people look for them.</summary>
    private void TracePruned(Instant now)
    {
        foreach (var local in _local)
        {
            if (IsBase(local)) continue;
            foreach (var remote in _generation.RemoteCandidates)
                if (Fits(local, remote, out _) && _generation.Checklist.Find(local.Path, remote.Address) is { } kept)
                    _trace.Emit(new IceTrace.PairPruned(now, _source, local, remote, $"same base as pair {kept.Id}"));
        }
    }

    private void Join(Instant now, Candidate local, Candidate remote)
    {
        if (!IsBase(local) || !Fits(local, remote, out var reason))
            return;
        if (_generation.Checklist.Find(local.Path, remote.Address) is not null) return;
        var pair = Make(local, remote, ++_pairs);
        if (Add(now, pair)) Change(now, pair, _generation.Checklist.StateOfNewcomer(pair), reason);
    }

    private Pair Make(Candidate local, Candidate remote, int id = 0) =>
        new(id, _generation, local, remote) { Priority = PriorityOf(local, remote) };

    private ulong PriorityOf(Candidate local, Candidate remote) => Role == IceRole.Controlling
        ? CandidatePriority.OfPair(local.Priority, remote.Priority)
        : CandidatePriority.OfPair(remote.Priority, local.Priority);

    private bool Add(Instant now, Pair pair)
    {
        pair.BornAt = now;
        var gone = _generation.Checklist.Add(pair);
        if (gone is not null)
        {
            if (gone.Check is { } check) Forget(check);
            gone.IsQueued = false;
            if (_trace.IsOn) _trace.Emit(new IceTrace.PairPruned(now, _source, gone.Local, gone.Remote, $"more than {_options.MaxPairs} pairs"));
            if (gone == pair) return false;
        }

        if (_trace.IsOn) _trace.Emit(new IceTrace.PairAdded(now, _source, pair.Id, pair.Local, pair.Remote, pair.Priority, pair.Remote.Type == CandidateType.PeerReflexive ? "learned from a check" : "formed"));
        if (pair.Local.Type == CandidateType.Relayed && _permissions.Add((pair.Local.Path, pair.Remote.Address.Ip)))
            _events.Enqueue(new IceEvent.PermissionWanted(pair.Local.Path, pair.Remote.Address.Ip));
        return true;
    }

    private static bool IsBase(Candidate local) => local.Type is CandidateType.Host or CandidateType.Relayed;

    /// <summary>Same component, transport and family, link-local only with link-local (RFC 8445 §6.1.2.2).</summary>
    private bool Fits(Candidate local, Candidate remote, out string reason)
    {
        reason = "joined late";
        if (local.Component != remote.Component || local.Transport != remote.Transport) return false;

        // Who listens sends no first check: its pairs come of the connections that the peer makes (RFC 6544 §6.2).
        if (local.Transport == Transport.Tcp && (local.TcpType, remote.TcpType) != (TcpType.Active, TcpType.Passive)) return false;
        var (ours, theirs) = (local.Address.Ip, remote.Address.Ip);
        if (ours.IsV4 != theirs.IsV4 || ours.IsLoopback != theirs.IsLoopback) return false;
        if (ours.IsV6 && ours.IsLinkLocal != theirs.IsLinkLocal) return false;

        // A public relay refuses private peers, and each refusal costs a transaction: it is asked only where nothing else is known.
        return local.Type != CandidateType.Relayed || ours.IsPrivate || !theirs.IsPrivate
            || !_generation.RemoteCandidates.Exists(c => c.Component == remote.Component && c.Address.Ip.IsV4 == theirs.IsV4 && !c.Address.Ip.IsPrivate);
    }

    private void Change(Instant now, Pair pair, PairState to, string reason)
    {
        if (pair.State == to) return;
        var from = pair.State;
        pair.State = to;
        if (_trace.IsOn) _trace.Emit(new IceTrace.PairChanged(now, _source, pair.Id, from, to, reason));
        Tell(pair);
    }

    private void Tell(Instant now, Candidate candidate, bool isLocal)
    {
        if (_trace.IsOn) _trace.Emit(new IceTrace.CandidateAdded(now, _source, candidate, isLocal));
        if (_options.TellsPairs) _told.Enqueue(new IceEvent.CandidateAdded(candidate, isLocal));
    }

    private void Tell(Pair pair)
    {
        if (_options.TellsPairs) _told.Enqueue(new IceEvent.PairChanged(pair.Local, pair.Remote, pair.State, pair.Rtt, pair.IsNominating || pair.IsNominated));
    }

    // A peer that has proved nothing may be nobody: the candidates of a forged INVITE can name a victim (RFC 8445 §19.5.1). Until it
    // has sent one authenticated message, or the user has taken the call, it gets few packets: the first sends of the best pairs,
    // which open our NAT for its checks. Private addresses have a number of their own, or those of a caller with many interfaces would
    // leave none for its public one. What was held back goes out then.

    private bool _isHeard;

    private bool IsBounded => _options.SendsBeforeTrust > 0 && !_isHeard;

    /// <summary>The user has taken the call: the bound of <see cref="IceOptions.SendsBeforeTrust"/> ends.</summary>
    public void Trust(Instant now)
    {
        if (_dead || _isHeard) return;
        Hear(now);
        Settle(now);
    }

    private bool MaySend(Check check)
    {
        if (check.Pair is { IsGuess: true, Received: 0, Answers: 0 } && check.Attempts > 1) return false;
        if (!IsBounded) return true;
        if (check.Attempts > 1) return false;
        return check.Pair.Remote.Address.Ip.IsPrivate ? _neighboursLeft-- > 0 : _strangersLeft-- > 0;
    }

    private void Hear(Instant now)
    {
        var wasBounded = IsBounded;
        _isHeard = true;
        if (!wasBounded) return;
        foreach (var pair in _generation.Checklist.Pairs)
        {
            if (pair.State != PairState.InProgress || pair.Check is not { } check || pair.IsStream && check.IsSent) continue;
            Cancel(now, check);
            Change(now, pair, PairState.Waiting, "the peer may be trusted");
        }
    }

    // Scheduling, sending and retransmitting our checks (RFC 8445 §6.1.4.2, §7.2, §14).

    private const int MostSends = 7;
    private const int LastWait = 16;

    /// <summary>Of a check of the nominated pair, which ends 3.5 s after it began.</summary>
    private const int SendsBeforeGivingUp = 3;

    /// <summary>Unanswered pairs toward one host, of one component, that may retransmit: what a forged description can make us send.</summary>
    private const int MostLoudPairs = 5;

    private TimeSpan Rto(int active)
    {
        var scaled = active * _pacer.Interval;
        return scaled > ShortestRto ? scaled : ShortestRto;
    }

    /// <summary>Everything that follows from what has just changed: next check, paths, state, nomination.</summary>
    private void Settle(Instant now)
    {
        if (_dead) return;
        Nominate(now);
        Schedule(now);
        ChoosePaths(now);
        Judge(now);
    }

    private void Schedule(Instant now)
    {
        var pace = new Due(Work.Pace);
        while (_generation.RemoteKey is not null && HasWork())
        {
            var next = _pacer.Next(now);
            if (next > now)
            {
                _timers.Set(pace, next);
                return;
            }

            SendNext(now);
        }

        _timers.Cancel(pace);
    }

    private bool HasWork()
    {
        foreach (var pair in _generation.Triggered)
            if (pair.IsQueued) return true;
        return _generation.Checklist.NextWaiting() is not null || _generation.Checklist.NextToUnfreeze() is not null;
    }

    /// <summary>Triggered checks first, then Waiting pairs, unfreezing what nobody tries (RFC 8445 §6.1.4.2).</summary>
    private void SendNext(Instant now)
    {
        while (_generation.Triggered.TryDequeue(out var triggered))
        {
            if (!triggered.IsQueued) continue;
            triggered.IsQueued = false;
            Send(now, triggered, true);
            return;
        }

        while (_generation.Checklist.NextToUnfreeze() is { } frozen) Change(now, frozen, PairState.Waiting, "nobody tries its foundation");
        if (_generation.Checklist.NextWaiting() is { } waiting) Send(now, waiting, false);
    }

    private void Enqueue(Instant now, Pair pair, string reason)
    {
        if (pair.IsQueued) return;
        pair.IsQueued = true;
        _generation.Triggered.Enqueue(pair);
        if (!pair.IsValid) Change(now, pair, PairState.Waiting, reason);
    }

    private void Send(Instant now, Pair pair, bool triggered)
    {
        if (!_pacer.TryTake(now)) return;
        if (pair.Check is { } old) Cancel(now, old);
        var check = new Check(pair)
        {
            FirstSent = now,
            IsTriggered = triggered,
            UseCandidate = pair.IsNominating && Role == IceRole.Controlling,
            Rto = pair.IsStream ? ShortestRto : Rto(_generation.Checklist.CountActive()),
        };
        Span<byte> buffer = stackalloc byte[Check.LongestRequest];
        check.Request = Write(check, buffer).ToArray();
        _checks[check.Id] = check;
        pair.Check = check;
        if (!pair.IsValid) Change(now, pair, PairState.InProgress, "");
        Launch(now, check);
    }

    private ReadOnlySpan<byte> Write(Check check, Span<byte> buffer)
    {
        var pair = check.Pair;
        check.Id = TransactionId.Next(_entropy);
        check.Role = Role;
        check.Priority = CandidatePriority.AsPeerReflexive(pair.Local.Priority, pair.Local.Transport);
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, check.Id);
        writer.Add(StunAttributeType.Username, pair.Generation.Username);
        writer.AddUInt32(StunAttributeType.Priority, check.Priority);
        writer.AddUInt64(Role == IceRole.Controlling ? StunAttributeType.IceControlling : StunAttributeType.IceControlled, _tieBreaker);
        if (check.UseCandidate) writer.AddFlag(StunAttributeType.UseCandidate);
        writer.AddIntegrity(pair.Generation.RemoteKey!);
        writer.AddFingerprint();
        return writer.Written;
    }

    private void Launch(Instant now, Check check)
    {
        check.Attempts++;
        var pair = check.Pair;

        // TCP repeats by itself: one request, and Ti = 39.5 s for its answer (RFC 6544 §7.1, RFC 8489 §6.2.2).
        if (pair.IsStream ? !check.IsSent && MaySend(check) : MaySend(check) && (check.Attempts == 1 || !IsTooLoud(pair)))
        {
            check.IsSent = true;
            pair.Sent++;
            _transmits.Enqueue(pair.Local.Path, pair.Remote.Address, check.Request);
            if (_trace.IsOn) _trace.Emit(new IceTrace.CheckSent(now, _source, pair.Id, pair.Remote.Address, check.Attempts, check.IsTriggered, check.UseCandidate));
        }

        // 0, 1, 3, 7, 15, 31 and 63 times the RTO, and 16 more to wait for an answer (RFC 8489 §6.2.1).
        var wait = check.Attempts < MostSends ? check.Rto * (1 << (check.Attempts - 1)) : check.Rto * LastWait;
        _timers.Set(new Due(Work.Retransmit, check), now + wait);
    }

    private bool IsTooLoud(Pair pair)
    {
        if (pair.Received > 0 || pair.IsValid) return false;
        var louder = 0;
        foreach (var other in _generation.Checklist.Pairs)
        {
            if (other == pair) break;
            if (other.State == PairState.InProgress && other.Received == 0 && other.Component == pair.Component && other.Remote.Address.Ip == pair.Remote.Address.Ip)
                louder++;
        }

        return louder >= MostLoudPairs;
    }

    private void Retransmit(Instant now, Check check)
    {
        if (_components[check.Pair.Component - 1] is { IsLost: false } state && state.Selected == check.Pair)
        {
            if (check.Attempts == 1) Trouble(now, check.Pair.Component, check.FirstSent);
            else if (check.Attempts == SendsBeforeGivingUp) GiveUpOn(now, check.Pair.Component);
        }

        if (check.Attempts < MostSends)
        {
            Launch(now, check);
            return;
        }

        Forget(check);
        var pair = check.Pair;
        if (check.UseCandidate && pair.IsNominating)
        {
            // DEVIATION: RFC 8445 §7.2.5.3.4 fails the whole check list here; another valid pair may still carry the call, so only this
            // pair goes and the next best is nominated (IceSessionTests.Nomination_WithoutAnswer_TakesNextValidPair).
            pair.IsNominating = false;
            pair.ValidSince = null;
            if (BestValid(pair.Generation, pair.Component, null) is null) AskForRestart($"the nomination of {pair.Remote.Address} was not answered");
        }

        if (!pair.IsValid) Lose(now, pair, pair.Failure);
    }

    private void Lose(Instant now, Pair pair, string why)
    {
        pair.Failure = why;
        pair.ValidSince = null;
        Change(now, pair, PairState.Failed, why.Length == 0 ? $"no answer to {pair.Sent} sends" : why);
    }

    /// <summary>Ends retransmission, but its response still counts until its own timeout (RFC 8445 §7.3.1.4).</summary>
    private void Cancel(Instant now, Check check)
    {
        check.IsCancelled = true;
        if (check.Pair.Check == check) check.Pair.Check = null;
        _timers.Cancel(new Due(Work.Retransmit, check));
        _timers.Set(new Due(Work.Forget, check), now + check.Rto * (LastWait / 2));
    }

    private void Forget(Check check)
    {
        _checks.Remove(check.Id);
        _timers.Cancel(new Due(Work.Retransmit, check));
        _timers.Cancel(new Due(Work.Forget, check));
        if (check.Pair.Check == check) check.Pair.Check = null;
    }
}
