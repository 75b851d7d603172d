using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Servers;

/// <summary>
/// A TURN server (RFC 8656) for clients on UDP, TCP and TLS: long-term credentials with nonces that need no memory, allocations in two
/// families, port pairs and reservations, permissions, channels, quotas and rules about peers. Its relay sockets are opened through
/// the network it is lent, so it runs on a virtual host and on real sockets alike. Nothing is kept for a client before it has
/// authenticated.
/// </summary>
public sealed partial class TurnServer : IMachine
{
    private static readonly byte[] Algorithms = [0, 2, 0, 0, 0, 1, 0, 0];

    private readonly TurnServerOptions _options;
    private readonly INetwork _network;
    private readonly IEntropy _entropy;
    private readonly Trace _trace;
    private readonly string _name;
    private readonly TurnNonce _nonces;
    private readonly RefusalLimiter _refusals;
    private readonly Dictionary<string, TurnUser> _users;
    private readonly Dictionary<(PathId Path, Address Client), TurnAllocation> _allocations = [];
    private readonly Dictionary<PathId, TurnAllocation> _relays = [];
    private readonly Dictionary<ulong, (PathId Path, Address Bound)> _reservations = [];
    private readonly Dictionary<int, TurnAllocation> _byId = [];
    private readonly Dictionary<(PathId Path, Address Client), TurnFramer> _streams = [];
    private readonly TimerTable<(bool IsReservation, ulong Id)> _timers = new();
    private readonly TransmitQueue _out = new(1 << 14, 1 << 22);
    private byte[] _buffer = new byte[2048];
    private readonly List<PathId> _datagrams = [];
    private readonly List<PathId> _connections = [];
    private int _lastId;
    private Instant _now;

    public TurnServer(TurnServerOptions options, INetwork network, IEntropy entropy, Trace? trace = null, string name = "turn")
    {
        _options = options;
        _network = network;
        _entropy = entropy;
        _trace = trace ?? Trace.Off;
        _name = name;
        _nonces = new TurnNonce(entropy, options.NonceLifetime, options.OffersSha256);
        _refusals = new RefusalLimiter(options.RefusalsPerSecond);
        _users = options.Users.ToDictionary(u => u.Key, u => new TurnUser(u.Key, options.Realm, u.Value), StringComparer.Ordinal);
    }

    public Instant? NextTimeout => _timers.Next;

    /// <summary>Where clients reach it.</summary>
    public Address Address => _options.Address;

    /// <summary>Allocations that live now.</summary>
    public int Allocations => _byId.Count;

    /// <summary>Ports kept for the second half of a pair.</summary>
    public int Reservations => _reservations.Count;

    /// <summary>Allocations made since the start.</summary>
    public long TotalAllocations { get; private set; }

    /// <summary>Requests answered with an error, challenges included.</summary>
    public long Refused { get; private set; }

    /// <summary>Packets relayed, both directions.</summary>
    public long RelayedPackets { get; private set; }

    /// <summary>Octets of payload relayed, both directions.</summary>
    public long RelayedBytes { get; private set; }

    /// <summary>Packets dropped for want of a permission, a channel or an allocation, or because they were nonsense.</summary>
    public long DroppedPackets { get; private set; }

    /// <summary>What each user has used, whether it used anything or not.</summary>
    public IReadOnlyList<TurnUsage> Usage => [.. _users.Values.Concat(_guests.Values).Select(u => new TurnUsage(u.Name, u.Allocations, u.RelayedPackets, u.RelayedBytes))];

    /// <summary>Opens its sockets. With <paramref name="sharedUdp"/> and <paramref name="sharedOther"/> it takes over sockets that are open already.</summary>
    /// <param name="error">Why not.</param>
    /// <param name="sharedUdp">UDP on its address.</param>
    /// <param name="sharedOther">UDP on its address of the other family.</param>
    public bool TryStart(out PathError error, PathId sharedUdp = default, PathId sharedOther = default)
    {
        if (TryListen(_options.Address.Ip, sharedUdp, out error)
            && (!_options.OtherFamily.IsValid || TryListen(_options.OtherFamily, sharedOther, out error))) return true;
        CloseListeners();
        return false;
    }

    /// <summary>Ends every allocation and closes all sockets.</summary>
    public void Stop()
    {
        foreach (var allocation in _allocations.Values.ToList()) Release(allocation, "server stopped");
        foreach (var reserved in _reservations.Values) _network.Close(reserved.Path);
        _reservations.Clear();
        _streams.Clear();
        _timers.Clear();
        CloseListeners();
    }

    public void Receive(in Datagram datagram)
    {
        _now = datagram.At;
        if (_relays.TryGetValue(datagram.Path, out var allocation)) FromPeer(allocation, datagram.Remote, datagram.Payload);
        else if (IsStream(datagram.Path)) FromStream(datagram.Path, datagram.Remote, datagram.Payload);
        else FromClient(datagram.Path, datagram.Remote, datagram.Payload);
    }

    public void Fail(in PathFailure failure)
    {
        _now = failure.At;
        if (_relays.TryGetValue(failure.Path, out var allocation))
        {
            if (failure.Error == PathError.Refused) TellOfRefusal(allocation, failure.Remote);
        }
        else if (IsStream(failure.Path))
        {
            _streams.Remove((failure.Path, failure.Remote));
            if (_allocations.TryGetValue((failure.Path, failure.Remote), out allocation)) Release(allocation, "connection ended");
        }
    }

    public void Advance(Instant now)
    {
        _now = now;
        while (_timers.TryExpire(now, out var key))
        {
            if (!key.IsReservation) Release(_byId[(int)key.Id], "expired");
            else if (_reservations.Remove(key.Id, out var reserved)) _network.Close(reserved.Path);
        }
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => _out.TryDequeue(buffer, out transmit);

    private bool IsStream(PathId path) => _connections.Contains(path);

    private bool TryListen(IpAddress ip, PathId sharedUdp, out PathError error)
    {
        var udp = sharedUdp;
        error = default;
        if (udp == PathId.None && !_network.TryOpen(Transport.Udp, ip, _options.Address.Port, out udp, out _, out error)) return false;
        _datagrams.Add(udp);
        return (!_options.ListensOnTcp || TryListen(Transport.Tcp, ip, _options.Address.Port, out error))
            && (_options.TlsPort == 0 || TryListen(Transport.Tls, ip, _options.TlsPort, out error));
    }

    private bool TryListen(Transport transport, IpAddress ip, ushort port, out PathError error)
    {
        if (!_network.TryOpen(transport, ip, port, out var path, out _, out error)) return false;
        _connections.Add(path);
        return true;
    }

    private void CloseListeners()
    {
        foreach (var path in _datagrams.Concat(_connections)) _network.Close(path);
        _datagrams.Clear();
        _connections.Clear();
    }

    /// <summary>One whole message from a client: STUN or ChannelData.</summary>
    private void FromClient(PathId path, Address client, ReadOnlySpan<byte> message)
    {
        switch (Demultiplexer.Classify(message))
        {
            case PacketKind.Channel:
            case PacketKind.Unknown when _options.AcceptsOldChannels && message.Length > 0 && message[0] is >= 0x50 and <= 0x7F:
                FromChannel(path, client, message);
                break;
            case PacketKind.Stun when StunReader.TryParse(message, out var stun, out _) && (!stun.HasFingerprint || stun.VerifyFingerprint()):
                if (stun.Class == StunClass.Request) OnRequest(path, client, stun);
                else if (stun is { Class: StunClass.Indication, Method: StunMethod.Send }) OnSend(path, client, stun);
                break;
            default:
                DroppedPackets++;
                break;
        }
    }

    /// <summary>A stream is cut into messages by their lengths; what cannot be one ends the connection (RFC 8656 §12.5).</summary>
    private void FromStream(PathId path, Address client, ReadOnlySpan<byte> octets)
    {
        if (!_streams.TryGetValue((path, client), out var stream)) _streams[(path, client)] = stream = new TurnFramer(_options.AcceptsOldChannels);
        stream.Append(octets);
        while (stream.TryTake(out var message)) FromClient(path, client, message);
        if (!stream.IsBroken) return;
        DroppedPackets++;
        _streams.Remove((path, client));
        if (_allocations.TryGetValue((path, client), out var allocation)) Release(allocation, "nonsense on its connection");
        _out.EnqueueEnd(path, client);
    }

    private void Release(TurnAllocation allocation, string why)
    {
        foreach (var relay in allocation.Relays)
        {
            _relays.Remove(relay.Path);
            _network.Close(relay.Path);
        }

        _allocations.Remove((allocation.Path, allocation.Client));
        if (allocation.Next is { } next) _allocations.Remove(next);
        if (allocation.Ticket is { } ticket) _tickets.Remove(ticket);
        _byId.Remove(allocation.Id);
        _timers.Cancel((false, (ulong)allocation.Id));
        allocation.User.Allocations--;
        if (_trace.IsOn) _trace.Emit(new TurnServerTrace.Released(
            _now, _name, allocation.User.Name, allocation.Client, allocation.Relays[0].Bound, why, allocation.Packets, allocation.Bytes));
    }
}
