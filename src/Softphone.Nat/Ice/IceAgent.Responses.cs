using Softphone.Core;

namespace Softphone.Nat;

/// <summary>The peer's responses to our checks (RFC 8445 §7.2.5).</summary>
public sealed partial class IceAgent
{
    private void Response(in Datagram datagram, in StunReader response)
    {
        if (!_checks.TryGetValue(response.TransactionId, out var check)) return;
        var pair = check.Pair;
        if (pair.Generation.RemoteKey is not { } key) return;
        if (!response.VerifyIntegrity(key))
        {
            // Who is on the path can send such ones too: they are counted, and change nothing (RFC 8489 §9.1.4).
            if (datagram.Remote != pair.Remote.Address || pair.Generation != _generation) return;
            if (IsUnsignedRefusal(response)) _unauthenticated++;
            else _forged++;
            return;
        }

        var now = datagram.At;
        var code = 0;
        if (response.Class == StunClass.Error && !response.TryGetErrorCode(out code, out _)) return;
        Address mapped = default;
        if (code == 0 && !response.TryGetAddress(StunAttributeType.XorMappedAddress, out mapped)) return;
        if (!check.IsConsent && _trace.IsOn) _trace.Emit(new IceTrace.AnswerReceived(now, _source, pair.Id, datagram.Remote, code, mapped));
        pair.Answers++;
        if (!_isHeard) Hear(now);
        if (check.IsConsent) Consented(now, check, datagram, code, mapped);
        else Answered(now, check, datagram, code, mapped, response.HasUnknownRequired(StunUnderstood.Ice));
        Settle(now);
    }

    /// <summary>A 400 or 401 is not signed: who sends it found no key of its own that fits (RFC 8489 §9.1.3).</summary>
    private static bool IsUnsignedRefusal(in StunReader response) => response.Class == StunClass.Error && !response.HasIntegrity && !response.HasIntegritySha256;

    private void Answered(Instant now, Check check, in Datagram datagram, int code, Address mapped, bool isStrange)
    {
        var pair = check.Pair;
        if (!check.IsCancelled || code == 0) Forget(check);
        if (datagram.Path != pair.Local.Path || datagram.Remote != pair.Remote.Address)
        {
            pair.Strays++;
            pair.StrayedAt = now;
            if (!pair.IsValid) Lose(now, pair, $"the answer came from {datagram.Remote}");
            return;
        }

        if (code == StunErrorCode.RoleConflict)
        {
            Conflict(now, check);
            return;
        }

        if (code != 0 || isStrange)
        {
            if (check.IsCancelled || pair.State == PairState.Succeeded && !check.UseCandidate) return;
            pair.IsNominating = false;
            Lose(now, pair, isStrange ? "the answer has attributes nobody knows" : $"the peer answered {code}");
            return;
        }

        Succeed(now, check, mapped);
    }

    /// <summary>487: take the other role and a new tie-breaker, and try again, unless the role changed meanwhile (RFC 8445 §7.2.5.1).</summary>
    private void Conflict(Instant now, Check check)
    {
        if (check.Role == Role)
        {
            SwitchRole(now, Role == IceRole.Controlling ? IceRole.Controlled : IceRole.Controlling, "the peer answered 487");
            _tieBreaker = _entropy.NextUInt64();
        }

        if (check.IsCancelled) return;
        Enqueue(now, check.Pair, "role conflict");
    }

    private void Succeed(Instant now, Check check, Address mapped)
    {
        var pair = check.Pair;

        // The answer of a retransmitted request cannot be told from that of the first (Karn).
        pair.AnsweredAfter = now - check.FirstSent;
        if (check.Attempts == 1) pair.Rtt = pair.AnsweredAfter;
        if (pair.Check is { } newer && newer != check && !newer.UseCandidate) Cancel(now, newer);
        pair.IsQueued &= pair.IsNominating;
        pair.Seen = SeenAs(now, pair, mapped, check.Priority);
        pair.ValidSince ??= now;
        if (pair.IsHoped) EndHopeBy(now + HopeGrace);
        pair.Failure = "";
        Prove(now, pair);
        Change(now, pair, PairState.Succeeded, "");
        foreach (var other in pair.Generation.Checklist.Pairs)
            if (other.State == PairState.Frozen && other.Foundation == pair.Foundation) Change(now, other, PairState.Waiting, $"pair {pair.Id} of its foundation succeeded");

        if (check.UseCandidate && Role == IceRole.Controlling) Select(now, pair, "our nomination was answered");
        else if (pair.IsWanted) Select(now, pair, "the peer nominated it");
    }

    /// <summary>Which of our candidates the peer sees; one it taught us when none has that address (RFC 8445 §7.2.5.3.1).</summary>
    private Candidate SeenAs(Instant now, Pair pair, Address mapped, uint priority)
    {
        foreach (var local in _local)
            if (local.Component == pair.Component && local.Address == mapped && local.Path == pair.Local.Path) return local;

        // The port of an active candidate is its connection's: from the same address it is the candidate itself.
        if (pair.Local.TcpType == TcpType.Active && pair.Local.Address.Ip == mapped.Ip) return pair.Local;
        var learned = new Candidate
        {
            Type = CandidateType.PeerReflexive,
            Component = pair.Component,
            Address = mapped,
            Path = pair.Local.Path,
            Base = pair.Local.Base,
            Transport = pair.Local.Transport,
            TcpType = pair.Local.TcpType,
            Priority = priority,
            Foundation = $"own{pair.Id}",
            RelatedAddress = pair.Local.Base,
        };

        // A NAT that maps every packet anew must not fill memory.
        if (_local.Count >= _options.MaxRemoteCandidates) return learned;
        _local.Add(learned);
        if (_trace.IsOn) _trace.Emit(new IceTrace.CandidateAdded(now, _source, learned, true));
        _events.Enqueue(new IceEvent.CandidateLearned(learned, true));
        return learned;
    }
}
