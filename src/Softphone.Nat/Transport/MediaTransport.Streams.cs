using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// Connections of TCP candidates (RFC 6544): a check of an active candidate opens one, the peer's opens the others. Checks and media on
/// them are framed (RFC 4571), and what came by a connection is answered by it.
/// </summary>
public sealed partial class MediaTransport
{
    /// <summary>Connections of one stream at most: whoever knows the port of a passive candidate can make one.</summary>
    private const int MostConnections = 64;

    /// <summary>Neither a check nor a packet of media is longer.</summary>
    private const int LongestSent = 2048;

    private readonly List<IceConnection> _connections = [];
    private byte[] _frame = [];

    /// <summary>The connection that still holds packets of what arrived last.</summary>
    private IceConnection? _taking;

    private bool TakeFrames(scoped in Datagram datagram, Candidate stream, out Datagram media)
    {
        media = default;
        var connection = ConnectionOf(datagram.Path, datagram.Remote);
        if (connection is null)
        {
            if (stream.TcpType != TcpType.Passive || !MakeRoom())
            {
                _network.Disconnect(datagram.Path, datagram.Remote);
                return false;
            }

            connection = new IceConnection(datagram.Path, datagram.Remote);
            _connections.Add(connection);
        }

        connection.Framer.Append(datagram.Payload);
        _taking = connection;
        return NextFrame(datagram.At, out media);
    }

    private bool NextFrame(Instant now, out Datagram media)
    {
        media = default;
        while (_taking is { IsOver: false } connection)
        {
            if (connection.Framer.TryTake(out var packet))
            {
                if (Take(new Datagram(now, connection.Path, connection.Remote, packet), out media)) return true;
                continue;
            }

            if (connection.Framer.IsBroken)
            {
                End(connection);
                FailAgents(new PathFailure(now, connection.Path, connection.Remote, PathError.Closed));
                Drain(now);
            }

            break;
        }

        _taking = null;
        return false;
    }

    /// <summary>Only a check of ours opens a connection, and only one of an active candidate: nothing is ever sent to where none is.</summary>
    private bool SendFrame(Candidate stream, Address remote, ReadOnlySpan<byte> packet)
    {
        if (ConnectionOf(stream.Path, remote) is null)
        {
            if (stream.TcpType != TcpType.Active || packet is not [0, 1, ..] || !MakeRoom()) return false;
            _connections.Add(new IceConnection(stream.Path, remote));
        }

        if (_frame.Length == 0) _frame = new byte[LongestSent + PacketFramer.Header];
        var length = PacketFramer.Write(packet, _frame);
        if (length == 0) return false;
        _queue.Enqueue(stream.Path, remote, _frame.AsSpan(0, length));
        return true;
    }

    private IceConnection? ConnectionOf(PathId path, Address remote)
    {
        foreach (var connection in _connections)
            if (connection.Path == path && connection.Remote == remote) return connection;
        return null;
    }

    /// <summary>Where there are too many, the oldest one by which no check has come goes.</summary>
    private bool MakeRoom()
    {
        if (_connections.Count < MostConnections) return true;
        var idle = _connections.Find(c => _agent?.HasPair(c.Path, c.Remote) != true && !_forks.Exists(f => f.Agent.HasPair(c.Path, c.Remote)));
        if (idle is null) return false;
        End(idle);
        return true;
    }

    private void End(IceConnection connection)
    {
        connection.IsOver = true;
        _connections.Remove(connection);
        _network.Disconnect(connection.Path, connection.Remote);
    }

    private void ConnectionFailed(in PathFailure failure)
    {
        if (ConnectionOf(failure.Path, failure.Remote) is not { } connection) return;
        connection.IsOver = true;
        _connections.Remove(connection);
    }

    /// <summary>Once media has its pairs, connections outside of them are ended.</summary>
    private void FreeConnections()
    {
        for (var i = _connections.Count - 1; i >= 0; i--)
        {
            var isUsed = false;
            for (var component = 1; component <= 2; component++)
                isUsed |= _agent!.TryPath(component, out var path, out var remote) && path == _connections[i].Path && remote == _connections[i].Remote;
            if (!isUsed) End(_connections[i]);
        }
    }
}
