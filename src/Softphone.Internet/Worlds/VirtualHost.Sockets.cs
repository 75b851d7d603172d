using Softphone.Core;

namespace Softphone.Internet;

/// <summary>The host's sockets, and datagrams.</summary>
public sealed partial class VirtualHost
{
    private const int FirstEphemeral = 49_152;

    private readonly Dictionary<int, Socket> _sockets = [];
    private readonly Dictionary<(bool Stream, Address Local), Socket> _bound = [];
    private int _lastPath;
    private int _lastStreamPort;

    /// <summary>Sockets open now.</summary>
    public int OpenSockets => _sockets.Count;

    public bool TryOpen(Transport transport, IpAddress local, ushort port, out PathId path, out Address bound, out PathError error, string? serverName = null)
    {
        path = default;
        bound = default;
        error = PathError.Unreachable;
        if (!local.IsUnspecified && !local.IsLoopback && !_plugs.ContainsKey(local)) return false;
        if (transport == Transport.Tls && port != 0 && CertificateNames.Count == 0)
        {
            error = PathError.TlsFailed;
            return false;
        }

        var stream = transport != Transport.Udp;
        if (port == 0 && !stream && !TryPickPort(stream: false, local, out port) || port != 0 && _bound.ContainsKey((stream, new Address(local, port))))
        {
            error = PathError.InUse;
            return false;
        }

        path = new PathId(++_lastPath);
        bound = new Address(local, port);
        var socket = new Socket(path, transport, bound, serverName, stream && port == 0 ? NextStreamPort(local) : (ushort)0);
        _sockets.Add(path.Value, socket);
        if (port != 0) _bound.Add((stream, bound), socket);
        error = default;
        return true;
    }

    public ushort ConnectsFrom(PathId path, Address remote) =>
        _sockets.TryGetValue(path.Value, out var socket) && socket.ConnectsFrom != 0 ? NextFrom(socket, remote) : (ushort)0;

    /// <summary>What a path is bound to, for whoever writes down what goes by it; false for one that is closed.</summary>
    public bool TryBound(PathId path, out Transport transport, out Address local)
    {
        var isOpen = _sockets.TryGetValue(path.Value, out var socket);
        (transport, local) = (socket?.Transport ?? default, socket?.Local ?? default);
        return isOpen;
    }

    public void Close(PathId path)
    {
        if (!_sockets.TryGetValue(path.Value, out var socket)) return;
        foreach (var end in _streams.Values.Where(s => s.Path == path).ToList()) Disconnect(path, end.Remote);
        _sockets.Remove(path.Value);
        _bound.Remove((socket.IsStream, socket.Local));
    }

    internal void Deliver(Packet packet)
    {
        if (IsSuspended)
        {
            MissAsleep(packet);
            return;
        }

        _world.Counters.Delivered++;
        if (packet.IsStream)
        {
            DeliverStream(packet);
            return;
        }

        if (SocketAt(stream: false, packet.Destination) is not { } socket)
        {
            Refuse(packet);
            return;
        }

        if (packet.Kind == WireKind.PortUnreachable)
        {
            var about = packet.Source;
            _world.Return(packet);
            Fail(socket.Path, about, PathError.Refused);
            return;
        }

        _machine?.Receive(new Datagram(_world.Now, socket.Path, packet.Source, packet.Payload));
        _world.Return(packet);
        Settle();
    }

    private void Send(in Transmit transmit, ReadOnlySpan<byte> payload)
    {
        var (path, remote) = (transmit.Path, transmit.Remote);
        if (!_sockets.TryGetValue(path.Value, out var socket)) return;
        if (socket.IsStream)
        {
            if (transmit.Use == StreamUse.End) Disconnect(path, remote);
            else SendStream(socket, remote, payload, transmit.Use);
            return;
        }

        var packet = _world.RentPacket();
        packet.Transport = Transport.Udp;
        packet.Kind = WireKind.Datagram;
        packet.Source = socket.Local;
        packet.Destination = remote;
        packet.SetPayload(payload);
        _world.Counters.Sent++;
        if (!TryEmit(packet)) FailSoon(path, remote, PathError.Unreachable);
    }

    /// <summary>Puts a packet on the wire; false, with the packet dropped, when this host has no way for it.</summary>
    private bool TryEmit(Packet packet)
    {
        var source = packet.Source.Ip;
        if (source.IsUnspecified && TryRoute(packet.Destination.Ip, out var local))
        {
            source = local;
            packet.Source = new Address(local, packet.Source.Port);
        }

        if (packet.Destination.Ip.IsLoopback || _plugs.ContainsKey(packet.Destination.Ip))
        {
            packet.At = _loopback;
            _world.PushLocal(packet);
            return true;
        }

        if (!_plugs.TryGetValue(source, out var plug) || packet.Destination.Ip.IsV4 != source.IsV4
            || !(plug.Segment.HasOnLink(packet.Destination.Ip) || plug.Segment.GatewayFor(packet.Destination.Ip) is not null))
        {
            _world.Drop(packet, DropReason.NoRoute, Name);
            return false;
        }

        _world.Cross(packet, plug);
        return true;
    }

    /// <summary>Nobody listens: ICMP port unreachable to the sender, as a common stack does. Never in answer to an ICMP error.</summary>
    private void Refuse(Packet packet)
    {
        if (packet.Kind == WireKind.Datagram)
        {
            var error = _world.RentPacket();
            error.Kind = WireKind.PortUnreachable;
            error.Transport = Transport.Udp;
            error.Source = packet.Destination;
            error.Destination = packet.Source;
            TryEmit(error);
        }

        _world.Drop(packet, DropReason.PortClosed, Name);
    }

    private Socket? SocketAt(bool stream, Address local)
    {
        if (_bound.TryGetValue((stream, local), out var socket)) return socket;
        return local.Ip.IsV4 && _bound.TryGetValue((stream, new Address(IpAddress.AnyV4, local.Port)), out socket) ? socket : null;
    }

    private bool TryPickPort(bool stream, IpAddress local, out ushort port)
    {
        for (var i = 0; i < 4096; i++)
        {
            port = (ushort)(FirstEphemeral + _entropy.NextInt(65_536 - FirstEphemeral));
            var address = new Address(local, port);
            if (!_bound.ContainsKey((stream, address)) && !(stream && _streamPorts.Contains(address))) return true;
        }

        port = 0;
        return false;
    }

    /// <summary>The next free one in order: a draw of chance here would change every call that is kept by its seed.</summary>
    private ushort NextStreamPort(IpAddress local)
    {
        for (var i = 0; i < 4096; i++)
        {
            var port = (ushort)(FirstEphemeral + (_lastStreamPort++ % (65_536 - FirstEphemeral)));
            var address = new Address(local, port);
            if (!_bound.ContainsKey((true, address)) && !_streamPorts.Contains(address) && !_sockets.Values.Any(s => (s.ConnectsFrom == port || s.Spare == port) && s.Local.Ip == local)) return port;
        }

        return 0;
    }

    /// <summary>Each port is used once for each remote, as the real stack has it.</summary>
    private ushort NextFrom(Socket socket, Address remote)
    {
        if (!socket.Met.TryGetValue(remote, out var last) || last != socket.ConnectsFrom) return socket.ConnectsFrom;
        return socket.Spare != 0 ? socket.Spare : socket.Spare = NextStreamPort(socket.Local.Ip);
    }

    private sealed class Socket(PathId path, Transport transport, Address local, string? serverName, ushort connectsFrom)
    {
        public PathId Path => path;

        public Transport Transport => transport;

        public Address Local => local;

        public string? ServerName => serverName;

        public bool IsStream => transport != Transport.Udp;

        /// <summary>The port that connections leave from to remotes that were not met from it; 0 for UDP, and for a stack that listens.</summary>
        public ushort ConnectsFrom { get; set; } = connectsFrom;

        /// <summary>The port after that; 0 while nobody has asked.</summary>
        public ushort Spare { get; set; }

        /// <summary>Remotes that a connection was opened to, and from which port last.</summary>
        public Dictionary<Address, ushort> Met { get; } = [];
    }
}
