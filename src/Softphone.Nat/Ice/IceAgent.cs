using System.Diagnostics.CodeAnalysis;
using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// A full ICE agent for one media stream of one or two components (RFC 8445), with consent freshness (RFC 7675). It is given local
/// candidates keyed by path and the peer's description, exchanges checks, and says by which path each component may send. It never
/// learns whether a path is a socket or a TURN allocation. Credentials exist from the start, and the peer's requests are answered
/// before its description is known.
/// </summary>
public sealed partial class IceAgent : IMachine<IceEvent>
{
    /// <summary>Octets of the longest message that <see cref="TryTransmit"/> gives.</summary>
    internal const int LongestMessage = Check.LongestRequest;

    /// <summary>How long a peer of the other address family has to show that a NAT64 stands between.</summary>
    private static readonly TimeSpan Nat64Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan PacingWithoutWord = TimeSpan.FromMilliseconds(50);

    /// <summary>No peer slows us down to where checks end in nothing but a timeout.</summary>
    private static readonly TimeSpan LongestPacing = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ShortestRto = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan FreeDelay = TimeSpan.FromSeconds(3);

    /// <summary>How long more direct pairs than the one that was nominated are tried, and how long the peer has to nominate one that works.</summary>
    private static readonly TimeSpan HopesFor = TimeSpan.FromMilliseconds(1_800);
    private static readonly TimeSpan HopeGrace = TimeSpan.FromMilliseconds(100);

    private readonly IceOptions _options;
    private readonly IEntropy _entropy;
    private readonly Trace _trace;
    private readonly string _source;
    private readonly Pacer _pacer;
    private readonly TransmitQueue _transmits = new();
    private readonly Queue<IceEvent> _events = [];

    /// <summary>Candidates and pairs for a person, where any is to see them.</summary>
    private readonly Queue<IceEvent> _told = [];
    private readonly TimerTable<Due> _timers = new();
    private readonly Dictionary<TransactionId, Check> _checks = [];
    private readonly List<Candidate> _local = [];
    private readonly IceComponent[] _components = [new(), new()];
    private readonly HashSet<(PathId, IpAddress)> _permissions = [];

    private Generation _generation;
    private Generation? _previous;
    private ulong _tieBreaker;
    private int _used;
    private int _pairs;
    private int _strangersLeft;
    private int _neighboursLeft;
    private Instant? _lastTick;
    private bool _endOfLocal;
    private bool _dead;
    private bool _failureTold;
    private bool _claims;
    private bool _hasClaimed;

    /// <summary>Relay legs of the path that the call is to be moved to; -1 while there is none.</summary>
    private int _hopedLegs = -1;

    /// <summary>Answers to our checks that could not be verified: signed with another key, and not signed at all.</summary>
    private (int Forged, int Unsigned) _unverified;
    private (long Count, Address Last) _strangers;

    /// <param name="role">The offerer controls; a lite peer makes us control in any case.</param>
    /// <param name="options">Behaviour.</param>
    /// <param name="entropy">Credentials, tie-breaker, transaction ids and consent jitter.</param>
    /// <param name="trace">Where transitions go.</param>
    /// <param name="source">Our name in the trace, "alice/ice".</param>
    /// <param name="pacer">Shared with gathering; null makes an own one.</param>
    public IceAgent(IceRole role, IceOptions options, IEntropy entropy, Trace trace, string source, Pacer? pacer = null)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(options.Components is 1 or 2, true, nameof(options));
        Role = role;
        _options = options;
        _entropy = entropy;
        _trace = trace;
        _source = source;
        _pacer = pacer ?? new Pacer(options.Pacing);
        _used = options.Components;
        _tieBreaker = entropy.NextUInt64();
        _strangersLeft = _neighboursLeft = options.SendsBeforeTrust;
        _generation = new Generation(entropy, options.MaxPairs);
    }

    public IceRole Role { get; private set; }

    public IceState State { get; private set; }

    /// <summary>a=ice-ufrag of the current generation.</summary>
    public string Ufrag => _generation.Ufrag;

    /// <summary>a=ice-pwd of the current generation.</summary>
    public string Pwd => _generation.Pwd;

    /// <summary>Components in use: 1 after rtcp-mux was accepted or with a peer that has one only.</summary>
    public int Components => _used;

    /// <summary>Our candidates, learned ones included.</summary>
    public IReadOnlyList<Candidate> LocalCandidates => _local;

    public Instant? NextTimeout => _timers.Next;

    /// <summary>Adds one of our candidates; after <see cref="SetRemote"/> it is paired at once (trickle).</summary>
    public void AddLocal(Instant now, Candidate candidate)
    {
        if (_dead || candidate.Component > _used) return;
        if (_local.FindIndex(c => c.Component == candidate.Component && c.Address == candidate.Address && c.Base == candidate.Base && c.Transport == candidate.Transport) is var known and >= 0)
        {
            // Its interface may have another place by now; pairs made after this know.
            if (_local[known].Type == candidate.Type) _local[known] = candidate;
            return;
        }

        _local.Add(candidate);
        Tell(now, candidate, isLocal: true);
        if (_generation.Remote is null) return;
        foreach (var remote in _generation.RemoteCandidates.ToArray()) Join(now, candidate, remote);
        Settle(now);
    }

    /// <summary>No more local candidates will come: without any left to try the session may fail.</summary>
    public void EndOfLocal(Instant now)
    {
        _endOfLocal = true;
        Settle(now);
    }

    /// <summary>
    /// The peer's description: forms the check list, replays the requests that came early, and starts checks. With the credentials it
    /// has already, only new candidates are taken (RFC 8839 §4.4.3.1); with others, call <see cref="Restart"/> first, or it is done here.
    /// </summary>
    public void SetRemote(Instant now, RemoteIce remote)
    {
        if (_dead) return;
        if (_generation.Remote is { } known)
        {
            if (known.Ufrag == remote.Ufrag && known.Pwd == remote.Pwd)
            {
                foreach (var candidate in remote.Candidates) Learn(now, candidate);
                _generation.EndOfRemote |= remote.EndOfCandidates;
                Settle(now);
                return;
            }

            Restart(now);
        }

        if (!IsCredential(remote.Ufrag) || remote.Ufrag.Contains(':') || !IsCredential(remote.Pwd))
        {
            _events.Enqueue(new IceEvent.Failed(new Fault(Layer.Ice, "the peer's ICE user name or password is not 1 to 256 printable characters", "its side has to mend its description")));
            return;
        }

        _generation.SetRemote(remote);
        if (remote.IsLite && Role == IceRole.Controlled) SwitchRole(now, IceRole.Controlling, "the peer is lite");
        var theirs = remote.Pacing ?? PacingWithoutWord;
        if (theirs > LongestPacing) theirs = LongestPacing;
        _pacer.Interval = Longer(theirs > _options.Pacing ? theirs : _options.Pacing, Pacer.Floor);
        LimitComponents(now, remote);
        foreach (var candidate in remote.Candidates) Take(now, candidate);
        FormPairs(now);
        foreach (var early in _generation.Early) Incoming(now, _generation, early.Base, early.Remote, early.Priority, early.UseCandidate);
        _generation.Early.Clear();
        _timers.Set(new Due(Work.Patience), now + _options.Patience);
        _timers.Set(new Due(Work.Nat64), now + Nat64Patience);
        if (!_generation.EndOfRemote) _timers.Set(new Due(Work.PeerGathering), now + _options.PeerGathering);
        Settle(now);
    }

    /// <summary>
    /// A candidate of the peer that came after its description (trickle, RFC 8838 §14); after the end of candidates none counts that is not
    /// needed.
    /// </summary>
    // DEVIATION: RFC 8838 §14 has what comes after the end ignored. A server's answer that was lost and comes with a later question is all
    // that some calls have, so a component without a pair takes it (Candidate_AfterTheEnd_IsTakenWhileThereIsNoPath).
    public void AddRemote(Instant now, Candidate candidate)
    {
        if (_dead || _generation.Remote is null) return;
        if (_generation.EndOfRemote && (candidate.Component > _used || _components[candidate.Component - 1].Selected?.Generation == _generation))
        {
            if (_trace.IsOn) _trace.Emit(new IceTrace.CandidateIgnored(now, _source, candidate, "it came after the end of candidates"));
            return;
        }

        Learn(now, candidate);
        Settle(now);
    }

    /// <summary>The peer has no more candidates.</summary>
    public void EndOfRemote(Instant now)
    {
        _generation.EndOfRemote = true;
        _timers.Cancel(new Due(Work.PeerGathering));
        Settle(now);
    }

    /// <summary>rtcp-mux was agreed: component 2 goes, in whatever state it is (RFC 8445 §6.1.2.2, RFC 5761 §5.1.3).</summary>
    public void MuxAccepted(Instant now)
    {
        DropComponent(now, 2);
        Settle(now);
    }

    /// <summary>
    /// Another peer answers the same offer: a fork, or a media server that took the call over (RFC 8839 §7.3). Our credentials stay,
    /// for they are in the offer; what was learnt of the first peer goes, and <see cref="SetRemote"/> follows.
    /// </summary>
    public void ReplacePeer(Instant now)
    {
        if (_dead || _generation.Remote is null) return;
        Begin(now, _generation.Successor(), "another peer answers");
        _previous?.Close();
        _previous = null;
        for (var c = 1; c <= 2; c++) ForgetPath(c);
        Settle(now);
    }

    /// <summary>
    /// New credentials and an empty check list (RFC 8445 §9). Roles stay, and the selected pairs go on carrying media and consent until
    /// the new generation has selected its own.
    /// </summary>
    public void Restart(Instant now)
    {
        if (_dead) return;
        Begin(now, new Generation(_entropy, _options.MaxPairs), "restart");
        Claim(now);
        Settle(now);
    }

    /// <summary>The TURN server lets this peer not through: its pairs fail, the relay lives on (RFC 8656 §10.2).</summary>
    public void PeerRefused(Instant now, PathId relay, IpAddress peer, string why) => Abandon(now, p => p.Local.Path == relay && p.Remote.Address.Ip == peer, why);

    /// <summary>Stops at once: no timer, message or event stays. The owner closes the paths.</summary>
    public void Close()
    {
        _dead = true;
        _timers.Clear();
        _transmits.Clear();
        _events.Clear();
        _checks.Clear();
        _generation.Triggered.Clear();
        _generation.Close();
        _previous?.Close();
    }

    public void Fail(in PathFailure failure)
    {
        // A hint, never a verdict: retransmission goes on, and may well succeed (RFC 8489 §6.2.1).
        if (_dead || _generation.Checklist.Find(failure.Path, failure.Remote) is not { } pair) return;
        if (pair.IsValid && (!pair.IsStream || _components[pair.Component - 1].Selected == pair))
        {
            if (_components[pair.Component - 1].Selected != pair) return;
            Suspect(failure.At, pair.Component);
            Settle(failure.At);
            return;
        }

        pair.Failure = failure.Error switch
        {
            PathError.Refused when pair.IsStream => "the peer's port is closed",
            PathError.Refused => "the peer's port is closed (ICMP)",
            PathError.Unreachable => "no route to it from here",
            PathError.NotPermitted => "the system forbade sending to it",
            _ when pair.IsStream => $"the connection failed: {failure.Error}",
            _ => $"sending failed: {failure.Error}",
        };
        if (pair.IsStream) EndStream(failure.At, pair);
    }

    public void Advance(Instant now)
    {
        if (_dead) return;
        NoticeSleep(now);
        while (_timers.TryExpire(now, out var due))
        {
            switch (due.Work)
            {
                case Work.Retransmit:
                    Retransmit(now, due.Check!);
                    break;
                case Work.Forget:
                    Forget(due.Check!);
                    break;
                case Work.Patience:
                    _generation.PatienceOver = true;
                    break;
                case Work.Nat64:
                    _generation.IsNat64Unlikely = true;
                    break;
                case Work.PeerGathering:
                    _generation.EndOfRemote = true;
                    break;
                case Work.Consent1 or Work.Consent2:
                    SendConsent(now, due.Work == Work.Consent1 ? 1 : 2);
                    break;
                case Work.Expiry1 or Work.Expiry2:
                    LosePath(now, _components[due.Work == Work.Expiry1 ? 0 : 1].Path, "the peer has not answered for 30 s");
                    break;
                case Work.Missed1 or Work.Missed2:
                    Miss(now, due.Work == Work.Missed1 ? 1 : 2);
                    break;
                case Work.Hope:
                    EndHope(now);
                    break;
                case Work.Silence:
                    Silent(now);
                    break;
                case Work.Free:
                    if (_previous is { } last && !IsCarrying(last))
                    {
                        last.Close();
                        _previous = null;
                    }

                    _events.Enqueue(new IceEvent.CandidatesFreed());
                    break;
            }
        }

        Settle(now);
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => _transmits.TryDequeue(buffer, out transmit);

    public bool TryEvent([NotNullWhen(true)] out IceEvent? happened) => _events.TryDequeue(out happened);

    /// <summary>The next <see cref="IceEvent.CandidateAdded"/> or <see cref="IceEvent.PairChanged"/>: they come before the events that follow from them.</summary>
    public bool TryTold([NotNullWhen(true)] out IceEvent? told) => _told.TryDequeue(out told);

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private void Begin(Instant now, Generation next, string why)
    {
        if (_trace.IsOn) _trace.Emit(new IceTrace.Restarted(now, _source, why));
        foreach (var check in _checks.Values.ToArray())
            if (!check.IsConsent) Forget(check);
        _generation.Triggered.Clear();
        foreach (var pair in _generation.Checklist.Pairs) pair.IsQueued = false;
        if (_previous is not null && IsCarrying(_previous))
        {
            // The restart before came to nothing yet: media still goes by what was there before it.
            Retire(_generation);
        }
        else
        {
            if (_previous is not null) Retire(_previous);
            _previous = _generation;
        }

        _generation = next;

        // Asked for anew with the new pairs: a peer that restarts without end must not fill memory, and a peer address that the TURN server refused before may be allowed now.
        _permissions.Clear();
        _local.RemoveAll(c => c.Type == CandidateType.PeerReflexive);
        _timers.Cancel(new Due(Work.Patience));
        _timers.Cancel(new Due(Work.Nat64));
        _timers.Cancel(new Due(Work.PeerGathering));
        _timers.Cancel(new Due(Work.Nominate));
        _timers.Cancel(new Due(Work.Free));
        _timers.Cancel(new Due(Work.Hope));
        _failureTold = false;
        _unverified = default;
    }

    private void Abandon(Instant now, Func<Pair, bool> isLost, string why)
    {
        if (_dead) return;
        Abandon(now, _generation, isLost, why);
        if (_previous is not null) Abandon(now, _previous, isLost, why);
        for (var c = 1; c <= _used; c++)
        {
            var (selected, path) = (_components[c - 1].Selected, _components[c - 1].Path);
            if (selected is not null && isLost(selected)) LosePath(now, selected, why, now - _options.ConsentLifetime);
            else if (path is not null && isLost(path)) LosePath(now, path, why);
        }

        Settle(now);
    }

    private void Abandon(Instant now, Generation generation, Func<Pair, bool> isLost, string why)
    {
        foreach (var pair in generation.Checklist.Pairs)
        {
            if (!isLost(pair)) continue;
            if (pair.Check is { } check) Forget(check);
            pair.IsQueued = pair.IsNominating = false;
            Lose(now, pair, why);
        }
    }

    /// <summary>
    /// Shorter ones than RFC 8839 §5.4 wants (4 and 22) are the peer's own risk, and so are characters outside of its ice-chars, which
    /// agents in the field use.
    /// </summary>
    private static bool IsCredential(string text)
    {
        if (text.Length is < 1 or > 256) return false;
        foreach (var c in text)
            if (c is <= ' ' or > '~') return false;
        return true;
    }

    /// <summary>Nothing is signed with its keys any more, so a component that it still serves, RTCP beside RTP on another one, ends with it.</summary>
    private void Retire(Generation generation)
    {
        for (var c = 1; c <= 2; c++)
        {
            var component = _components[c - 1];
            if (component.Path?.Generation != generation && component.Selected?.Generation != generation) continue;
            ForgetPath(c);
        }

        generation.Close();
    }

    private void ForgetPath(int component)
    {
        StopConsent(component);
        _components[component - 1].Forget();
    }

    private bool IsCarrying(Generation generation)
    {
        foreach (var component in _components)
            if (component.Path?.Generation == generation) return true;
        return false;
    }

    private enum Work
    {
        Pace,
        Retransmit,
        Forget,
        Nominate,
        Patience,

        /// <summary>A check through a NAT64 should have come.</summary>
        Nat64,
        PeerGathering,
        Free,
        Hope,
        Silence,
        Missed1,
        Missed2,
        Consent1,
        Consent2,
        Expiry1,
        Expiry2,
    }

    private readonly record struct Due(Work Work, Check? Check = null);

    // Several peers answer one offer: an agent for each, with the same credentials and candidates of ours (RFC 8839 §7.3).

    private const int FirstPairOfAFork = 1000;

    /// <summary>
    /// An offer of ours is out that may come to several peers: a check that names another one than ours is answered, for our password
    /// vouches for it, and kept for the agent of that peer.
    /// </summary>
    public bool MayFork { get; set; }

    /// <summary>Other peers answered our offer too, and were not chosen: their consent is taken back (RFC 7675 §5.2).</summary>
    public bool RefusesOthers { get; set; }

    /// <summary>An agent for another peer that answers the same offer.</summary>
    public IceAgent Fork(Instant now, int number, string ufrag)
    {
        var fork = new IceAgent(IceRole.Controlling, _options, _entropy, _trace, _source, _pacer)
        {
            MayFork = MayFork,
            _pairs = number * FirstPairOfAFork,
            _endOfLocal = _endOfLocal,
            _isHeard = true,
        };
        fork._generation.Close();
        fork._generation = _generation.Successor();
        foreach (var local in _local)
            if (local.Type != CandidateType.PeerReflexive) fork.AddLocal(now, local);
        foreach (var early in _generation.Foreign)
            if (early.Ufrag == ufrag) fork._generation.Early.Add(early.Check);
        return fork;
    }

    /// <summary>An answer to a check of ours, or a check of our peer by the name it gave.</summary>
    public bool Knows(in Datagram datagram)
    {
        if (!StunReader.TryParse(datagram.Payload, out var message, out _)) return false;
        if (message.Class is StunClass.Success or StunClass.Error) return _checks.ContainsKey(message.TransactionId);
        return message.TryGetUsername(out var username) && username.StartsWith(_generation.LocalPrefix) && !IsForeign(_generation, username);
    }

    /// <summary>The part of the name after the colon is another peer's.</summary>
    private static bool IsForeign(Generation generation, ReadOnlySpan<byte> username)
    {
        if (generation.Remote is not { } remote) return false;
        var theirs = username[generation.LocalPrefix.Length..];
        if (theirs.Length != remote.Ufrag.Length) return true;
        for (var i = 0; i < theirs.Length; i++)
            if (theirs[i] != remote.Ufrag[i]) return true;
        return false;
    }

    private static void Remember(Generation generation, string ufrag, Generation.EarlyCheck check)
    {
        var at = generation.Foreign.FindIndex(f => f.Ufrag == ufrag && f.Check.Base.Path == check.Base.Path && f.Check.Remote == check.Remote);
        if (at >= 0) generation.Foreign[at] = (ufrag, check with { UseCandidate = check.UseCandidate || generation.Foreign[at].Check.UseCandidate });
        else if (generation.Foreign.Count < MostEarlyChecks) generation.Foreign.Add((ufrag, check));
    }

    // What can be seen from outside.

    /// <summary>Everything known now. Allocates: for people, not for each packet.</summary>
    public IceSnapshot Snapshot() => new(
        Role,
        State,
        _used,
        [.. _local],
        [.. _generation.RemoteCandidates],
        [.. _generation.Checklist.Pairs.Select(Describe)])
    { Forged = _unverified.Forged, Unauthenticated = _unverified.Unsigned };

    /// <summary>Checks and answers that came and were not believed.</summary>
    public IEnumerable<Dropped> Dropped
    {
        get
        {
            if (_strangers.Count > 0) yield return new Dropped(Layer.Ice, _strangers.Last, "a check that is not signed by the credentials of our description", _strangers.Count);
            if (_unverified.Forged > 0) yield return new Dropped(Layer.Ice, default, "an answer whose integrity does not fit the a=ice-pwd of the peer's description", _unverified.Forged);
            if (_unverified.Unsigned > 0) yield return new Dropped(Layer.Ice, default, "an answer that refuses our check as not authenticated", _unverified.Unsigned);
        }
    }

    private CandidatePair Describe(Pair pair) => new(
        pair.Id,
        pair.Component,
        pair.Seen ?? pair.Local,
        pair.Remote,
        pair.Priority,
        pair.State,
        pair.IsValid,
        pair.IsNominated,
        _components[pair.Component - 1].Selected == pair,
        pair.IsDropped,
        pair.Rtt,
        pair.Sent,
        pair.Received,
        pair.Answers,
        pair.Failure)
    { ProvenAt = pair.ProvenAt };
}
