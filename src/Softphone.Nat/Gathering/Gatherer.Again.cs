using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// Gathering once more, for an ICE restart (RFC 8445 §9) or because interfaces came or went: what still holds is kept, and the rest is
/// found anew.
/// </summary>
internal sealed partial class Gatherer
{
    private readonly Queue<PathId> _gone = [];
    private bool _isAgain;

    /// <summary>Takes a socket, or a relay that was spoken to by it, that is gone with its interface: nothing of it can be used any more.</summary>
    public bool TryGone(out PathId path) => _gone.TryDequeue(out path);

    /// <summary>
    /// Compares the interfaces with the sockets: those of an address that is gone are closed, new addresses get theirs. Every STUN server
    /// is asked again, and relays that were lost or freed are allocated again; those that live are kept. <see cref="IsReady"/> is false
    /// until that is done, as with the first gathering.
    /// </summary>
    public void Regather(Instant now)
    {
        if (!_isStarted) return;
        var interfaces = Interfaces();
        var up = _network.Interfaces;
        var gone = _sockets.FindAll(s =>
            !up.Any(i => i.Address == s.Address.Ip) || (s.Address.Ip.IsLoopback && !interfaces.Exists(i => i.Address == s.Address.Ip)));
        _sockets.RemoveAll(gone.Contains);
        foreach (var socket in _sockets) socket.MoveTo(RankOf(socket, interfaces));
        for (var rank = 0; rank < interfaces.Count; rank++)
            if (!_sockets.Exists(s => s.Address.Ip == interfaces[rank].Address)) Open(now, interfaces[rank].Address, rank);
        foreach (var socket in gone) Drop(now, socket);
        Rank();

        Retire();
        foreach (var over in _relays.Where(r => r is { IsAlive: false, IsClosing: false }).ToArray()) Remove(over);
        foreach (var id in _transactions.Running) _transactions.End(id);
        _found.RemoveAll(c => c.Path.IsRelay && Find(c.Path) is not { IsClosing: false, IsRetired: false });
        _unasked.Clear();
        _questions.RemoveAll(q => q.Relay is null || !_relays.Contains(q.Relay));
        foreach (var waiting in _questions.Where(q => q.IsOpen && q.Relay is { IsClosing: false, Client.IsStarted: false })) _unasked.Enqueue(waiting);
        _answered.Clear();
        _isExtended = false;
        _isAgain = true;
        IsReady = false;
        StopKeepAlive();
        if (_options.Mode != IceMode.None) Plan(now);
        PlanLooks();
        _timers.Set(Work.Ready, now + _options.GatherBudget);
        Pump(now);
        Consider(now);
    }

    /// <summary>
    /// A relayed path is lost and no other is found: relays that live are asked for once more, for a server that has restarted says 437, and what has not
    /// come is asked for anew, since a request is repeated ever more rarely.
    /// </summary>
    public void SeekRelay(Instant now)
    {
        foreach (var relay in _relays.ToArray())
        {
            if (relay.IsClosing || relay.Framer is not null) continue;
            if (relay.Client.IsAllocated) relay.Client.Verify(now);
            else Remove(relay);
        }

        if (!_relays.Exists(r => r.IsAlive)) Regather(now);
    }

    /// <summary>
    /// What speaks to a relay's server may have got another address from the NAT since: the relay is another client's then. Refresh does
    /// not always tell, for the NAT may have given one of our sockets the port that another one had, and the server takes it for that one.
    /// </summary>
    private void PlanLooks()
    {
        foreach (var relay in _relays)
        {
            var server = relay.Client.Server;
            if (relay.Framer is not null || !relay.Client.IsAllocated || _questions.Exists(q => q.Relay is null && q.Socket == relay.Socket && q.Server == server)) continue;
            var look = new Question(relay.Socket, server, 128 + relay.Rank, null) { IsLook = true };
            _questions.Add(look);
            _unasked.Enqueue(look);
        }
    }

    private void Compare(in Datagram answer, Address mapped)
    {
        foreach (var relay in _relays)
            if (relay.Framer is null && relay.Wire == answer.Path && relay.Client.Server == answer.Remote) relay.Client.Mapping(answer.At, mapped);
    }

    /// <summary>No candidate comes any more: every server has answered or was given up.</summary>
    public bool IsDone
    {
        get
        {
            // Asked after every input: nothing is allocated here.
            foreach (var question in _questions)
                if (question.IsOpen) return false;
            foreach (var relay in _relays)
                if (relay is { IsClosing: false, Promise: not null }) return false;
            return IsReady;
        }
    }

    /// <summary>True for a socket or a relay that may be used.</summary>
    public bool Holds(PathId path) => path.IsRelay ? Find(path) is { IsClosing: false, IsRetired: false } : _sockets.Exists(s => s.Path == path) || StreamAt(path) is not null;

    private void Drop(Instant now, MediaSocket socket)
    {
        foreach (var relay in _relays.Where(r => r.Socket == socket).ToArray())
        {
            var other = SocketsTo(relay.Client.Server).Find(s => s.Component == relay.Socket.Component);
            if (other is not null && relay.TryMove(now, other)) continue;
            _gone.Enqueue(relay.Path);
            Remove(relay);
        }

        if (_trace.IsOn) _trace.Emit(new GatherTrace.SocketGone(now, _source, socket.Component, socket.Address));
        _found.RemoveAll(c => c.Path == socket.Path || (c.Path.IsRelay && Find(c.Path) is null));
        DropStreams(socket);
        _network.Close(socket.Path);
        _gone.Enqueue(socket.Path);
    }

    /// <summary>
    /// The place of its interface among those that are up now, so that a better one that came later stands before it; sockets of an
    /// interface that would not be chosen any more come last, each with its own (RFC 8445 §5.1.2.1).
    /// </summary>
    private int RankOf(MediaSocket socket, List<LocalInterface> interfaces)
    {
        var place = interfaces.FindIndex(i => i.Address == socket.Address.Ip);
        return place >= 0 ? place : interfaces.Count + _sockets.FindIndex(s => s.Address.Ip == socket.Address.Ip);
    }

    /// <summary>What was found before stands where its socket stands now.</summary>
    private void Rank()
    {
        for (var i = 0; i < _found.Count; i++)
        {
            var candidate = _found[i];
            var relay = candidate.Path.IsRelay ? Find(candidate.Path) : null;
            if ((relay?.Socket ?? _sockets.Find(s => s.Path == candidate.Path)) is not { } socket) continue;
            _found[i] = MediaSocket.At(candidate, socket.Rank);
            if (relay?.Promise == candidate) relay.Promise = _found[i];
        }
    }
}
