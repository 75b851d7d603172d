using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// Allocations: one for each component and TURN server, from the interface that routes to the server; those of RTP and RTCP on
/// neighbouring ports where the server can (RFC 8656 §3.8).
/// </summary>
internal sealed partial class Gatherer
{
    /// <summary>Local ports that a server is asked from while it says that it remembers the last one (RFC 8656 §7.4).</summary>
    private const int MostPorts = 3;
    private int _lastRelay;

    /// <summary>The relay that has this path; null when it is gone.</summary>
    public Relay? Find(PathId path)
    {
        foreach (var relay in _relays)
            if (relay.Path == path) return relay;
        return null;
    }

    /// <summary>The relay whose stream this is; null when the path is none.</summary>
    public Relay? StreamOf(PathId path)
    {
        foreach (var relay in _relays)
            if (relay.Wire == path && relay.Framer is not null) return relay;
        return null;
    }

    /// <summary>An allocation is there: a relayed candidate, and for free what its server saw of us (RFC 8445 §5.1.1.2).</summary>
    public void Allocated(Instant now, Relay relay, TurnEvent.Allocated allocated)
    {
        Close(relay);
        Withdraw(relay);

        // What a server sees of a stream is no address for datagrams.
        if (allocated.Mapped.IsValid && relay.Framer is null) AddReflexive(relay.Socket, allocated.Mapped, relay.Server.Address, 128 + relay.Rank);
        Add(RelayedOf(relay, allocated.Relayed, allocated.Mapped));
        if (relay.Pair?.HasFallenBack == true) _options.Memory.NoPairs(relay.Server);
        else if (allocated.Reservation is not null) Promise(relay, allocated.Relayed);
        Won(now, relay);
        Consider(now);
    }

    /// <summary>There will be no relay of this client: why, and whether another port may have one.</summary>
    public void Refused(Instant now, Relay relay, TurnEvent.AllocationFailed failed)
    {
        if (failed.Advice == TurnAdvice.NewPort && TryAgain(now, relay, relay.Reservation)) return;

        // The server keeps the port of a pair no longer: any other one will do.
        if (failed.Advice == TurnAdvice.AnyPort && relay.Reservation is not null && TryAgain(now, relay, null)) return;
        if (failed.Advice == TurnAdvice.RetryLater) _options.Memory.Rest(now, relay.Server);

        // Who is refused by name or for lack of room is refused by every way.
        if (failed.Advice is TurnAdvice.None or TurnAdvice.RetryLater) relay.Race.Stop();
        Lost(now, relay, failed.Fault);
    }

    /// <summary>A relay is gone, or never came.</summary>
    public void Lost(Instant now, Relay relay, Fault fault)
    {
        Close(relay);
        relay.IsLost = true;
        relay.Promise = null;
        _found.RemoveAll(c => c.Path == relay.Path);
        if (relay.Framer is not null) _network.Close(relay.Wire);
        Missed(now, relay.Race, relay.Server.Address, fault);
        Consider(now);
    }

    public void Remove(Relay relay)
    {
        _relays.Remove(relay);
        ForgetQuestionsOf(relay);
        relay.Client.Dispose();
        if (relay.Framer is not null) _network.Close(relay.Wire);
    }

    /// <summary>
    /// Once the agent has concluded nobody looks at what was asked: a relay that was given back must not be kept by its question. Running
    /// transactions know questions by their places.
    /// </summary>
    private void ForgetQuestionsOf(Relay relay)
    {
        if (IsReady && !_keepsAlive && _transactions.Count == 0) _questions.RemoveAll(q => q.Relay == relay && !q.IsOpen);
    }

    private void Close(Relay relay)
    {
        foreach (var question in _questions)
            if (question.Relay == relay) question.IsOpen = false;
    }

    /// <summary>
    /// The server keeps the next port for RTCP (RFC 8656 §7.2), so its candidate is known a round trip before the allocation is: the
    /// description need not wait for it. The agent gets it when it is there.
    /// </summary>
    private void Promise(Relay first, Address relayed)
    {
        var second = _relays.Find(r => r.Pair == first.Pair && r != first);
        if (second is null || second.Client.IsAllocated || relayed.Port == ushort.MaxValue) return;
        var mapped = _found.Find(c => c.Type == CandidateType.ServerReflexive && c.Path == second.Socket.Path)?.Address ?? second.Socket.Address;
        second.Promise = RelayedOf(second, relayed with { Port = (ushort)(relayed.Port + 1) }, mapped);
        _found.Add(second.Promise);
        Close(second);
    }

    private void Withdraw(Relay relay)
    {
        if (relay.Promise is null) return;
        _found.Remove(relay.Promise);
        relay.Promise = null;
    }

    /// <summary>Who wants to be reached by relay only does not tell the address behind it (RFC 8839 §5.1 allows any, RFC 8828 mode 4).</summary>
    private Candidate RelayedOf(Relay relay, Address relayed, Address mapped) => Candidate.Relayed(
        relay.Socket.Component,
        relay.Path,
        relayed,
        _options.Mode == IceMode.RelayOnly ? new Address(IpAddress.AnyV4, 9) : mapped,
        relay.Server.Address,
        MediaSocket.Preference(relay.Socket.Rank, relay.Rank),
        _foundations.Of(CandidateType.Relayed, relayed.Ip, relay.Server.Transport, relay.Server.Address.Ip)) with
    { RelayedBy = relay.Server.Transport };

    /// <summary>Asks once more from another port, or by another connection; the second half of a pair comes with its token again.</summary>
    private bool TryAgain(Instant now, Relay relay, ulong? reservation)
    {
        if (relay.IsClosing || relay.Tries + 1 >= MostPorts) return false;
        var socket = relay.Socket;
        if (relay.Framer is null)
        {
            if (relay.Socket.OpenSpare(_network) is not { } spare) return false;
            _sockets.Add(spare);
            if (_trace.IsOn) _trace.Emit(new GatherTrace.SocketOpened(now, _source, spare.Component, spare.Address));
            socket = spare;
        }

        if (OptionsOf(relay.Server, socket) is not { } options) return false;
        Close(relay);
        Withdraw(relay);
        Remove(relay);
        var client = new TurnClient(options with { Reservation = reservation }, _entropy, _trace);
        client.TakeChallengeOf(relay.Client);
        AskFor(new Relay(options, socket, client, relay.Rank, relay.Server) { Race = relay.Race, Tries = relay.Tries + 1, Reservation = reservation });
        Pump(now);
        return true;
    }

    private PathId NextRelay() => new(-++_lastRelay);

    /// <summary>The sockets of each component on the interface that routes to a server, or else on the best one that may.</summary>
    private List<MediaSocket> SocketsTo(Address server)
    {
        var routed = _network.TryRoute(server.Ip, out var local) ? local : default;
        return
        [
            .. _sockets.Where(s => !s.IsSpare && Reaches(s.Address.Ip, server.Ip))
                .OrderByDescending(s => s.Address.Ip == routed).ThenBy(s => s.Rank)
                .DistinctBy(s => s.Component).OrderBy(s => s.Component),
        ];
    }

    /// <summary>What to ask of a server, by the socket or by a new stream beside it; null when no stream could be opened.</summary>
    private TurnOptions? OptionsOf(RelayServer server, MediaSocket socket)
    {
        var wire = socket.Path;
        if (server.Transport != Transport.Udp)
        {
            // Without a name the certificate must show the address: what the shell knows of SIP's domain is not for this server.
            var name = server.Transport == Transport.Tls ? server.Host ?? server.Address.Ip.ToString() : null;
            if (!_network.TryOpen(server.Transport, socket.Address.Ip, 0, out wire, out _, out _, name)) return null;
        }

        return new TurnOptions
        {
            Server = server.Address,
            Path = wire,
            Transport = server.Transport,
            Relay = NextRelay(),
            Username = server.User,
            Password = server.Password,
            Mobility = _options.Mobility && server.Transport == Transport.Udp,
            Source = $"{_source}/turn",
        };
    }

    private void AskFor(Relay relay)
    {
        _relays.Add(relay);
        var question = new Question(relay.Socket, relay.Server.Address, relay.Rank, relay);
        _questions.Add(question);
        _unasked.Enqueue(question);
    }
}
