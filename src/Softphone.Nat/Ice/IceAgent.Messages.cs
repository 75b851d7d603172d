using Softphone.Core;

namespace Softphone.Nat;

/// <summary>What comes of the peer: its requests, its responses to ours, and what its offer says of the pairs in use.</summary>
public sealed partial class IceAgent
{
    // The peer's requests: authentication, roles, learned candidates and triggered checks (RFC 8445 §7.3).

    private const int MostEarlyChecks = 64;

    /// <summary>
    /// Addresses of one host that one base learns. Two NATs that map per destination, one of which lets everybody in, give each check a
    /// new source: without an end, checks of addresses that are good for nothing would leave no time for those of a relay. What another base
    /// heard, a relay that came late was paired with and never heard itself, does not count.
    /// </summary>
    private const int MostLearnedOfHost = 5;

    /// <summary>Stray answers of a pair after which checks of the peer set off no more of ours.</summary>
    private const int MostStrays = 2;

    public void Receive(in Datagram datagram) => Take(datagram);

    /// <summary>False for what is no Binding message with the fingerprint that a check has (RFC 8445 §7.1).</summary>
    public bool Take(in Datagram datagram)
    {
        if (_dead) return true;
        if (!StunReader.TryParse(datagram.Payload, out var message, out _) || message.Method != StunMethod.Binding || !message.VerifyFingerprint()) return false;
        switch (message.Class)
        {
            case StunClass.Request:
                Request(datagram, message);
                break;
            case StunClass.Success or StunClass.Error:
                Response(datagram, message);
                break;
        }

        return true;
    }

    private void Request(in Datagram datagram, in StunReader request)
    {
        if (BaseOf(datagram.Path) is not { } local) return;
        if (!request.HasIntegrity || !request.TryGetUsername(out var username))
        {
            _strangers = (_strangers.Count + 1, datagram.Remote);
            Refuse(datagram, request, StunErrorCode.BadRequest, null);
            return;
        }

        var generation = username.StartsWith(_generation.LocalPrefix) ? _generation
            : _previous is { } last && username.StartsWith(last.LocalPrefix) ? last : null;
        if (generation is null || !request.VerifyIntegrity(generation.LocalKey))
        {
            _strangers = (_strangers.Count + 1, datagram.Remote);
            Refuse(datagram, request, StunErrorCode.Unauthenticated, null);
            return;
        }

        if (request.HasUnknownRequired(StunUnderstood.Ice))
        {
            Refuse(datagram, request, StunErrorCode.UnknownAttribute, generation.LocalKey);
            return;
        }

        if (RefusesOthers && IsForeign(generation, username))
        {
            Refuse(datagram, request, StunErrorCode.Forbidden, generation.LocalKey);
            return;
        }

        var now = datagram.At;
        if (!ResolveRoles(now, request))
        {
            Refuse(datagram, request, StunErrorCode.RoleConflict, generation.LocalKey);
            return;
        }

        var hasPriority = request.TryGetUInt32(StunAttributeType.Priority, out var priority) && priority is > 0 and <= int.MaxValue;
        if (hasPriority && IsMisled(generation, local, datagram.Remote, priority)) return;
        var useCandidate = request.Has(StunAttributeType.UseCandidate);
        if (_trace.IsOn)
            _trace.Emit(new IceTrace.CheckReceived(now, _source, generation.Checklist.Find(datagram.Path, datagram.Remote)?.Id ?? 0, datagram.Remote, useCandidate));
        Answer(datagram, request, generation);

        // A consent check of some agents carries no PRIORITY: it is answered, and teaches nothing.
        if (!hasPriority) return;
        if (generation != _generation) return;
        if (MayFork && IsForeign(generation, username))
        {
            Remember(generation, System.Text.Encoding.UTF8.GetString(username[generation.LocalPrefix.Length..]), new Generation.EarlyCheck(local, datagram.Remote, priority, useCandidate));
            return;
        }

        if (generation.Remote is null)
        {
            Remember(generation, local, datagram.Remote, priority, useCandidate);
            return;
        }

        Incoming(now, generation, local, datagram.Remote, priority, useCandidate);
        Settle(now);
    }

    /// <summary>
    /// A check of one component that came to the socket of another: our NAT forgot its mappings, and gave one socket the port that the other
    /// had. The peer's credentials are the same for both, so only its address, known of the other component alone, and the last octet of
    /// PRIORITY (RFC 8445 §5.1.2.1) tell; where its own NAT did that, the octet is this component's. An answer would keep the peer there, and
    /// what was learned would send media to its other socket. Silence makes it look on.
    /// </summary>
    private static bool IsMisled(Generation generation, Candidate local, Address from, uint priority) =>
        OtherComponentAt(generation, local, from) is > 0 and var other && (byte)priority == (byte)(256 - other);

    /// <summary>The component of the peer's that is known to be at an address, where this one is not; 0 where none is, or both.</summary>
    private static int OtherComponentAt(Generation generation, Candidate local, Address at)
    {
        var other = 0;
        foreach (var candidate in generation.RemoteCandidates)
        {
            if (candidate.Address != at || candidate.Transport != local.Transport) continue;
            if (candidate.Component == local.Component) return 0;
            other = candidate.Component;
        }

        return other;
    }

    /// <summary>Kept until the description comes, one for each source (RFC 8445 §7.3).</summary>
    private static void Remember(Generation generation, Candidate local, Address remote, uint priority, bool useCandidate)
    {
        var at = generation.Early.FindIndex(e => e.Base.Path == local.Path && e.Remote == remote);
        var check = new Generation.EarlyCheck(local, remote, priority, useCandidate);
        if (at >= 0) generation.Early[at] = check with { UseCandidate = useCandidate || generation.Early[at].UseCandidate };
        else if (generation.Early.Count < MostEarlyChecks) generation.Early.Add(check);
    }

    private void Incoming(Instant now, Generation generation, Candidate local, Address from, uint priority, bool useCandidate)
    {
        if (local.Component > _used) return;
        var list = generation.Checklist;
        var pair = list.Find(local.Path, from);
        if (pair is null)
        {
            var remote = KnownRemote(generation, local, from) ?? LearnRemote(now, generation, local, from, priority, useCandidate);
            if (remote is null) return;
            pair = Make(local, remote, ++_pairs);
            pair.State = PairState.Frozen;
            if (!Add(now, pair)) return;
        }

        pair.Received++;
        if (useCandidate && Role == IceRole.Controlled) pair.IsWanted = true;
        if (!_isHeard) Hear(now);
        if (_components[pair.Component - 1].Selected is { } selected && selected.Generation == generation)
        {
            if (IsSearching(now, pair, selected))
            {
                Follow(now, pair);
                return;
            }

            pair.IsHoped |= pair != selected && _timers.DueOf(new Due(Work.Hope)) is not null && IsHopedFor(pair, selected);
            pair.IsDropped = !pair.IsWanted && !pair.IsNominated && !pair.IsHoped;
            if (pair.IsDropped) return;
        }

        switch (pair.State)
        {
            case PairState.Succeeded:
                if (pair.IsWanted) Select(now, pair, "the peer nominated it");
                break;
            case PairState.InProgress when pair is { IsStream: true, Check.IsSent: true }:
                break;
            case PairState.InProgress:
                // A NAT may have dropped our first request; the peer's has just opened the way (RFC 8445 §7.3.1.4).
                if (pair.Check is { } check) Cancel(now, check);
                Enqueue(now, pair, "triggered");
                break;
            // DEVIATION: RFC 8445 §7.3.1.4 tries again whenever a check arrives. Where both NATs map per destination, such checks set each
            // other off for ever, and leave no time for those of a relay (FoundBySimulationTests.OpenSymmetricNats_*).
            case PairState.Failed when pair.Strays >= MostStrays && !useCandidate:
                break;
            default:
                Enqueue(now, pair, "triggered");
                break;
        }

        FirstSign(now, generation, pair);
        if (pair.Received == 1 && _options.SiblingRetrigger) Unfreeze(now, generation, pair);
    }

    /// <summary>
    /// DEVIATION: RFC 8445 §6.1.2.6 thaws a foundation when a check of ours was answered. The peer's own check is evidence of the same
    /// kind and comes a round trip earlier: what is frozen between the same two hosts may go, in its turn of the pacer
    /// (MatrixTests.Immediate_TwoComponents_TakesNoStageWhereThePeerWasHeardBefore).
    /// </summary>
    private void Unfreeze(Instant now, Generation generation, Pair heard)
    {
        foreach (var pair in generation.Checklist.Pairs)
        {
            if (pair.State == PairState.Frozen && pair.Local.Base.Ip == heard.Local.Base.Ip && pair.Remote.Address.Ip == heard.Remote.Address.Ip)
                Change(now, pair, PairState.Waiting, $"the peer's check of pair {heard.Id} came from there");
        }
    }

    /// <summary>
    /// The peer checks a pair long after the nomination: its address has changed, or it has lost the nominated path. Neither happens while
    /// all is well; where an agent checks for no reason, what we answer with is one check in four seconds.
    /// </summary>
    private bool IsSearching(Instant now, Pair pair, Pair selected)
    {
        var state = _components[pair.Component - 1];
        return pair != selected && pair != state.Path && !pair.IsWanted && (state.TroubleSince is not null || now - state.SelectedAt > FreeDelay);
    }

    private void Follow(Instant now, Pair pair)
    {
        Suspect(now, pair.Component);
        if (pair.Check is not null || pair.IsQueued || (pair.FollowedAt is { } last && now - last < BetweenSuspicions)) return;
        pair.FollowedAt = now;
        pair.IsDropped = false;
        Enqueue(now, pair, "the peer looks for another path");
    }

    // A loop: a lambda here would cost an object for every check that arrives, also where the pair is known.
    private static Candidate? KnownRemote(Generation generation, Candidate local, Address from)
    {
        foreach (var candidate in generation.RemoteCandidates)
            if (candidate.Component == local.Component && candidate.Address == from && candidate.Transport == local.Transport) return candidate;
        return null;
    }

    private Candidate? LearnRemote(Instant now, Generation generation, Candidate local, Address from, uint priority, bool isNominated = false)
    {
        if (generation.RemoteCandidates.Count >= _options.MaxRemoteCandidates) return null;
        var known = 0;
        foreach (var pair in generation.Checklist.Pairs)
            if (pair.Local.Path == local.Path && pair is { Remote.Type: CandidateType.PeerReflexive, Seen: null, Received: > 0 } && pair.Remote.Address.Ip == from.Ip) known++;
        if (known >= MostLearnedOfHost && !isNominated) return null;
        var learned = Candidate.Remote(CandidateType.PeerReflexive, local.Component, from, priority, $"peer{++generation.ReflexiveCount}") with
        {
            Transport = local.Transport,
            TcpType = local.TcpType == TcpType.Passive ? TcpType.Active : TcpType.None,
            IsRelayUntold = IsOfRelays(generation, from.Ip),
            IsAtUnknownHost = !generation.RemoteCandidates.Exists(c => c.Type != CandidateType.PeerReflexive && c.Address.Ip == from.Ip),
        };
        generation.RemoteCandidates.Add(learned);
        Tell(now, learned, isLocal: false);
        _events.Enqueue(new IceEvent.CandidateLearned(learned, false));
        return learned;
    }

    /// <summary>
    /// Relays of ours or of the peer's are at this host, and no other candidate is: whatever its check calls itself, it comes by a relay. A server
    /// may stand at the address of somebody's NAT, or all on one machine; then nothing follows.
    /// </summary>
    private bool IsOfRelays(Generation generation, IpAddress host)
    {
        var there = _local.Concat(generation.RemoteCandidates).Where(c => c.Address.Ip == host).ToList();
        return there.Count > 0 && there.TrueForAll(c => c.IsThroughRelay);
    }

    /// <summary>The peer is there now: what we sent before may have been dropped at its NAT, so it goes once more, after what was never sent.</summary>
    private void FirstSign(Instant now, Generation generation, Pair heard)
    {
        var component = 1 << heard.Component;
        if ((generation.Heard & component) != 0) return;
        generation.Heard |= component;
        if (!_options.SiblingRetrigger) return;
        foreach (var pair in generation.Checklist.Pairs.ToArray())
        {
            if (pair == heard || pair.State != PairState.InProgress || pair.IsRetriggered || pair.Check is not { } check || pair.IsStream && check.IsSent) continue;
            pair.IsRetriggered = true;
            Cancel(now, check);
            Change(now, pair, PairState.Waiting, "the peer is there");
        }
    }

    /// <summary>The table of RFC 8445 §7.3.1.1. False: the peer has to switch, and is told so by 487.</summary>
    private bool ResolveRoles(Instant now, in StunReader request)
    {
        if (Role == IceRole.Controlling && request.TryGetUInt64(StunAttributeType.IceControlling, out var theirs))
        {
            if (_tieBreaker >= theirs) return false;
            SwitchRole(now, IceRole.Controlled, "both sides were controlling, and the peer's tie-breaker is larger");
        }
        else if (Role == IceRole.Controlled && request.TryGetUInt64(StunAttributeType.IceControlled, out theirs))
        {
            if (_tieBreaker < theirs) return false;
            SwitchRole(now, IceRole.Controlling, "both sides were controlled, and our tie-breaker is not smaller");
        }

        return true;
    }

    private void SwitchRole(Instant now, IceRole role, string reason)
    {
        Role = role;
        foreach (var pair in _generation.Checklist.Pairs)
        {
            pair.Priority = PriorityOf(pair.Local, pair.Remote);
            pair.IsNominating = false;
            pair.IsWanted = false;
        }

        _generation.Checklist.Resort();
        _timers.Cancel(new Due(Work.Nominate));
        if (_trace.IsOn) _trace.Emit(new IceTrace.RoleChanged(now, _source, role, reason));
    }

    private void Answer(in Datagram datagram, in StunReader request, Generation generation)
    {
        Span<byte> buffer = stackalloc byte[96];
        var writer = StunWriter.Reply(buffer, request, StunClass.Success);
        writer.AddAddress(StunAttributeType.XorMappedAddress, datagram.Remote);
        writer.AddIntegrity(generation.LocalKey);
        writer.AddFingerprint();
        Reply(datagram, writer.Written, generation, 0);
    }

    private void Refuse(in Datagram datagram, in StunReader request, int code, IntegrityKey? key)
    {
        Span<byte> buffer = stackalloc byte[160];
        var writer = StunWriter.Reply(buffer, request, StunClass.Error);
        writer.AddErrorCode(code);
        if (code == StunErrorCode.UnknownAttribute)
        {
            Span<ushort> unknown = stackalloc ushort[16];
            writer.AddUnknownAttributes(unknown[..request.UnknownRequired(StunUnderstood.Ice, unknown)]);
        }

        if (key is not null) writer.AddIntegrity(key);
        writer.AddFingerprint();
        Reply(datagram, writer.Written, _generation, code);
    }

    private void Reply(in Datagram datagram, ReadOnlySpan<byte> response, Generation generation, int code)
    {
        _transmits.Enqueue(datagram.Path, datagram.Remote, response);
        if (_trace.IsOn)
            _trace.Emit(new IceTrace.AnswerSent(datagram.At, _source, generation.Checklist.Find(datagram.Path, datagram.Remote)?.Id ?? 0, datagram.Remote, code));
    }

    private Candidate? BaseOf(PathId path)
    {
        foreach (var local in _local)
            if (local.Path == path && IsBase(local)) return local;
        return null;
    }

    // The peer's responses to our checks (RFC 8445 §7.2.5).

    private void Response(in Datagram datagram, in StunReader response)
    {
        if (!_checks.TryGetValue(response.TransactionId, out var check)) return;
        var pair = check.Pair;
        if (pair.Generation.RemoteKey is not { } key) return;
        if (!response.VerifyIntegrity(key))
        {
            // Who is on the path can send such ones too: they are counted, and change nothing (RFC 8489 §9.1.4).
            if (datagram.Remote != pair.Remote.Address || pair.Generation != _generation) return;
            if (IsUnsignedRefusal(response)) _unverified.Unsigned++;
            else _unverified.Forged++;
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
        Tell(now, learned, isLocal: true);
        _events.Enqueue(new IceEvent.CandidateLearned(learned, true));
        return learned;
    }

    // The controlling peer's offer names the pairs it uses (a=remote-candidates, RFC 8839 §4.4.2). Where our check of such a pair is
    // still under way, the "losing pair" of the race between signalling and checks, the answer waits for it.

    private readonly List<Pair> _confirming = [];

    /// <summary>Some pair that the peer's offer names is still being checked.</summary>
    public bool IsConfirming => _confirming.Count > 0;

    /// <summary>The peer says that it uses this candidate of ours with that one of its own.</summary>
    public void Confirm(Instant now, int component, Address local, Address remote)
    {
        if (_dead || Role != IceRole.Controlled || component > _used || component < 1) return;
        if (_components[component - 1].Selected?.Generation == _generation) return;
        foreach (var pair in _generation.Checklist.Pairs)
        {
            if (pair.Component != component || pair.Remote.Address != remote || !IsAt(pair, local)) continue;
            pair.IsWanted = true;
            if (pair.State == PairState.Succeeded) Select(now, pair, "the peer's offer names it");
            else if (pair.State != PairState.Failed) _confirming.Add(pair);
            else AskForRestart($"the peer uses {remote}, which our checks could not reach");
            break;
        }

        Settle(now);
    }

    private bool IsAt(Pair pair, Address local)
    {
        if (pair.Local.Address == local || pair.Seen?.Address == local) return true;
        foreach (var candidate in _local)
            if (candidate.Address == local && candidate.Path == pair.Local.Path) return true;
        return false;
    }

    private void JudgeAnswer()
    {
        if (_confirming.Count == 0) return;
        for (var i = _confirming.Count - 1; i >= 0; i--)
        {
            var pair = _confirming[i];
            if (pair.Generation == _generation && pair.IsUnresolved && !pair.IsValid) continue;
            _confirming.RemoveAt(i);
            if (pair.State == PairState.Failed) AskForRestart($"the peer uses {pair.Remote.Address}, which our checks could not reach");
        }

        if (_confirming.Count == 0) _events.Enqueue(new IceEvent.AnswerReady());
    }
}
