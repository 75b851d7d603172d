using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>What a change of the network meant for SIP.</summary>
internal enum SipMove
{
    /// <summary>There is no network: the old sockets are kept, since they may work again when it comes back.</summary>
    Offline,

    /// <summary>The system sends from where it did.</summary>
    Stayed,

    /// <summary>Sockets at other addresses were opened.</summary>
    Moved,
}

/// <summary>
/// The sockets of SIP: for each address family that leads anywhere a UDP socket, a TCP stack and a TLS stack, or those of them that the profile asks for, at the address from which the system
/// sends to the first hop, so that a server of both is reached by whichever works (RFC 6157 §3.1). They move when that address changes.
/// </summary>
internal sealed class SipSockets(PhoneOptions options, INetwork network, SipAgent sip)
{
    /// <summary>How long old sockets are kept where their address still works: as long as a peer repeats its requests (64·T1).</summary>
    private static readonly TimeSpan RetireAfter = TimeSpan.FromSeconds(32);

    /// <summary>Nobody is there (RFC 5737, RFC 3849): the way to them is the one to anywhere.</summary>
    private static readonly IpAddress[] Anywhere = [IpAddress.Parse("192.0.2.1"), IpAddress.Parse("2001:db8::1")];

    private readonly Dictionary<PathId, Socket> _open = [];
    private readonly List<PathId> _retired = [];
    private List<IpAddress> _locals = [];
    private IReadOnlyList<IpAddress> _towards = [];

    /// <summary>The address by which the server is reached; not valid before it is known. Its interface is the first choice for media.</summary>
    public IpAddress Address { get; private set; }

    public bool Any => _open.Count > 0;

    /// <summary>Where others reach us, when an address or port was asked for.</summary>
    public IEnumerable<(Transport Transport, Address At)> Asked => !IsAsked ? [] : _open.Values.Where(s => s.Bound.Port != 0).Select(s => (s.Transport, s.Bound));

    /// <summary>When old sockets are closed.</summary>
    public Instant? NextTimeout { get; private set; }

    public bool Owns(PathId path) => _open.ContainsKey(path);

    /// <summary>Opens them.</summary>
    /// <param name="now">The time.</param>
    /// <param name="towards">Where SIP goes first, as DNS tells it; the family of the first address is the first choice.</param>
    /// <returns>What could not be opened where it was asked for; null when all is open, or nothing was asked.</returns>
    public Fault? Open(Instant now, IReadOnlyList<IpAddress> towards)
    {
        _towards = options.Towards is { } called && IpAddress.TryParse(called.Host, out var numeric) ? [.. towards, numeric] : towards;
        _locals = Locals();
        if (_locals.Count == 0) _locals = [IpAddress.LoopbackV4];
        Address = _locals[0];
        var missing = OpenAt(now, _locals[0]);
        foreach (var other in _locals.Skip(1)) OpenAt(now, other);
        return IsAsked ? missing : null;
    }

    private bool IsAsked => options.SipAddress is not null || options.SipPort != 0;

    /// <summary>A server was reached from this family.</summary>
    public void Use(bool isV4)
    {
        if (_locals.Find(local => local.IsV4 == isV4) is { IsValid: true } local) Address = local;
    }

    /// <summary>Follows the system to other addresses. All new sockets are there before an old one goes, so that what moves at once has the choice.</summary>
    public SipMove Move(Instant now)
    {
        var locals = Locals();
        if (locals.Count == 0 || (locals[0].IsLoopback && !Address.IsLoopback)) return SipMove.Offline;
        var gone = _locals.Except(locals).ToList();
        var come = locals.Except(_locals).ToList();
        if (gone.Count + come.Count == 0) return SipMove.Stayed;
        foreach (var path in _retired.ToArray()) Close(now, path, default);
        var old = _open.Values.Where(socket => gone.Contains(socket.Local)).ToList();
        foreach (var local in come)
        {
            OpenAt(now, local);
            if (!_open.Values.Any(socket => socket.Local == local)) locals.Remove(local);
        }

        if (locals.Count == 0) return SipMove.Stayed;
        _locals = locals;
        Address = locals.Find(local => local.IsV4 == Address.IsV4) is { IsValid: true } same ? same : locals[0];
        foreach (var socket in old)
        {
            if (network.Interfaces.Any(i => i.Address == socket.Local)) Retire(now, socket);
            else Close(now, socket.Path, _open.Values.FirstOrDefault(s => s.Transport == socket.Transport && s.Local.IsV4 == socket.Local.IsV4 && s.Local != socket.Local)?.Path ?? default);
        }

        return SipMove.Moved;
    }

    public void Advance(Instant now)
    {
        if (NextTimeout is not { } at || now < at) return;
        foreach (var path in _retired.ToArray())
            if (!sip.IsInUse(path)) Close(now, path, default);
        // A call that still rings by it has its answer come that way.
        NextTimeout = _retired.Count > 0 ? now + RetireAfter : null;
    }

    public void CloseAll()
    {
        foreach (var path in _open.Keys) network.Close(path);
        _open.Clear();
        _retired.Clear();
    }

    /// <summary>The address of each family from which the system sends towards the first hop, else anywhere; without any route the best that there is.</summary>
    private List<IpAddress> Locals()
    {
        if (options.SipAddress is { } asked) return [asked];
        var found = new List<IpAddress>();
        foreach (var remote in _towards) Find(remote);
        // Who calls itself is not to be reached from elsewhere for that.
        if (found.Count > 0 && found.TrueForAll(local => local.IsLoopback)) return found;
        foreach (var remote in Anywhere) Find(remote);
        if (found.Count > 0) return found;
        return [.. network.Interfaces.Select(i => i.Address).OrderBy(a => a.IsLoopback).ThenBy(a => a.IsLinkLocal).ThenBy(a => a.IsV6).Take(1)];

        void Find(IpAddress remote)
        {
            if (!found.Exists(local => local.IsV4 == remote.IsV4) && network.TryRoute(remote, out var local)) found.Add(local);
        }
    }

    private Fault? OpenAt(Instant now, IpAddress local)
    {
        Fault? missing = null;
        if (options.SipTransports is SipTransports.Udp or SipTransports.UdpAndTcp or SipTransports.Any) Open(Transport.Udp);
        if (options.SipTransports is SipTransports.Tcp or SipTransports.UdpAndTcp or SipTransports.Any) Open(Transport.Tcp);
        if (options.SipTransports is SipTransports.Tls or SipTransports.Any) Open(Transport.Tls);
        return missing;

        void Open(Transport transport)
        {
            var port = transport == Transport.Tls ? (ushort)0 : options.SipPort;
            if (!network.TryOpen(transport, local, port, out var path, out var bound, out var error))
            {
                missing ??= NotOpened(transport, new Address(local, port), error);
                return;
            }

            network.Defer(path);
            _open.Add(path, new Socket(path, transport, local, bound));
            sip.AddPath(path, transport, bound, now);
        }
    }

    private void Retire(Instant now, Socket socket)
    {
        _retired.Add(socket.Path);
        NextTimeout = now + RetireAfter;
        sip.RetirePath(now, socket.Path);
    }

    private void Close(Instant now, PathId path, PathId successor)
    {
        _open.Remove(path);
        _retired.Remove(path);
        sip.RemovePath(now, path, successor);
        network.Close(path);
    }

    private static Fault NotOpened(Transport transport, Address at, PathError error)
    {
        var name = transport.ToString().ToUpperInvariant();
        return error switch
        {
            PathError.InUse => new Fault(Layer.Transport, $"{name} {at} is in use by another program", "name another port, or end that program"),
            PathError.NotPermitted => new Fault(Layer.Transport, $"{name} {at} may not be used by this user", "name a port above 1023"),
            PathError.Exhausted => new Fault(Layer.Transport, $"{name} {at} cannot be opened: no descriptor is left", "raise the limit (ulimit -n, LimitNOFILE)"),
            _ => new Fault(Layer.Transport, $"{name} {at} cannot be opened: {at.Ip} is no address of this machine now", "name one of its addresses: softphone ice gather lists them"),
        };
    }

    private sealed record Socket(PathId Path, Transport Transport, IpAddress Local, Address Bound);
}
