using Softphone.Nat;
using Softphone.Sdp;

namespace Softphone.Captures;

/// <summary>Makes an <see cref="IceReading"/> of descriptions, checks and what servers answered.</summary>
internal sealed class IceReader
{
    /// <summary>More of one call are not looked at.</summary>
    private const int MostCandidates = 128;
    private const int MostPairs = 1024;

    private readonly StunTable _stun;
    private readonly Dictionary<Address, PathId> _paths = [];
    private readonly List<Candidate> _local = [];
    private readonly List<Candidate> _remote = [];
    private readonly Dictionary<(Address Base, Address Remote), PairAccount> _pairs = [];

    private IceReader(StunTable stun) => _stun = stun;

    /// <param name="stun">All requests.</param>
    /// <param name="checks">Those between the two fragments.</param>
    /// <param name="ours">Our fragment: whoever writes it behind the colon is us.</param>
    /// <param name="peer">The other side's.</param>
    /// <param name="own">Our description; null when the capture has none.</param>
    /// <param name="other">The peer's.</param>
    /// <param name="side">Whose side it is.</param>
    /// <param name="carries">Whether RTP went between two addresses.</param>
    public static IceReading Read(StunTable stun, IReadOnlyList<StunExchange> checks, string ours, string peer, SdpIce? own, SdpIce? other, Party? side, Func<Address, Address, bool> carries) =>
        new IceReader(stun).Read(checks, ours, peer, own, other, side, carries);

    private IceReading Read(IReadOnlyList<StunExchange> checks, string ours, string peer, SdpIce? own, SdpIce? other, Party? side, Func<Address, Address, bool> carries)
    {
        foreach (var candidate in (own?.Candidates ?? []).Take(MostCandidates)) _local.Add(Local(candidate));
        foreach (var candidate in (other?.Candidates ?? []).Take(MostCandidates)) _remote.Add(Remote(candidate));
        LearnMappings();
        bool? weControl = null;
        var (forged, unauthenticated) = (0, 0);
        foreach (var check in checks)
        {
            // Behind the colon stands who sends (RFC 8445 §7.2.2).
            if (check.Username == $"{peer}:{ours}")
            {
                weControl ??= check.IsControlling;
                if (check.IsForged) forged++;
                if (check.Code == StunErrorCode.Unauthenticated) unauthenticated++;
                TakeOurs(check);
            }
            else
            {
                weControl ??= !check.IsControlling;
                TakePeers(check);
            }
        }

        var controls = weControl ?? side == Party.Caller;
        var selected = Select(carries);
        var pairs = _pairs.Values.Select(p => p.Build(controls, selected.Contains(p))).OrderByDescending(p => p.Priority).ToList();
        var (last, unanswered, silence) = Consent(checks, selected.FirstOrDefault(s => s.Component == 1));
        return new IceReading
        {
            Ours = side,
            Fragments = (ours, peer),
            Checks = checks,
            LastConsent = last,
            Unanswered = unanswered,
            Silence = silence,
            Ice = new IceSnapshot(
                controls ? IceRole.Controlling : IceRole.Controlled,
                selected.Count > 0 ? IceState.Completed : pairs.Exists(p => p.IsValid) ? IceState.Connected : pairs.Exists(p => p.State is PairState.InProgress) ? IceState.Checking : IceState.Failed,
                Math.Max(1, _local.Concat(_remote).Select(c => c.Component).DefaultIfEmpty(1).Max()),
                _local,
                _remote,
                pairs)
            {
                HasUdpAnswer = Servers().Any(e => e.IsAnswered),
                HasUdpAnswerV4 = Servers().Any(e => e.IsAnswered && e.To.Ip.IsV4),
                HasAskedV4 = Servers().Any(e => e.To.Ip.IsV4),
                Forged = forged,
                Unauthenticated = unauthenticated,
            },
        };
    }

    private IEnumerable<StunExchange> Servers() => _paths.Keys.SelectMany(_stun.AskedFrom);

    private void TakeOurs(StunExchange check)
    {
        if (!TryPair(check.From, check.To, out var pair)) return;
        pair.Sent += check.Sends;
        if (!check.IsAnswered) return;
        pair.Answers++;
        if (!check.HasSucceeded)
        {
            if (check.Code > 0 && check.Code != StunErrorCode.RoleConflict) pair.Failure = $"refused: {check.Code} {check.Reason}";
            return;
        }

        pair.IsValid = true;
        pair.Rtt ??= check.Rtt;
        pair.ProvenAt = check.AnsweredAt;
        if (check.UseCandidate) pair.IsNominated = true;
        if (check.Mapped.IsValid) pair.Local = Seen(check, pair.Local);
    }

    private void TakePeers(StunExchange check)
    {
        // At our end of it: the last place where it was seen.
        var hop = check.Hops[^1];
        if (!TryPair(hop.To, hop.From, out var pair)) return;
        pair.Received += check.Sends;
        if (check.UseCandidate && check.HasSucceeded) pair.IsNominated = true;
    }

    private bool TryPair(in Address local, in Address remote, out PairAccount pair)
    {
        if (_pairs.TryGetValue((local, remote), out pair!)) return true;
        if (_pairs.Count >= MostPairs) return false;
        var (from, at) = (local, remote);
        var theirs = _remote.Find(c => c.Address == at) ?? Learned(remote);
        var own = _local.Find(c => c.Base == from || c.Address == from);
        if (own is null)
        {
            own = new Candidate { Type = CandidateType.Host, Component = theirs.Component, Address = local, Base = local, Path = PathOf(local, isRelay: false), Priority = CandidatePriority.Of(CandidateType.Host, 65_535, theirs.Component) };
            if (_local.Count < MostCandidates) _local.Add(own);
        }
        else if (own.Type is CandidateType.ServerReflexive or CandidateType.PeerReflexive && _local.Find(c => c.Type == CandidateType.Host && c.Address == from) is { } host)
        {
            own = host;
        }

        _pairs[(local, remote)] = pair = new PairAccount(_pairs.Count + 1, own.Component, own, theirs);
        return true;
    }

    private Candidate Learned(in Address remote)
    {
        var at = remote;
        var learned = new Candidate
        {
            Type = CandidateType.PeerReflexive,
            Component = _remote.Find(c => c.Address.Ip == at.Ip)?.Component ?? 1,
            Address = remote,
            Priority = CandidatePriority.Of(CandidateType.PeerReflexive, 65_535, 1),
            IsAtUnknownHost = !_remote.Exists(c => c.Address.Ip == at.Ip),
        };
        if (_remote.Count < MostCandidates) _remote.Add(learned);
        return learned;
    }

    /// <summary>The candidate that the peer saw us at (RFC 8445 §7.2.5.3.1).</summary>
    private Candidate Seen(StunExchange check, Candidate local)
    {
        if (check.Mapped == local.Address) return local;
        if (_local.Find(c => c.Address == check.Mapped && c.Path == local.Path) is { } known) return known;
        var learned = local with { Type = CandidateType.PeerReflexive, Address = check.Mapped, Priority = check.Priority, Server = check.To };
        if (_local.Count < MostCandidates) _local.Add(learned);
        return learned;
    }

    private Candidate Local(SdpCandidate told)
    {
        var type = TypeOf(told.Type);
        var at = type is CandidateType.ServerReflexive or CandidateType.PeerReflexive ? BaseOf(told) : told.Address;
        var candidate = Remote(told) with { Path = PathOf(at, type == CandidateType.Relayed), Base = at };
        if (type == CandidateType.Relayed && _stun.Allocations.FirstOrDefault(a => a.Relay == told.Address) is { } allocation)
            return candidate with { Server = allocation.Server, RelayedBy = allocation.Transport, RelatedAddress = allocation.Mapped };
        return candidate;
    }

    /// <summary>
    /// The socket of a reflexive candidate. Phones that keep their inner addresses to themselves write zeros in its place (RFC 8839 §5.1): then it is who asked the server that saw it.
    /// </summary>
    private Address BaseOf(SdpCandidate told)
    {
        if (_stun.SocketSeenAt(told.Address) is { IsValid: true } socket) return socket;
        if (told.Related is { IsValid: true } related && !related.Ip.IsUnspecified) return related;
        return _local.Find(c => c.Type == CandidateType.Host && c.Component == told.Component && c.Address.Ip.IsV4 == told.Address.Ip.IsV4)?.Address ?? told.Address;
    }

    private static Candidate Remote(SdpCandidate told) => new()
    {
        Type = TypeOf(told.Type),
        Component = told.Component,
        Address = told.Address,
        Priority = told.Priority,
        Foundation = told.Foundation,
        RelatedAddress = told.Related ?? default,
        Transport = told.IsUdp ? Transport.Udp : Transport.Tcp,
        TcpType = told.TcpType switch { "active" => TcpType.Active, "passive" => TcpType.Passive, "so" => TcpType.SimultaneousOpen, _ => default },
    };

    /// <summary>Which server saw which socket as what.</summary>
    private void LearnMappings()
    {
        foreach (var exchange in Servers().Where(e => e.Mapped.IsValid).ToList())
        {
            var at = _local.FindIndex(c => c.Type == CandidateType.ServerReflexive && c.Address == exchange.Mapped && c.Base == exchange.From && !c.Server.IsValid);
            if (at >= 0) _local[at] = _local[at] with { Server = exchange.To };
        }
    }

    /// <summary>Of each component the nominated pair; of several the one that media went by, then the best.</summary>
    private List<PairAccount> Select(Func<Address, Address, bool> carries) =>
        [.. _pairs.Values.Where(p => p.IsNominated).GroupBy(p => p.Component).Select(g => g.OrderByDescending(p => carries(p.Local.Base.IsValid ? p.Local.Base : p.Local.Address, p.Remote.Address)).ThenByDescending(p => Math.Min(p.Local.Priority, p.Remote.Priority)).First()).OrderBy(p => p.Component)];

    private static (Instant? Last, int Unanswered, TimeSpan Silence) Consent(IReadOnlyList<StunExchange> checks, PairAccount? selected)
    {
        if (selected is null) return default;
        bool IsOn(StunExchange check) => check.To == selected.Remote.Address && (check.From == selected.Local.Base || check.From == selected.Local.Address);
        var last = checks.LastOrDefault(c => IsOn(c) && c.HasSucceeded)?.AnsweredAt;
        if (last is not { } answered) return default;
        var after = checks.Where(c => IsOn(c) && !c.IsAnswered && c.At > answered).ToList();
        return (last, after.Count, after.Count == 0 ? TimeSpan.Zero : after[^1].LastSent - answered);
    }

    private PathId PathOf(in Address address, bool isRelay)
    {
        if (!_paths.TryGetValue(address, out var path)) _paths[address] = path = new PathId(isRelay ? -(_paths.Count + 1) : _paths.Count + 1);
        return path;
    }

    private static CandidateType TypeOf(SdpCandidateType type) => type switch
    {
        SdpCandidateType.Host => CandidateType.Host,
        SdpCandidateType.Srflx => CandidateType.ServerReflexive,
        SdpCandidateType.Relay => CandidateType.Relayed,
        _ => CandidateType.PeerReflexive,
    };
}
