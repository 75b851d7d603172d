using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// Credentials that end are replaced in time (draft-uberti-behave-turn-rest §2.2): the next gathering asks for relays with the new ones
/// while those of the old ones still carry.
/// </summary>
internal sealed partial class Gatherer
{
    /// <summary>Relays live that were had with a credential that is replaced, and others have not been asked for yet.</summary>
    public bool HasOutdated
    {
        get
        {
            foreach (var relay in _relays)
                if (IsOutdated(relay)) return true;
            return false;
        }
    }

    /// <summary>Servers and credentials from the next gathering on.</summary>
    public void SetServers(IReadOnlyList<RelayServer> servers) => _servers = servers;

    private bool IsOutdated(Relay relay) =>
        relay is { IsAlive: true, IsRetired: false } && !_servers.Any(s => s.User == relay.Server.User && s.Password == relay.Server.Password);

    /// <summary>What was had with an old credential is offered no more, and no way that it opens is tried.</summary>
    private void Retire()
    {
        foreach (var relay in _relays)
        {
            if (!IsOutdated(relay)) continue;
            Withdraw(relay);
            relay.Race.Stop();
            relay.IsRetired = true;
        }
    }

    /// <summary>
    /// One socket has one allocation at a server (RFC 8656 §5): while another user's is there, it is asked by a port beside it, which the
    /// one before may have left.
    /// </summary>
    private MediaSocket Unused(Instant now, RelayServer server, MediaSocket socket)
    {
        if (!IsTaken(socket)) return socket;
        if (_sockets.Find(s => s.IsSpare && s.Component == socket.Component && s.Address.Ip == socket.Address.Ip && !IsTaken(s)) is { } left) return left;
        if (socket.OpenSpare(_network) is not { } spare) return socket;
        _sockets.Add(spare);
        if (_trace.IsOn) _trace.Emit(new GatherTrace.SocketOpened(now, _source, spare.Component, spare.Address));
        return spare;

        bool IsTaken(MediaSocket one) => _relays.Exists(r =>
            r.Wire == one.Path && !r.Client.IsOver && r.Client.Server == server.Address && r.Server.User != server.User);
    }
}
