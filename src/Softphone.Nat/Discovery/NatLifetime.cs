using System.Diagnostics.CodeAnalysis;
using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// Finds out how long a NAT or firewall keeps an idle UDP binding (RFC 5780 §4.6). A socket sends once and then keeps still; after a
/// while another one asks the server to answer to the first one's outer port (RESPONSE-PORT). If that arrives, the binding lived. A
/// binary search narrows the time, several sockets at once, so that it takes about twice the lifetime that is found. Gone is said only
/// after eight sendings over three and a half seconds, and not where as many plain requests got lost.
/// </summary>
public sealed partial class NatLifetime : IMachine<NatLifetime.Event>
{
    private const int EnoughSends = 8;
    private const int PointsPerRound = 7;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1500);

    /// <summary>The first guesses, in seconds: the timers that routers and kernels are known by.</summary>
    private static readonly int[] Usual = [5, 10, 20, 29, 45, 59, 90, 119, 150, 179, 240, 299, 450, 599, 900, 1200, 1800, 3600];

    private readonly INetwork _network;
    private readonly IEntropy _entropy;
    private readonly Address _server;
    private readonly TimeSpan _longest;
    private readonly TransmitQueue _queue = new(1 << 12);
    private readonly Queue<Event> _events = [];
    private readonly List<Point> _points = [];
    private readonly List<string> _evidence = [];
    private readonly Dictionary<TransactionId, (Point? Point, bool IsProbe)> _sent = [];
    private PathId _asking;
    private Address _askingMapped;
    private IpAddress _local;
    private int _controlsSent;
    private int _controlsAnswered;
    private TimeSpan _alive;
    private TimeSpan? _gone;
    private Instant _now;
    private bool _isOver;

    /// <param name="network">Opens the sockets.</param>
    /// <param name="entropy">For transaction ids.</param>
    /// <param name="server">The server's primary address; it must know RESPONSE-PORT.</param>
    /// <param name="longest">No longer lifetime is looked for.</param>
    public NatLifetime(INetwork network, IEntropy entropy, Address server, TimeSpan longest)
    {
        _network = network;
        _entropy = entropy;
        _server = server;
        _longest = longest;
    }

    private enum State
    {
        /// <summary>Its binding is being made.</summary>
        Opening,

        /// <summary>It keeps still.</summary>
        Idle,

        /// <summary>Answers to it are being asked for.</summary>
        Asked,
        Alive,
        Gone,

        /// <summary>Nothing can be said about this time.</summary>
        Void,
    }

    public Instant? NextTimeout
    {
        get
        {
            Instant? next = null;
            foreach (var point in _points) next = Instant.Earlier(next, point.Due);
            return next;
        }
    }

    /// <summary>Starts; false with the fault when no socket could be opened.</summary>
    public bool TryStart(Instant now, [NotNullWhen(false)] out Fault? fault)
    {
        fault = null;
        _now = now;
        if (_network.TryRoute(_server.Ip, out _local) && _network.TryOpen(Transport.Udp, _local, 0, out _asking, out _, out _))
        {
            Begin([.. Usual.Select(s => TimeSpan.FromSeconds(s)).Where(t => t < _longest), _longest]);
            return true;
        }

        fault = new Fault(Layer.Transport, $"no route to the STUN server {_server}", "check the network");
        return false;
    }

    public void Receive(in Datagram datagram)
    {
        _now = datagram.At;
        if (_isOver || datagram.Remote != _server || !StunReader.TryParse(datagram.Payload, out var message, out _)
            || !_sent.TryGetValue(message.TransactionId, out var sent)) return;
        if (message.Class == StunClass.Error)
        {
            message.TryGetErrorCode(out var code, out _);
            Complete(null, $"the server refused RESPONSE-PORT with {code}: the lifetime cannot be told; ask one that supports RFC 5780");
            return;
        }

        if (!message.TryGetAddress(StunAttributeType.XorMappedAddress, out var mapped)) return;
        if (sent.Point is not { } point)
        {
            if (_sent.Remove(message.TransactionId)) _controlsAnswered++;
            _askingMapped = mapped;
        }
        else if (datagram.Path == point.Socket)
        {
            if (!sent.IsProbe && point.State == State.Opening) Settle(point, mapped);
            else if (sent.IsProbe && point.State is State.Asked) Decide(point, State.Alive);
        }

        Judge();
    }

    /// <summary>An ICMP error is a hint only: the answers decide.</summary>
    public void Fail(in PathFailure failure)
    {
    }

    public void Advance(Instant now)
    {
        _now = now;
        if (_isOver) return;
        foreach (var point in _points)
            if (point.Due is { } due && due <= now) Turn(point);
        Judge();
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => _queue.TryDequeue(buffer, out transmit);

    public bool TryEvent([NotNullWhen(true)] out Event? happened) => _events.TryDequeue(out happened);

    /// <summary>Closes the sockets of the test.</summary>
    public void Close()
    {
        _isOver = true;
        Clear();
        _network.Close(_asking);
    }

    /// <summary>What happened.</summary>
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>A round begins: a lifetime between the two, which takes so long to narrow.</summary>
        /// <param name="Alive">So long a binding lives at least.</param>
        /// <param name="Gone">So long it does not; null when that is not known yet.</param>
        /// <param name="UpTo">How long the round may take.</param>
        public sealed record Progress(TimeSpan Alive, TimeSpan? Gone, TimeSpan UpTo) : Event;

        /// <summary>The search is over.</summary>
        /// <param name="Lifetime">How long an idle binding surely lives; null when it cannot be told.</param>
        /// <param name="Gone">How long it does not live; null when it outlived everything that was tried.</param>
        /// <param name="Evidence">A line for each thing tried.</param>
        public sealed record Completed(TimeSpan? Lifetime, TimeSpan? Gone, IReadOnlyList<string> Evidence) : Event;
    }

    /// <summary>One socket that keeps still for one time.</summary>
    private sealed class Point(TimeSpan wait, PathId socket)
    {
        public TimeSpan Wait { get; } = wait;

        public PathId Socket { get; } = socket;

        public State State { get; set; }

        public Address Mapped { get; set; }

        /// <summary>When its last packet left.</summary>
        public Instant LastSentAt { get; set; }

        public int Sends { get; set; }

        public Instant? Due { get; set; }

        public bool IsDecided => State is State.Alive or State.Gone or State.Void;
    }
}
