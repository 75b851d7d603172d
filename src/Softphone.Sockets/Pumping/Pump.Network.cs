using System.Net.Sockets;

namespace Softphone.Sockets;

/// <summary>The sockets that the pump lends its machine. Called before the start, or from the pump thread.</summary>
public sealed partial class Pump
{
    private readonly Dictionary<PathId, UdpEndpoint> _udp = [];
    private readonly Dictionary<PathId, TcpStack> _tcp = [];
    private int _lastPath;

    public IReadOnlyList<LocalInterface> Interfaces => SystemInterfaces.List();

    public bool TryOpen(Transport transport, IpAddress local, ushort port, out PathId path, out Address bound, out PathError error, string? serverName = null)
    {
        Guard();
        path = PathId.None;
        bound = default;
        error = PathError.TlsFailed;
        if (transport == Transport.Tls && port != 0 && _options.Tls.Certificate is null) return false;
        var next = new PathId(_lastPath + 1);
        try
        {
            if (transport == Transport.Udp)
            {
                var endpoint = UdpEndpoint.Open(this, next, local, port, _options);
                _poller.Add(endpoint);
                _udp.Add(next, endpoint);
                bound = endpoint.Bound;
            }
            else
            {
                var stack = TcpStack.Open(this, next, local, port, _options, transport == Transport.Tls, serverName);
                _tcp.Add(next, stack);
                bound = stack.Bound;
            }
        }
        catch (SocketException e)
        {
            error = e.SocketErrorCode.ToPathError();
            return false;
        }

        path = next;
        _lastPath++;
        return true;
    }

    public void Defer(PathId path)
    {
        Guard();
        if (_udp.TryGetValue(path, out var endpoint)) endpoint.IsDeferred = true;
        if (_tcp.TryGetValue(path, out var stack)) stack.Defer();
    }

    public void Close(PathId path)
    {
        Guard();
        if (_udp.Remove(path, out var endpoint)) _poller.Remove(endpoint);
        if (_tcp.Remove(path, out var stack)) stack.Close();
    }

    public void Disconnect(PathId path, Address remote)
    {
        Guard();
        if (_tcp.TryGetValue(path, out var stack)) stack.Disconnect(remote);
    }

    public bool TryRoute(IpAddress remote, out IpAddress local) => SystemInterfaces.TryRoute(remote, out local);

    internal void Watch(Pollable item) => _poller.Add(item);

    internal void Unwatch(Pollable item)
    {
        _deadlines.Cancel(item);
        _poller.Remove(item);
    }

    internal void SetDeadline(Pollable item, TimeSpan after) => _deadlines.Set(item, Now + after);

    internal void CancelDeadline(Pollable item) => _deadlines.Cancel(item);

    private void Guard()
    {
        if (_thread is not null && !IsPumpThread)
            throw new InvalidOperationException("the sockets of a running pump belong to its thread: Post the call");
    }
}
