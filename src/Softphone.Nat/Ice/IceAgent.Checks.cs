using Softphone.Core;

namespace Softphone.Nat;

/// <summary>Scheduling, sending and retransmitting our checks (RFC 8445 §6.1.4.2, §7.2, §14).</summary>
public sealed partial class IceAgent
{
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
