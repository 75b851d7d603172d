using System.Net.Sockets;

namespace Softphone.Sockets;

/// <summary>
/// The connections of one TCP or TLS path: opened by the first message to a remote, or accepted when the path listens. The newest
/// connection of a remote is the one that is written to.
/// </summary>
internal sealed class TcpStack
{
    private const int MostMet = 64;

    private readonly Pump _pump;
    private readonly PathId _path;
    private readonly IpAddress _local;
    private readonly PumpOptions _options;
    private readonly bool _isTls;
    private readonly string? _serverName;
    private readonly Dictionary<Address, TcpConnection> _connections = [];
    private readonly List<Guest> _guests = [];
    private readonly GuestList _list;
    private readonly Queue<TcpConnection> _finishing = [];

    /// <summary>The port that the last connection to each remote was to leave from.</summary>
    private readonly Dictionary<Address, ushort> _met = [];
    private ushort _from;
    private ushort _spare;
    private TcpAcceptor? _acceptor;
    private bool _isDeferred;

    private TcpStack(Pump pump, PathId path, IpAddress local, PumpOptions options, bool isTls, string? serverName)
    {
        _pump = pump;
        _path = path;
        _local = local;
        _options = options;
        _isTls = isTls;
        _serverName = serverName;
        _list = new GuestList(options.ConnectionBound, options.ConnectionShare);
    }

    /// <summary>Where it listens; port 0 when it does not.</summary>
    public Address Bound { get; private set; }

    public static TcpStack Open(Pump pump, PathId path, IpAddress local, ushort port, PumpOptions options, bool isTls, string? serverName)
    {
        var stack = new TcpStack(pump, path, local, options, isTls, serverName) { Bound = new Address(local, 0) };
        if (port == 0)
        {
            // Learn now, and not at the first call, that this address is not ours; and the port that the first request is to name.
            using var first = stack.NewSocket(from: 0);
            stack._from = first.LocalEndPoint!.ToAddress().Port;
            return stack;
        }

        stack._acceptor = TcpAcceptor.Open(pump, stack, new Address(local, port));
        stack.Bound = new Address(local, port);
        pump.Watch(stack._acceptor);
        return stack;
    }

    /// <summary>
    /// The port that the next connection to a remote leaves from, as long as that is free; 0 where it is any. Each is used once for each remote: a
    /// second connection between the same ends, whose first one died unheard, is at odds with what NATs and the other end remember of it.
    /// </summary>
    public ushort ConnectsFrom(in Address remote)
    {
        if (!_met.TryGetValue(remote, out var last)) return _met.Count < MostMet ? _from : (ushort)0;
        if (last != _from) return _from;
        return _spare != 0 ? _spare : _spare = FreePort();
    }

    public void Send(ReadOnlySpan<byte> payload, in Address remote, StreamUse use)
    {
        if (use == StreamUse.End)
        {
            Disconnect(remote);
            return;
        }

        if (!_connections.TryGetValue(remote, out var connection))
        {
            connection = use == StreamUse.Existing ? null : Connect(remote, use == StreamUse.OpenSmall);
            if (connection is null) return;
        }

        connection.Send(payload);
    }

    /// <summary>Whether the connection to a remote came about and says nothing more.</summary>
    public bool IsStuck(in Address remote) => _connections.TryGetValue(remote, out var connection) && connection.IsStuck;

    public void Disconnect(in Address remote)
    {
        if (!_connections.Remove(remote, out var connection)) return;
        connection.Finish();
        if (connection.IsClosed) return;
        // A peer that sends what must be refused, over and over, leaves a socket each time that waits for its end.
        _finishing.Enqueue(connection);
        while (_finishing.TryPeek(out var oldest) && (oldest.IsClosed || _finishing.Count > _options.ConnectionShare)) _finishing.Dequeue().Leave();
    }

    /// <summary>From now on the listener and every connection are served after what is not deferred.</summary>
    public void Defer()
    {
        _isDeferred = true;
        if (_acceptor is not null) _acceptor.IsDeferred = true;
        foreach (var connection in _connections.Values) connection.IsDeferred = true;
    }

    public void Close()
    {
        if (_acceptor is not null) _pump.Unwatch(_acceptor);
        foreach (var connection in _connections.Values) connection.Finish();
        _connections.Clear();
    }

    public void Accepted(Socket socket)
    {
        if (_pump.IsBeyondStrangers(socket))
        {
            socket.Dispose();
            return;
        }

        _guests.Clear();
        foreach (var connection in _connections.Values)
            if (connection.IsGuest) _guests.Add(connection.AsGuest);
        var remote = socket.RemoteEndPoint.ToAddress();
        if (!_list.TryAdmit(_guests, remote.Ip, out var leaver))
        {
            socket.Dispose();
            return;
        }

        if (leaver is { Remote: var gone }) _connections[gone].Leave();
        socket.Blocking = false;
        socket.NoDelay = true;
        UnackedLimit.Set(socket, _options.UnackedLimit);
        Add(NewConnection(socket, remote, isConnected: true, isServer: true));
    }

    /// <summary>The connection is gone. Only that of the newest one is news to the machine.</summary>
    public void Lost(TcpConnection connection, PathError error, Fault? why)
    {
        if (!_connections.TryGetValue(connection.Remote, out var current) || current != connection) return;
        _connections.Remove(connection.Remote);
        _pump.Report(_path, connection.Remote, error, why);
    }

    private TcpConnection? Connect(in Address remote, bool isSmall)
    {
        if (_connections.Values.Count(c => !c.IsGuest) >= _options.ConnectionBound || remote.Ip.IsV6 != _local.IsV6 || remote.Port == 0)
        {
            _pump.Report(_path, remote, PathError.Unreachable);
            return null;
        }

        try
        {
            return Connect(remote, TakePort(remote), isSmall);
        }
        catch (SocketException e)
        {
            _pump.Report(_path, remote, e.SocketErrorCode.ToPathError());
            return null;
        }
    }

    private ushort TakePort(in Address remote)
    {
        var port = ConnectsFrom(remote);
        if (port == 0) return 0;
        if (port != _from) (_from, _spare) = (port, 0);
        return _met[remote] = port;
    }

    /// <summary>One that nobody has now; 0 where the system gives none.</summary>
    private ushort FreePort()
    {
        try
        {
            using var probe = NewSocket(from: 0);
            return probe.LocalEndPoint!.ToAddress().Port is var port && port != _from ? port : (ushort)0;
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    private TcpConnection Connect(in Address remote, ushort from, bool isSmall)
    {
        Socket? socket = null;
        try
        {
            socket = NewSocket(from);
            socket.NoDelay = true;
            if (isSmall) SegmentLimit.Set(socket, _local.IsV4);
            var connected = TryConnect(socket, remote);
            var connection = NewConnection(socket, remote, connected, isServer: false);
            Add(connection);
            return connection;
        }
        catch (SocketException e) when (from != 0 && e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AddressNotAvailable)
        {
            // Another program has it now.
            socket?.Dispose();
            return Connect(remote, from: 0, isSmall);
        }
        catch
        {
            socket?.Dispose();
            throw;
        }
    }

    private static bool TryConnect(Socket socket, in Address remote)
    {
        try
        {
            socket.Connect(remote.ToEndPoint());
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode.IsPassing())
        {
            return false;
        }
    }

    private TcpConnection NewConnection(Socket socket, in Address remote, bool isConnected, bool isServer) => _isTls
        ? new TlsConnection(_pump, this, _path, socket, remote, _options, isConnected, isServer ? null : NameOf(remote), _serverName is not null)
        : new TcpConnection(_pump, this, _path, socket, remote, _options, isConnected, isServer);

    /// <summary>Who the certificate must be of: the name of the path, or else the domain that led to this address, or the address itself.</summary>
    private string NameOf(in Address remote) => _serverName ?? _options.Tls.ServerName(_path, remote) ?? remote.Ip.ToString();

    private Socket NewSocket(ushort from)
    {
        var socket = new Socket(SocketAddresses.FamilyOf(_local), SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Blocking = false;
            UnackedLimit.Set(socket, _options.UnackedLimit);
            if (_pump.IsBeyond(socket)) throw new SocketException((int)SocketError.TooManyOpenSockets);
            if (from != 0) socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new Address(_local, from).ToEndPoint());
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Add(TcpConnection connection)
    {
        connection.IsDeferred = _isDeferred;
        _connections[connection.Remote] = connection;
        _pump.Watch(connection);
        connection.Begin();
    }
}
