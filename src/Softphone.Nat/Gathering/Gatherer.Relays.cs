using Softphone.Core;

namespace Softphone.Nat;

/// <summary>Allocations: one for each component and TURN server, from the interface that routes to the server.</summary>
internal sealed partial class Gatherer
{
    /// <summary>The relay that has this path; null when it is gone.</summary>
    public Relay? Find(PathId path)
    {
        foreach (var relay in _relays)
            if (relay.Path == path) return relay;
        return null;
    }

    /// <summary>An allocation is there: a relayed candidate, and for free what its server saw of us (RFC 8445 §5.1.1.2).</summary>
    public void Allocated(Instant now, Relay relay, TurnEvent.Allocated allocated)
    {
        Close(relay);
        var preference = MediaSocket.Preference(relay.Socket.Rank, relay.Rank);
        if (allocated.Mapped.IsValid) AddReflexive(relay.Socket, allocated.Mapped, relay.Server, 128 + relay.Rank);

        // Who wants to be reached by relay only does not tell the address behind it (RFC 8839 §5.1 allows any, RFC 8828 mode 4).
        var related = _options.Mode == IceMode.RelayOnly ? new Address(IpAddress.AnyV4, 9) : allocated.Mapped;
        Add(Candidate.Relayed(
            relay.Socket.Component, relay.Path, allocated.Relayed, related, relay.Server, preference,
            _foundations.Of(CandidateType.Relayed, allocated.Relayed.Ip, Transport.Udp, relay.Server.Ip)));
        Consider(now);
    }

    /// <summary>There will be no relay, and why.</summary>
    public void Refused(Instant now, Relay relay, Fault fault)
    {
        Close(relay);
        _faults.Enqueue((relay.Server, fault));
        Consider(now);
    }

    public void Remove(Relay relay)
    {
        _relays.Remove(relay);
        relay.Client.Dispose();
    }

    private void Close(Relay relay)
    {
        foreach (var question in _questions)
            if (question.Relay == relay) question.IsOpen = false;
    }

    private void PlanRelays(int component)
    {
        for (var i = 0; i < _options.TurnServers.Count; i++)
        {
            var server = _options.TurnServers[i];
            var routed = _network.TryRoute(server.Address.Ip, out var local) ? local : default;
            var socket = _sockets.Where(s => s.Component == component && Reaches(s.Address.Ip, server.Address.Ip))
                .OrderByDescending(s => s.Address.Ip == routed).ThenBy(s => s.Rank).FirstOrDefault();
            if (socket is null) continue;
            var path = new PathId(-(_relays.Count + 1));
            var client = new TurnClient(
                new TurnOptions
                {
                    Server = server.Address,
                    Path = socket.Path,
                    Relay = path,
                    Username = server.User,
                    Password = server.Password,
                    Source = $"{_source}/turn",
                },
                _entropy,
                _trace);
            var relay = new Relay(path, socket, client, i, server.Address);
            _relays.Add(relay);
            var question = new Question(socket, server.Address, i, relay);
            _questions.Add(question);
            _unasked.Enqueue(question);
        }
    }
}
