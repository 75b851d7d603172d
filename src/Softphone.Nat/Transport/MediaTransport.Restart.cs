using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// When the path of a call is lost: what notices it, who is asked to restart (RFC 8445 §9), and how often. The call does the signalling;
/// media goes on by any path that still works meanwhile.
/// </summary>
public sealed partial class MediaTransport
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    /// <summary>How long a restart may be under way before another one is asked for.</summary>
    private static readonly TimeSpan RestartTakes = TimeSpan.FromSeconds(15);

    private IceRole _role;
    private string? _asked;
    private bool _wasUsable;
    private Instant? _askAgainAt;
    private Instant? _quietUntil;
    private Instant? _restartedAt;
    private TimeSpan _pause = FirstPause;

    /// <summary>How often a TURN server is asked while a relayed call has no path.</summary>
    private static readonly TimeSpan SeekEvery = TimeSpan.FromSeconds(2);

    private Instant? _seekAt;
    private bool _hasSought;

    /// <summary>
    /// New credentials for the next offer, and candidates of the interfaces as they are now (RFC 8445 §9); media goes on by the old path
    /// meanwhile. The Gathered event comes, again, when the offer can be written. Not while an offer of ours waits for its answer.
    /// Without ICE only the addresses are found anew.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="trickles">The peer takes candidates one by one: Gathered comes with those that are there, the others follow.</param>
    public void Restart(Instant now, bool trickles = false)
    {
        if (_phase != Phase.Open) return;
        _trickles = trickles;
        _restartedAt = now;
        _replaced = 0;
        _mayFork = false;
        if (_agent is not null) _agent.MayFork = false;
        LeaveForks();
        Renew(now);
        _agent?.Restart(now);
        _wantsGathered = true;
        Describe();
        Drain(now);
    }

    /// <summary>
    /// The TURN servers and our credentials for them are others from now on. What is allocated stays until the next <see cref="Restart"/>,
    /// or the peer's, replaces it.
    /// </summary>
    public void SetTurnServers(IReadOnlyList<RelayServer> servers) => _gatherer.SetServers(servers);

    /// <summary>Relays live whose credential was replaced: a restart is due before it ends.</summary>
    public bool HasOutdatedRelays => _phase == Phase.Open && _gatherer.HasOutdated;

    /// <summary>
    /// Interfaces came or went. Pairs of a socket that is gone fail at once, and media goes on by another one that works; a restart is
    /// asked for when the path in use is gone, or when a better kind of interface is up.
    /// </summary>
    public void NetworkChanged(Instant now)
    {
        if (_phase != Phase.Open) return;
        var known = _gatherer.Sockets.ConvertAll(s => s.Path);
        var kind = KindInUse();
        var lostPlain = false;
        _gatherer.Regather(now);
        if (_plain)
            foreach (var leg in _legs) lostPlain |= leg.Path != PathId.None && !leg.Path.IsRelay && !Owns(leg.Path);
        var news = _gatherer.Sockets.Where(s => !s.IsSpare && !known.Contains(s.Path)).ToList();
        Drain(now);
        if (lostPlain) Ask(now, "the interface that media went by is gone");
        else if (news.Count > 0 && (kind is null || news.Exists(s => KindOf(s.Address.Ip) < kind)) && _isAnnounced && (_plain || _remoteUfrag is not null))
            Ask(now, kind is null ? "an interface is up again" : "a better interface is up");
    }

    /// <summary>Sockets of interfaces that are gone or new, relays that were given back: all is found again before the next description.</summary>
    private void Renew(Instant now)
    {
        // A NAT that gave us another port has cut our allocations off: their server answers 437, and nothing else tells. A stream ends by itself.
        foreach (var relay in _gatherer.Relays)
            if (relay.Framer is null) relay.Client.Verify(now);
        if (_gatherer.IsReady) _gatherer.Regather(now);
        DrainGone(now);
        if (_agent is null) return;
        foreach (var candidate in _agent.LocalCandidates.ToArray())
            if (!_gatherer.Holds(candidate.Path)) _agent.RemoveLocal(candidate.Path);
        Offer(now, _agent);
    }

    private void Offer(Instant now, IceAgent agent)
    {
        foreach (var candidate in _gatherer.Candidates)
            if (!candidate.Path.IsRelay || _gatherer.Find(candidate.Path) is { Client.IsAllocated: true }) agent.AddLocal(now, candidate);
    }

    private void DrainGone(Instant now)
    {
        while (_gatherer.TryGone(out var path)) PathGone(now, path, "the interface it went by is gone");
    }

    private void PathGone(Instant now, PathId path, string why)
    {
        _agent?.PathGone(now, path, why);
        foreach (var fork in _forks) fork.Agent.PathGone(now, path, why);
    }

    /// <summary>The kind of interface that media of component 1 goes by; null when there is no path.</summary>
    private InterfaceKind? KindInUse()
    {
        var path = _plain ? _legs[0].Path : _agent is not null && _agent.TryPath(1, out var chosen, out _) ? chosen : PathId.None;
        var socket = path.IsRelay ? _gatherer.Find(path)?.Socket : _gatherer.Sockets.Find(s => s.Path == path);
        return (socket?.Host ?? _gatherer.StreamAt(path)) is { } used ? KindOf(used.Address.Ip) : null;
    }

    private InterfaceKind? KindOf(IpAddress address)
    {
        foreach (var candidate in _network.Interfaces)
            if (candidate.Address == address) return candidate.Kind;
        return null;
    }

    /// <summary>At once the first time, then after ever longer pauses: a network that comes and goes is no reason for a storm of offers.</summary>
    private void Ask(Instant now, string reason)
    {
        if (_phase != Phase.Open) return;
        _asked = reason;
        if (_quietUntil is { } until && now < until)
        {
            _askAgainAt = until;
            return;
        }

        if (_quietUntil is { } last && now - last > LongestPause) _pause = FirstPause;
        _events.Enqueue(new MediaTransportEvent.RestartNeeded(reason));
        _quietUntil = _askAgainAt = now + _pause;
        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
    }

    /// <summary>A relayed call has lost its path: the restart asks every server at once, and from then on each is asked again and again.</summary>
    private void BeginSeeking(Instant now)
    {
        if (_seekAt is not null || _phase != Phase.Open || _agent is not { IsRelayed: true }) return;
        (_seekAt, _hasSought) = (now + SeekEvery, false);
    }

    private void Seek(Instant now)
    {
        if (_phase != Phase.Open || _agent?.IsInTrouble != true)
        {
            _seekAt = null;
            return;
        }

        _seekAt = now + SeekEvery;
        // A restart that still gathers asks by itself.
        if (_wantsGathered) return;
        _hasSought = true;
        _gatherer.SeekRelay(now);
    }

    /// <summary>A relay is there that no offer shows: it is told at once.</summary>
    private void TellOfRelay(Instant now)
    {
        if (!_hasSought || _wantsGathered || _seekAt is null || _agent?.IsInTrouble != true) return;
        _hasSought = false;
        _quietUntil = null;
        Ask(now, "another relay was allocated");
    }

    /// <summary>The pause is over: still no better, and no restart under way?</summary>
    private void AskAgain(Instant now)
    {
        _askAgainAt = null;
        if (_asked is not { } reason || (!_plain && _agent?.IsInTrouble != true))
        {
            _asked = null;
            return;
        }

        if (_restartedAt is { } at && now - at < RestartTakes) _askAgainAt = at + RestartTakes;
        else Ask(now, reason);
    }
}
