using System.Net.Sockets;

namespace Softphone.Sockets;

/// <summary>The sockets that the pump lends its machine. Called before the start, or from the pump thread.</summary>
public sealed partial class Pump
{
    private readonly Dictionary<PathId, UdpEndpoint> _udp = [];
    private readonly Dictionary<PathId, TcpStack> _tcp = [];
    private readonly Descriptors _descriptors = new();
    private readonly HashSet<string> _missing = [];
    private IReadOnlyList<LocalInterface> _interfaces = [];
    private Instant? _listedAt;
    private int _lastPath;

    /// <summary>Asked anew when the last answer is older than this: a flood of calls must not read the system's tables for each.</summary>
    private static readonly TimeSpan ListEvery = TimeSpan.FromMilliseconds(50);

    public IReadOnlyList<LocalInterface> Interfaces
    {
        get
        {
            if (_listedAt is { } at && Now - at < ListEvery) return _interfaces;
            _listedAt = Now;
            if (SystemInterfaces.TryList(out _interfaces, out var fault)) Has("interfaces");
            else Misses("interfaces", fault);
            return _interfaces;
        }
    }

    public bool IsScarce
    {
        get
        {
            var isScarce = _descriptors.IsScarce(Now);
            if (isScarce) Misses("addresses", Thrift());
            else Has("addresses");
            return isScarce;
        }
    }

    public bool IsSpent
    {
        get
        {
            var isSpent = _descriptors.IsSpent(Now);
            if (isSpent) Misses("descriptors", Scarcity());
            else Has("descriptors");
            return isSpent;
        }
    }

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
                if (_descriptors.IsBeyond(endpoint.Socket))
                {
                    endpoint.Dispose();
                    return Refuse(out error);
                }

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
            if (error == PathError.Exhausted) Misses("descriptors", Scarcity());
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

    public ushort ConnectsFrom(PathId path, Address remote) => _tcp.TryGetValue(path, out var stack) ? stack.ConnectsFrom(remote) : (ushort)0;

    public bool IsStuck(PathId path, Address remote) => _tcp.TryGetValue(path, out var stack) && stack.IsStuck(remote);

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

    internal bool IsBeyond(Socket socket) => _descriptors.IsBeyond(socket);

    internal bool IsBeyondStrangers(Socket socket) => _descriptors.IsBeyondStrangers(socket);

    private bool Refuse(out PathError error)
    {
        error = PathError.Exhausted;
        Misses("descriptors", Scarcity());
        return false;
    }

    private Fault Scarcity() => new(
        Layer.Transport, $"new calls are refused: this process may have {_descriptors.Limit} files open, and the last of them are kept for the calls that are up", "raise the limit (ulimit -n, LimitNOFILE)");

    private Fault Thrift() => new(
        Layer.Transport, $"this process may have {_descriptors.Limit} files open and few are left: a new call uses one or two addresses of this machine and not all", "raise the limit (ulimit -n, LimitNOFILE)");

    private void Misses(string what, Fault fault)
    {
        if (_missing.Add(what)) _options.Told?.Invoke(fault);
    }

    private void Has(string what) => _missing.Remove(what);

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
