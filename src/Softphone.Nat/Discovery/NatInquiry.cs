using System.Diagnostics.CodeAnalysis;
using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// Asks servers how the NAT behaves, one after the other until one tells. A server that says nothing is silent, and shows no more than that: that UDP
/// is blocked follows only where a second server is silent too, or where a server that is silent by UDP answers by TCP. Whatever came back, be it a
/// refusal or ICMP, shows that UDP passes.
/// </summary>
public sealed class NatInquiry : IMachine<NatInquiry.Event>
{
    /// <summary>How long a server may take to answer by TCP, the connection in it.</summary>
    private static readonly TimeSpan StreamPatience = TimeSpan.FromSeconds(4);

    private readonly INetwork _network;
    private readonly IEntropy _entropy;
    private readonly IReadOnlyList<NatServer> _servers;
    private readonly List<Fault> _faults = [];
    private readonly List<string> _evidence = [];
    private readonly HashSet<string> _silent = [];
    private readonly Queue<Event> _events = [];
    private readonly TransmitQueue _queue = new(1 << 10);
    private NatDiscovery? _discovery;
    private StreamTrial? _trial;
    private Address _local;
    private int _next;
    private int _nextByTcp;
    private bool _isAnswered;

    /// <param name="network">Opens the sockets of the tests.</param>
    /// <param name="entropy">For transaction ids.</param>
    /// <param name="servers">Whom to ask, the first choice first.</param>
    public NatInquiry(INetwork network, IEntropy entropy, IReadOnlyList<NatServer> servers) => (_network, _entropy, _servers) = (network, entropy, servers);

    public Instant? NextTimeout => Instant.Earlier(_discovery?.NextTimeout, _trial?.GiveUpAt);

    public void Start(Instant now) => Continue(now);

    public void Receive(in Datagram datagram)
    {
        if (_trial is not { } trial)
        {
            _discovery?.Receive(datagram);
            Drain(datagram.At);
            return;
        }

        if (datagram.Path != trial.Path || datagram.Remote != trial.Server.At || !trial.Take(datagram.Payload)) return;
        _evidence.Add($"{trial.Server.At} answers by TCP and not by UDP");
        EndTrial();
        Block();
    }

    /// <summary>ICMP that says of a port that nobody listens there came from the server's own host: UDP got there and back.</summary>
    public void Fail(in PathFailure failure)
    {
        if (_trial is { } trial && failure.Path == trial.Path)
        {
            EndTrial();
            Continue(failure.At);
        }
        else if (_discovery is not null)
        {
            _discovery.Fail(failure);
            Drain(failure.At);
        }
    }

    public void Advance(Instant now)
    {
        if (_trial is { } trial && now >= trial.GiveUpAt)
        {
            EndTrial();
            Continue(now);
        }

        _discovery?.Advance(now);
        Drain(now);
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit) =>
        _queue.TryDequeue(buffer, out transmit) || _discovery?.TryTransmit(buffer, out transmit) == true;

    public bool TryEvent([NotNullWhen(true)] out Event? happened) => _events.TryDequeue(out happened);

    private void Drain(Instant now)
    {
        if (_discovery?.TryEvent(out var completed) != true) return;
        var server = _servers[_next - 1];
        var found = completed!.Behaviour;
        _discovery.Close();
        _discovery = null;
        if (found.Mapped.IsValid)
        {
            foreach (var fault in _faults) _events.Enqueue(new Event.Silent(fault));
            _events.Enqueue(new Event.Completed(found, server.At));
            return;
        }

        _local = found.Local;
        _evidence.AddRange(found.Evidence);
        _isAnswered |= found.IsAnswered;
        if (!found.IsAnswered) _silent.Add(server.Name);
        _faults.Add(new Fault(
            Layer.Transport,
            $"STUN server {server.At} {found.Answer ?? "does not answer"}",
            found.IsAnswered ? "check its address and port, or ask another server" : "check its address and port; whether UDP is blocked a second server tells (--stun, or nat.stun in the profile)"));
        Continue(now);
    }

    private void Continue(Instant now)
    {
        while (_next < _servers.Count)
        {
            var discovery = new NatDiscovery(_network, _entropy, _servers[_next++].At);
            if (discovery.TryStart(now, out var fault))
            {
                _discovery = discovery;
                return;
            }

            _faults.Add(fault);
        }

        if (!_isAnswered && _silent.Count > 1) Block();
        else if (_isAnswered || _silent.Count == 0 || !TryByTcp(now)) _events.Enqueue(new Event.Failed(_faults[0]));
    }

    private bool TryByTcp(Instant now)
    {
        while (_nextByTcp < _servers.Count)
        {
            var server = _servers[_nextByTcp++];
            if (!_network.TryRoute(server.At.Ip, out var local) || !_network.TryOpen(Transport.Tcp, local, 0, out var path, out _, out _)) continue;
            var id = TransactionId.Next(_entropy);
            _trial = new StreamTrial(server, path, id, now + StreamPatience);
            Span<byte> buffer = stackalloc byte[40];
            _queue.Enqueue(path, server.At, new StunWriter(buffer, StunClass.Request, StunMethod.Binding, id).Written);
            return true;
        }

        return false;
    }

    private void EndTrial()
    {
        _network.Close(_trial!.Path);
        _trial = null;
    }

    private void Block()
    {
        foreach (var fault in _faults) _events.Enqueue(new Event.Silent(fault));
        _events.Enqueue(new Event.Completed(new NatFinding(Dependence.Unknown, Dependence.Unknown, _local, default, _evidence), default));
    }

    /// <summary>What came of it: Completed or Failed ends it.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>A server that did not tell, where another did or the whole is the verdict.</summary>
        public sealed record Silent(Fault Fault) : Event;

        /// <summary>How the NAT behaves, and the server that told; not valid where UDP is blocked.</summary>
        public sealed record Completed(NatFinding Behaviour, Address Server) : Event;

        /// <summary>No server told, and nothing shows why.</summary>
        public sealed record Failed(Fault Fault) : Event;
    }

    /// <summary>A Binding request by TCP, of whose answer the head is enough.</summary>
    private sealed class StreamTrial(NatServer server, PathId path, TransactionId id, Instant giveUpAt)
    {
        private readonly List<byte> _head = [];

        public NatServer Server => server;

        public PathId Path => path;

        public Instant GiveUpAt => giveUpAt;

        /// <summary>True once the head of the answer is there: its class, and our transaction.</summary>
        public bool Take(ReadOnlySpan<byte> octets)
        {
            foreach (var octet in octets[..Math.Min(octets.Length, StunHeader.Length - _head.Count)]) _head.Add(octet);
            return _head.Count == StunHeader.Length && TransactionId.FromBytes(_head.ToArray().AsSpan(8)) == id;
        }
    }
}
