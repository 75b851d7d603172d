using System.Diagnostics.CodeAnalysis;
using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// Finds out how the NAT in front of us behaves by asking a STUN server with two addresses (RFC 5780 §4; the classic names of
/// RFC 3489 §10.1 follow from it). Filtering and mapping are tested from different sockets, so that no packet of one test opens the
/// filter of the other. Every half second each open test is sent again, as a transaction of its own, and beside it a request that must
/// be answered: what is lost of those says how much silence is worth. Where packets get lost, silence is waited for longer; where so many
/// do that it proves nothing, the verdict is unknown.
/// </summary>
public sealed partial class NatDiscovery : IMachine<NatDiscovery.Completed>
{
    // RFC 5780 §7.2.
    private const uint ChangeIp = 4;
    private const uint ChangePort = 2;

    /// <summary>Sendings of a test that stays silent, when nothing else was lost; and when something was.</summary>
    private const int EnoughSends = 8;
    private const int MostSends = 20;

    /// <summary>More than a path usually carries in one piece.</summary>
    private const int PaddingLength = 1500;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>How long an answer may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1500);

    private static readonly byte[] Zeros = new byte[PaddingLength];
    private static readonly Test[] Tests = Enum.GetValues<Test>();

    private readonly INetwork _network;
    private readonly IEntropy _entropy;
    private readonly Address _server;
    private readonly TransmitQueue _queue = new(1 << 12);
    private readonly Dictionary<TransactionId, (Test Test, Instant At)> _sent = [];
    private readonly Outcome[] _outcomes = new Outcome[Tests.Length];
    private PathId _filterSocket;
    private PathId _mappingSocket;
    private PathId _hairpinSocket;
    private Address _local;
    private Address _other;
    private bool? _rewrites;
    private string _rewritten = "";
    private bool _ignoresChange;
    private bool _isRefused;
    private int _unread;
    private int _controlsSent;
    private int _controlsAnswered;
    private bool _isOver;
    private Instant _now;
    private Instant? _next;
    private Completed? _completed;

    /// <param name="network">Opens the three sockets of the test.</param>
    /// <param name="entropy">For transaction ids.</param>
    /// <param name="server">The server's primary address.</param>
    public NatDiscovery(INetwork network, IEntropy entropy, Address server)
    {
        _network = network;
        _entropy = entropy;
        _server = server;
    }

    private enum Test
    {
        /// <summary>The plain request of the filtering socket; goes on as the control while another test is open.</summary>
        Filter,
        FilterFromOther,
        FilterFromOtherPort,
        Mapping,
        MappingOther,
        MappingOtherPort,

        /// <summary>The plain request of the hairpin socket, for its own outer address.</summary>
        HairpinSelf,

        /// <summary>From the hairpin socket to the mapping socket's outer address, and back: each opens the filter for the other.</summary>
        Hairpin,
        HairpinBack,
        Fragments,
    }

    private enum Step
    {
        NotRun,
        Open,
        Answered,
        Silent,
        Refused,
    }

    public Instant? NextTimeout => _next;

    private bool HasSecond => _other.IsValid && _other.Ip != _server.Ip;

    /// <summary>Starts; false with the fault when no socket could be opened.</summary>
    public bool TryStart(Instant now, [NotNullWhen(false)] out Fault? fault)
    {
        fault = null;
        if (_network.TryRoute(_server.Ip, out var local)
            && _network.TryOpen(Transport.Udp, local, 0, out _filterSocket, out _, out _)
            && _network.TryOpen(Transport.Udp, local, 0, out _mappingSocket, out _local, out _)
            && _network.TryOpen(Transport.Udp, local, 0, out _hairpinSocket, out _, out _))
        {
            Open(now, Test.Filter, _filterSocket, _server);
            Open(now, Test.Mapping, _mappingSocket, _server);
            Open(now, Test.HairpinSelf, _hairpinSocket, _server);
            _next = now + Interval;
            return true;
        }

        fault = new Fault(Layer.Transport, $"no route to the STUN server {_server}", "check the network");
        return false;
    }

    public void Receive(in Datagram datagram)
    {
        _now = datagram.At;
        if (_isOver) return;
        (Test Test, Instant At) sent = default;
        var isKnown = StunReader.TryParse(datagram.Payload, out var message, out _) && _sent.TryGetValue(message.TransactionId, out sent);
        if (datagram.Remote == _server && (!isKnown || message.Class == StunClass.Request)) _unread++;
        if (!isKnown) return;
        if (message.Class == StunClass.Request) TakeHairpin(datagram, sent.Test);
        else if (message.Class is StunClass.Success or StunClass.Error && datagram.Path == _outcomes[(int)sent.Test].Socket) Take(datagram, sent.Test, message);
        Finish();
    }

    /// <summary>An ICMP error is a hint only: the answers decide. Where none comes it shows that UDP passes.</summary>
    public void Fail(in PathFailure failure) => _isRefused |= failure.Error == PathError.Refused && failure.Remote == _server;

    public void Advance(Instant now)
    {
        if (_isOver || _next is not { } due || now < due) return;
        _now = now;
        _next = now + Interval;
        var waits = false;
        foreach (var test in Tests)
        {
            ref var outcome = ref _outcomes[(int)test];
            if (outcome.Step != Step.Open) continue;
            if (outcome.Sends < Needed) Send(now, test);
            else if (now - outcome.LastSentAt >= Patience) outcome.Step = Step.Silent;
            waits |= outcome.Step == Step.Open && outcome.Sends < Needed;
        }

        // The control goes on beside the others until there are as many of it.
        if (waits && _outcomes[(int)Test.Filter].Step == Step.Answered && _controlsSent < MostSends) Send(now, Test.Filter);
        Finish();
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => _queue.TryDequeue(buffer, out transmit);

    public bool TryEvent([NotNullWhen(true)] out Completed? happened)
    {
        happened = _completed;
        _completed = null;
        return happened is not null;
    }

    /// <summary>Closes the sockets of the test.</summary>
    public void Close()
    {
        _isOver = true;
        _next = null;
        foreach (var socket in (ReadOnlySpan<PathId>)[_filterSocket, _mappingSocket, _hairpinSocket]) _network.Close(socket);
    }

    private void Open(Instant now, Test test, PathId socket, Address to)
    {
        ref var outcome = ref _outcomes[(int)test];
        if (outcome.Step != Step.NotRun) return;
        outcome = new Outcome { Step = Step.Open, Socket = socket, To = to, FirstSentAt = now };
        Send(now, test);
    }

    private void Send(Instant now, Test test)
    {
        ref var outcome = ref _outcomes[(int)test];
        var id = TransactionId.Next(_entropy);
        Span<byte> buffer = stackalloc byte[PaddingLength + 128];
        var request = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, id);
        var change = test == Test.FilterFromOther ? ChangeIp | ChangePort : test == Test.FilterFromOtherPort ? ChangePort : 0;
        if (change != 0) request.AddUInt32(StunAttributeType.ChangeRequest, change);
        if (test == Test.Fragments) request.Add(StunAttributeType.Padding, Zeros);
        request.AddFingerprint();
        if (test == Test.Filter) _controlsSent++;
        outcome.Sends++;
        outcome.LastSentAt = now;
        _sent.Add(id, (test, now));
        _queue.Enqueue(outcome.Socket, outcome.To, request.Written);
    }

    private void Take(in Datagram datagram, Test test, in StunReader message)
    {
        ref var outcome = ref _outcomes[(int)test];
        var isChange = test is Test.FilterFromOther or Test.FilterFromOtherPort;
        if (!isChange && datagram.Remote != outcome.To) return;
        _sent.Remove(message.TransactionId);
        if (test == Test.Filter) _controlsAnswered++;
        if (outcome.Step != Step.Open) return;
        if (message.Class == StunClass.Error)
        {
            message.TryGetErrorCode(out var code, out _);
            Refuse(ref outcome, $"the server refused with {code}");
            return;
        }

        if (!message.TryGetAddress(StunAttributeType.XorMappedAddress, out outcome.Mapped)
            && !message.TryGetAddress(StunAttributeType.MappedAddress, out outcome.Mapped))
        {
            Refuse(ref outcome, "the answer names no address");
            return;
        }

        if (isChange && !IsFromElsewhere(test, datagram.Remote))
        {
            // An answer counts only if it really came from where it was asked to come from.
            _ignoresChange = true;
            Refuse(ref outcome, $"answered from {datagram.Remote}: the server ignores CHANGE-REQUEST, so the filter cannot be told");
            return;
        }

        outcome.Step = Step.Answered;
        outcome.From = datagram.Remote;
        Learn(message, outcome.Mapped);
        Continue(datagram.At, test);
    }

    private bool IsFromElsewhere(Test test, Address from) =>
        from.Port != _server.Port && (test == Test.FilterFromOther ? from.Ip != _server.Ip : from.Ip == _server.Ip);

    private static void Refuse(ref Outcome outcome, string why)
    {
        outcome.Step = Step.Refused;
        outcome.Why = why;
    }

    private void Learn(in StunReader message, Address mapped)
    {
        if (!_other.IsValid && !message.TryGetAddress(StunAttributeType.OtherAddress, out _other))
            message.TryGetAddress(StunAttributeType.ChangedAddress, out _other);
        if (!message.TryGetAddress(StunAttributeType.MappedAddress, out var plain)) return;
        // RFC 5780 §3.6: what rewrites addresses in payloads finds the plain one and not the obscured one.
        _rewrites = _rewrites == true || plain != mapped;
        if (plain != mapped) _rewritten = $"the plain MAPPED-ADDRESS says {plain} where the obscured one says {mapped}: something on the way rewrites addresses inside packets (ALG)";
    }

    /// <summary>An answer makes the next tests possible.</summary>
    private void Continue(Instant now, Test test)
    {
        switch (test)
        {
            case Test.Filter when HasSecond:
                Open(now, Test.FilterFromOther, _filterSocket, _server);
                Open(now, Test.FilterFromOtherPort, _filterSocket, _server);
                break;
            case Test.Mapping when HasSecond:
                Open(now, Test.MappingOther, _mappingSocket, new Address(_other.Ip, _server.Port));
                Open(now, Test.MappingOtherPort, _mappingSocket, _other);
                Open(now, Test.Fragments, _hairpinSocket, _server);
                break;
        }

        var (own, second) = (_outcomes[(int)Test.Mapping], _outcomes[(int)Test.HairpinSelf]);
        if (own.Step != Step.Answered || second.Step != Step.Answered || own.Mapped == _local) return;
        Open(now, Test.Hairpin, _hairpinSocket, own.Mapped);
        Open(now, Test.HairpinBack, _mappingSocket, second.Mapped);
    }

    /// <summary>Our own request came back to us by an outer address.</summary>
    private void TakeHairpin(in Datagram datagram, Test test)
    {
        var expected = test == Test.Hairpin ? _mappingSocket : test == Test.HairpinBack ? _hairpinSocket : PathId.None;
        if (datagram.Path != expected) return;
        foreach (var way in (ReadOnlySpan<Test>)[Test.Hairpin, Test.HairpinBack])
        {
            ref var outcome = ref _outcomes[(int)way];
            if (outcome.Step is Step.Open or Step.Silent) outcome.Step = way == test ? Step.Answered : Step.NotRun;
            if (way == test) outcome.From = datagram.Remote;
        }
    }

    /// <summary>The tests are over.</summary>
    public sealed record Completed(NatFinding Behaviour);

    private struct Outcome
    {
        public Step Step;
        public PathId Socket;
        public Address To;
        public Address Mapped;
        public Address From;
        public int Sends;
        public Instant FirstSentAt;
        public Instant LastSentAt;
        public string? Why;
    }
}
