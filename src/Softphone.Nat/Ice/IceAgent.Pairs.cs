using Softphone.Core;

namespace Softphone.Nat;

/// <summary>Candidates become pairs (RFC 8445 §6.1.2).</summary>
public sealed partial class IceAgent
{
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
                if (_trace.IsOn) _trace.Emit(new IceTrace.CandidateAdded(now, _source, candidate, false));
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
        if (_trace.IsOn) _trace.Emit(new IceTrace.CandidateAdded(now, _source, renamed, false));
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
    }
}
