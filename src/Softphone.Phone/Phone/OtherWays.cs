using Softphone.Core;
using Softphone.Nat;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>
/// A router may die while the link to it stays up: the system goes on sending there, and no change of the network is ever told. When the server, or
/// the peer's media, is silent, the server is asked by the other interfaces; where one brings an answer and the way in use still does not, the phone
/// goes there as if the cable had been moved. The old way is asked now and then, and taken again between calls when it has answered for a while.
/// </summary>
internal sealed class OtherWays(PhoneMachine phone, UsableNetwork network, SipSockets sockets)
{
    /// <summary>The way in use has so long to show that it lives, where media was lost and not the server: it was asked just now.</summary>
    private static readonly TimeSpan MediaPatience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan TrialTakes = TimeSpan.FromSeconds(6);

    /// <summary>
    /// Where another way brings an answer, the one in use, which was asked at the same moment, has so long for its own: a server that comes back
    /// answers by both.
    /// </summary>
    private static readonly TimeSpan Headstart = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan AskHomeEvery = TimeSpan.FromSeconds(30);

    /// <summary>A way back that fails so soon was none, and the next one is to prove itself for longer.</summary>
    private static readonly TimeSpan SettledAfter = TimeSpan.FromMinutes(10);

    private const int LeastAnswers = 2;
    private const int MostAnswers = 16;
    private const int MostTrials = 3;

    private readonly List<Way> _trials = [];
    private AccountId _account;
    private Instant _doubtedAt;
    private Instant? _beginAt;
    private Instant? _endAt;

    /// <summary>The way in use, asked as the others are.</summary>
    private Way? _present;
    private (Way Way, Instant At)? _winner;
    private Instant? _quietUntil;
    private TimeSpan _pause = FirstPause;

    private Home? _home;
    private int _needed = LeastAnswers;
    private Instant? _backAt;

    public Instant? NextTimeout => Instant.Earlier(Instant.Earlier(_beginAt, _endAt), Instant.Earlier(_winner?.At, _home?.AskAt));

    /// <summary>Asked for each packet: nothing is allocated here.</summary>
    public bool Owns(PathId path)
    {
        if (_home is { } home && home.Way.Path == path || _present?.Path == path) return true;
        foreach (var way in _trials)
            if (way.Path == path) return true;
        return false;
    }

    /// <summary>The path of media was lost; the registrar was asked at once whether it is our network.</summary>
    public void MediaLost(Instant now)
    {
        if (phone.Registered is { } account) Doubt(now, account, now, MediaPatience);
    }

    /// <summary>The server does not answer as it did.</summary>
    public void ServerLost(Instant now, AccountId account, Instant since) => Doubt(now, account, since, TimeSpan.Zero);

    /// <summary>The system told of other interfaces or addresses: its choice may be a good one again.</summary>
    public void NetworkChanged(Instant now)
    {
        Forget(now);
        _quietUntil = null;
        _pause = FirstPause;
        if (_home is null || (network.NameOf(_home.Address) == _home.Name && network.NameOf(_home.Instead) is not null)) return;
        ComeHome(now);
    }

    /// <summary>Lets go of everything.</summary>
    public void Close(Instant now)
    {
        Forget(now);
        if (_home is not null) Close(now, _home.Way.Path);
        _home = null;
    }

    public void Advance(Instant now)
    {
        if (_beginAt <= now) Begin(now);
        if (_winner is { } winner && winner.At <= now)
        {
            var isHeard = IsHeard;
            Forget(now);
            if (!isHeard) Take(now, winner.Way);
        }

        if (_endAt <= now && _winner is null)
        {
            Forget(now);
            _quietUntil = now + _pause;
            _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        }

        if (_home is { } home && home.AskAt <= now)
        {
            if (!home.IsAnswered) home.Answers = 0;
            home.IsAnswered = false;
            home.AskAt = now + AskHomeEvery;
            phone.Sip.Probe(now, home.Way.Path, _account);
        }
    }

    public void Answered(Instant now, PathId path)
    {
        if (_home is { } home && home.Way.Path == path)
        {
            home.IsAnswered = true;
            // A call goes on where it is: the way back costs it more than it gives.
            if (++home.Answers < _needed || phone.ActiveCalls > 0) return;
            ComeHome(now);
            _backAt = now;
            phone.FollowNetwork(now);
        }
        else if (_present?.Path == path)
        {
            Forget(now);
        }
        else if (_trials.Find(way => way.Path == path) is { } way)
        {
            _winner ??= (way, now + Headstart);
        }
    }

    private bool IsHeard => phone.Sip.RegistrarOf(_account)?.HeardAt >= _doubtedAt;

    private void Doubt(Instant now, AccountId account, Instant since, TimeSpan patience)
    {
        // Who named an address for SIP wants no other, and what goes by a VPN is not to leave it unasked.
        if (_beginAt is not null || _endAt is not null || now < _quietUntil || phone.Options.SipAddress is not null || !Others().Any()) return;
        (_account, _doubtedAt, _beginAt) = (account, since, now + patience);
    }

    private void Begin(Instant now)
    {
        _beginAt = null;
        if (IsHeard || phone.Sip.RegistrarOf(_account) is not { } registrar) return;
        foreach (var name in Others().Take(MostTrials))
            if (Open(now, name, registrar, isPinned: true) is { } way) _trials.Add(way);
        if (_trials.Count == 0) return;
        if (network.NameOf(sockets.Address) is { } current) _present = Open(now, current, registrar, isPinned: true);
        if (_present is not null) phone.Sip.Probe(now, _present.Path, _account);
        foreach (var way in _trials) phone.Sip.Probe(now, way.Path, _account);
        _endAt = now + TrialTakes;
    }

    /// <summary>Interfaces by which nothing of ours goes now, best first; none while a VPN is in use. A telephone at a USB port is of unknown kind.</summary>
    private IEnumerable<string> Others()
    {
        var current = network.NameOf(sockets.Address);
        var all = network.All;
        if (current is null || all.Any(i => i.Name == current && i.Kind is InterfaceKind.Vpn or InterfaceKind.Loopback)) return [];
        return InterfaceSelection.Choose(all, phone.Options.Nat.SkipInterfaces, useLoopback: false)
            .Where(i => i.Name != current && i.Kind is not (InterfaceKind.Vpn or InterfaceKind.Bridge or InterfaceKind.Loopback))
            .OrderBy(i => i.Kind).Select(i => i.Name).Distinct();
    }

    private Way? Open(Instant now, string name, in RegistrarSeen registrar, bool isPinned)
    {
        var local = network.Addresses(name, registrar.Server.Ip.IsV4).FirstOrDefault();
        if (!local.IsValid || !network.TryOpenAside(registrar.Transport, local, isPinned, out var path, out var bound)) return null;
        network.Defer(path);
        phone.Sip.AddAside(path, registrar.Transport, bound);
        return new Way(path, name, local);
    }

    private void Take(Instant now, Way way)
    {
        _pause = FirstPause;
        var from = sockets.Address;
        var name = network.NameOf(from) ?? "";
        if (_home?.Name == way.Name)
        {
            ComeHome(now);
        }
        else
        {
            network.Shun(name, way.Name);
            if (_home is null)
            {
                _needed = _backAt is { } back && now - back < SettledAfter ? Math.Min(2 * _needed, MostAnswers) : LeastAnswers;
                if (phone.Sip.RegistrarOf(_account) is { } registrar && Open(now, name, registrar, isPinned: false) is { } old)
                    _home = new Home(old, name, from, way.Local) { AskAt = now + AskHomeEvery };
            }
            else
            {
                _home.Instead = way.Local;
            }
        }

        phone.Unplug(now);
        phone.Emit(new PhoneEvent.WayChanged(now, name, way.Name, new Fault(
            Layer.Transport, $"{name} is up, but nothing comes back by it",
            network.CanPin ? $"restart the router behind {name}, or see what it blocks" : $"the system does not let this phone choose {way.Name} whatever the routes say (Linux before 5.7): set the default route to {way.Name}")));
    }

    private void ComeHome(Instant now)
    {
        network.Clear();
        if (_home is not null) Close(now, _home.Way.Path);
        _home = null;
    }

    private void Forget(Instant now)
    {
        _beginAt = _endAt = null;
        _winner = null;
        if (_present is not null) Close(now, _present.Path);
        _present = null;
        foreach (var way in _trials) Close(now, way.Path);
        _trials.Clear();
    }

    private void Close(Instant now, PathId path)
    {
        phone.Sip.RemovePath(now, path);
        network.Close(path);
    }

    /// <summary>An interface that the server is asked by, and how.</summary>
    private sealed record Way(PathId Path, string Name, IpAddress Local);

    /// <summary>The interface that the system prefers, and what was seen of it since it was left.</summary>
    private sealed class Home(Way way, string name, IpAddress address, IpAddress instead)
    {
        public Way Way => way;

        public string Name => name;

        public IpAddress Address => address;

        public IpAddress Instead { get; set; } = instead;

        public Instant AskAt { get; set; }

        public bool IsAnswered { get; set; }

        /// <summary>In a row.</summary>
        public int Answers { get; set; }
    }
}
