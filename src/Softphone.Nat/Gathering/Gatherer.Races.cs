using Softphone.Core;

namespace Softphone.Nat;

/// <summary>Which way to a TURN server is tried when, and which relay is kept.</summary>
internal sealed partial class Gatherer
{
    private readonly List<RelayRace> _races = [];

    /// <summary>One race for each server and user that has not a relay for every component.</summary>
    private void PlanRelays(Instant now)
    {
        // Local preferences follow this order, so that a relay reached by UDP is better than one by TCP (RFC 8445 §5.1.2.2).
        var ways = _servers.OrderBy(s => s.Transport).Select((server, rank) => (server, rank)).ToList();
        _races.RemoveAll(race => !_relays.Exists(r => r.Race == race && r.IsAlive));
        foreach (var group in ways.GroupBy(w => RelayRace.KeyOf(w.server)))
        {
            if (!Lacks(group.Key)) continue;
            var race = new RelayRace(group);
            _races.Add(race);
            StartWay(now, race);
            if (_options.Memory.StreamTo(group.Key) is { } transport && race.TryNext(transport, out var known)) Start(now, race, known);
        }
    }

    /// <summary>A component has no relay of this server, and none is on its way.</summary>
    private bool Lacks((string Host, string User) server)
    {
        var relays = _relays.FindAll(r => r is { IsAlive: true, IsRetired: false } && RelayRace.KeyOf(r.Server) == server);
        return _sockets.Exists(s => !relays.Exists(r => r.Socket.Component == s.Component));
    }

    private void AdvanceRaces(Instant now)
    {
        for (var i = 0; i < _races.Count; i++)
        {
            if (_races[i].NextAt is { } due && due <= now) Continue(now, _races[i]);
        }
    }

    private void Continue(Instant now, RelayRace race)
    {
        race.NextAt = null;

        // A server that has answered is not out of reach by the way that it has answered: only slow.
        if (!_relays.Exists(r => r.Race == race && r.IsAlive && (r.Client.IsAllocated || r.Client.RoundTrip is not null))) StartWay(now, race);
    }

    /// <summary>Starts the next way that has anything to it, and sets the time of the one after.</summary>
    private void StartWay(Instant now, RelayRace race)
    {
        while (race.TryNext(out var way))
        {
            if (!Start(now, race, way)) continue;
            race.NextAt = race.HasMore ? now + RelayRace.Stagger : null;
            return;
        }
    }

    private bool Start(Instant now, RelayRace race, (RelayServer Server, int Rank) way)
    {
        var (server, rank) = way;
        if (_options.Memory.IsResting(now, server))
        {
            race.Stop();
            _faults.Enqueue((server.Address, new Fault(Layer.Turn, $"TURN server {server.Address} had no room a moment ago and is left alone", "wait a minute, or use another server")));
            return false;
        }

        var sockets = SocketsTo(server.Address);
        sockets.RemoveAll(s => HasRelay(server, s.Component) || IsOnItsWay(server, s.Component, race));
        if (server.Transport == Transport.Udp) sockets = sockets.ConvertAll(s => Unused(now, server, s));
        var asked = sockets.ConvertAll(socket => OptionsOf(server, socket));
        if (sockets.Count == 0 || asked.Contains(null)) return false;
        if (sockets.Count == 2 && _options.Memory.MayHavePairs(server))
        {
            var pair = new TurnPair(asked[0]!, asked[1]!, _entropy, _trace);
            for (var c = 0; c < 2; c++) AskFor(new Relay(asked[c]!, sockets[c], pair, rank, server) { Race = race });
        }
        else
        {
            for (var c = 0; c < sockets.Count; c++) AskFor(new Relay(asked[c]!, sockets[c], new TurnClient(asked[c]!, _entropy, _trace), rank, server) { Race = race });
        }

        return true;
    }

    /// <summary>Another race than this one asks for it already: one relay was lost while that of the other component was being asked for.</summary>
    private bool IsOnItsWay(RelayServer server, int component, RelayRace race) =>
        _relays.Exists(r => r is { IsAlive: true, IsRetired: false } && r.Race != race && r.Socket.Component == component && RelayRace.KeyOf(r.Server) == RelayRace.KeyOf(server));

    private bool HasRelay(RelayServer server, int component) => _relays.Exists(r =>
        r is { IsAlive: true, IsRetired: false } && r.Client.IsAllocated && r.Socket.Component == component && RelayRace.KeyOf(r.Server) == RelayRace.KeyOf(server));

    /// <summary>
    /// A way has given a relay. Worse ones are let go of; better ones go on, for they may only have lost a packet. When one of those
    /// comes before the description is out, it takes the place; after that both are kept, for the peer knows the first.
    /// </summary>
    private void Won(Instant now, Relay winner)
    {
        winner.Race.Stop();
        foreach (var other in _relays.ToArray())
        {
            if (other.Race != winner.Race || other.Rank <= winner.Rank || other.IsClosing || (IsReady && other.Client.IsAllocated)) continue;
            Release(now, other);
        }
    }

    /// <summary>What has not come by now of a server that gave its relay by another way is given up.</summary>
    private void StopLosers(Instant now)
    {
        foreach (var late in _relays.ToArray())
            if (late.IsAlive && !late.Client.IsAllocated && HasRelay(late.Server, late.Socket.Component)) Release(now, late);
    }

    private void Release(Instant now, Relay relay)
    {
        Close(relay);
        Withdraw(relay);
        if (_found.RemoveAll(c => c.Path == relay.Path) > 0) _gone.Enqueue(relay.Path);
        relay.IsClosing = true;
        relay.Client.Close(now);
    }

    /// <summary>A way has given nothing: the next one is tried at once, and when none is left the owner is told of all.</summary>
    private void Missed(Instant now, RelayRace race, Address server, Fault fault)
    {
        race.Faults.Add((server, fault));
        if (_relays.Exists(r => r.Race == race && r.IsAlive)) return;
        StartWay(now, race);
        Pump(now);
        if (race.HasMore || _relays.Exists(r => r.Race == race && r.IsAlive)) return;
        foreach (var told in race.Faults) _faults.Enqueue(told);
        race.Faults.Clear();
    }

    /// <summary>A stream that gave a relay where UDP was silent is tried at once by the next call.</summary>
    private void LearnFromRaces()
    {
        foreach (var relay in _relays)
        {
            if (!relay.Client.IsAllocated) continue;
            var isUdpDead = relay.Framer is not null
                && !_relays.Exists(r => r.Race == relay.Race && r.Framer is null && r.Client.RoundTrip is not null) && _answered.Count == 0;
            if (isUdpDead || relay.Framer is null) _options.Memory.Worked(RelayRace.KeyOf(relay.Server), relay.Server.Transport);
        }
    }
}
