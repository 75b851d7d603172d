using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// Finds the candidates of one media stream (RFC 8445 §5.1.1): sockets on each interface, what every STUN server sees of them, and an
/// allocation for each component at every TURN server, all at once on one pacer. It knows no agent; what it found may serve several.
/// A dead server never delays: the description is ready once each family has an answer and a short grace is over, and at the budget
/// in any case.
/// </summary>
internal sealed partial class Gatherer
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    /// <summary>How long after the description a better way to a relay may still come: three sendings of UDP.</summary>
    private static readonly TimeSpan LateWays = TimeSpan.FromSeconds(3);

    private readonly MediaTransportOptions _options;
    private readonly INetwork _network;
    private readonly IEntropy _entropy;
    private readonly Trace _trace;
    private readonly string _source;
    private readonly Pacer _pacer;
    private readonly TransmitQueue _queue;
    private readonly StunTransactions _transactions;
    private readonly Foundations _foundations = new();
    private readonly TimerTable<Work> _timers = new();
    private readonly Queue<Question> _unasked = [];
    private readonly List<Question> _questions = [];
    private readonly List<MediaSocket> _sockets = [];
    private readonly List<Relay> _relays = [];
    private readonly List<Candidate> _found = [];
    private readonly HashSet<Address> _answered = [];

    /// <summary>Servers that told no address, and what came instead: an error code, 0 for none, -1 for what could not be read, -2 for ICMP that refuses.</summary>
    private readonly Dictionary<Address, int> _told = [];
    private bool _hasUdpAnswer;
    private bool _hasUdpAnswerV4;
    private readonly Queue<Candidate> _news = [];
    private readonly Queue<(Address Server, Fault Fault)> _faults = [];
    private IReadOnlyList<RelayServer> _servers;
    private bool _keepsAlive;
    private bool _isStarted;
    private bool _isExtended;

    public Gatherer(MediaTransportOptions options, INetwork network, IEntropy entropy, Trace trace, string source, Pacer pacer, TransmitQueue queue)
    {
        _options = options;
        _network = network;
        _entropy = entropy;
        _trace = trace;
        _source = source;
        _pacer = pacer;
        _queue = queue;
        _transactions = new StunTransactions(queue);
        _servers = options.TurnServers;
    }

    private enum Work
    {
        Pace,
        Ready,
        KeepAlive,

        /// <summary>Better ways to a server that gave its relay by another one have had their time.</summary>
        Late,
    }

    /// <summary>The description may go out.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Some server that was asked by UDP has answered, be it with a refusal.</summary>
    public bool HasUdpAnswer
    {
        get
        {
            SeeUdpAnswers();
            return _hasUdpAnswer;
        }
    }

    /// <summary>The same of a server that was asked by IPv4.</summary>
    public bool HasUdpAnswerV4
    {
        get
        {
            SeeUdpAnswers();
            return _hasUdpAnswerV4;
        }
    }

    /// <summary>Some server was asked by IPv4.</summary>
    public bool HasAskedV4 => HasUdpAnswerV4 || _questions.Exists(q => q.Server.Ip.IsV4);

    public List<MediaSocket> Sockets => _sockets;

    public List<Relay> Relays => _relays;

    public Instant? NextTimeout
    {
        get
        {
            var next = Instant.Earlier(_timers.Next, _transactions.NextTimeout);
            foreach (var race in _races) next = Instant.Earlier(next, race.NextAt);
            return next;
        }
    }

    /// <summary>
    /// Each component has a reflexive candidate and a relayed one of some server. Of two families, IPv4 needs the reflexive one: IPv6 has no
    /// NAT whose address is to be told, and where it leads nowhere no call waits for it (RFC 8421 §4). A relay of either way is one.
    /// </summary>
    private bool IsCovered => _questions.Where(q => !q.IsLook).GroupBy(q => (q.Socket.Component, IsReflexive: q.Relay is null)).All(group =>
    {
        var needsV4 = group.Key.IsReflexive && group.Any(q => q.Socket.Address.Ip.IsV4);
        return group.Any(q => !q.IsOpen && (!needsV4 || q.Socket.Address.Ip.IsV4) && q.HasResult(_found));
    });

    /// <summary>All candidates so far, best first.</summary>
    public IReadOnlyList<Candidate> Candidates => [.. _found.OrderBy(c => c.Component).ThenByDescending(c => c.Priority)];

    /// <summary>Takes a candidate that has just been found.</summary>
    public bool TryNews([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Candidate? candidate) => _news.TryDequeue(out candidate);

    /// <summary>Takes a server that gave nothing.</summary>
    public bool TryFault(out (Address Server, Fault Fault) fault) => _faults.TryDequeue(out fault);

    public void Start(Instant now)
    {
        _isStarted = true;
        var interfaces = Interfaces();
        for (var rank = 0; rank < interfaces.Count; rank++) Open(now, interfaces[rank].Address, rank);
        if (_options.Mode != IceMode.None) Plan(now);
        _timers.Set(Work.Ready, now + _options.GatherBudget);
        Pump(now);
        Consider(now);
    }

    private List<LocalInterface> Interfaces()
    {
        var interfaces = InterfaceSelection.Choose(_network.Interfaces, _options.SkipInterfaces, _options.UseLoopback).ToList();
        var address = _options.PreferredNow?.Invoke() ?? _options.PreferredAddress;

        if (_network.IsScarce && interfaces.Count > 1) return Fewest(interfaces, address);

        // The whole interface goes first, its IPv6 before the IPv4 that was named: which family signalling took says nothing of media.
        return interfaces.Find(i => i.Address == address) is { Name: { } name } ? [.. interfaces.OrderBy(i => i.Name != name)] : interfaces;
    }

    /// <summary>A call at the address of signalling alone is better than none. Who is at loopback there may have media elsewhere.</summary>
    private static List<LocalInterface> Fewest(List<LocalInterface> interfaces, IpAddress address)
    {
        var first = interfaces.Find(i => i.Address == address) is { Name: not null } named ? named : interfaces[0];
        return first.Address.IsLoopback && interfaces.Find(i => !i.Address.IsLoopback && i.Address.IsV6 == first.Address.IsV6) is { Name: not null } other ? [first, other] : [first];
    }

    private void Open(Instant now, IpAddress address, int rank)
    {
        foreach (var socket in MediaSocket.Open(_network, address, rank, _options.SeparateRtcp, _foundations))
        {
            _sockets.Add(socket);
            if (_trace.IsOn) _trace.Emit(new GatherTrace.SocketOpened(now, _source, socket.Component, socket.Address));
            if (_options.Mode != IceMode.RelayOnly) Add(socket.Host);
            OpenStreams(now, socket);
        }
    }

    public void Advance(Instant now)
    {
        while (_transactions.TryExpire(now, out var silent)) _questions[(int)silent.Tag].IsOpen = false;
        while (_timers.TryExpire(now, out var work))
        {
            if (work == Work.Ready) GiveUp(now);
            else if (work == Work.KeepAlive) Refresh(now);
            else if (work == Work.Late) StopLosers(now);
        }

        AdvanceRaces(now);
        Pump(now);
    }

    /// <summary>ICMP from a port where nobody listens: no verdict, since it may be of a moment, but the reason of a silence.</summary>
    public void Fail(in PathFailure failure)
    {
        if (failure.Error != PathError.Refused) return;
        foreach (var question in _questions)
            if (question.Relay is null && question.Server == failure.Remote) _told.TryAdd(failure.Remote, -2);
    }

    /// <summary>True when the datagram answers one of our questions.</summary>
    public bool Receive(in Datagram datagram)
    {
        if (_transactions.Count == 0) return false;
        if (!StunReader.TryParse(datagram.Payload, out var reader, out _))
        {
            NoteUnread(datagram.Remote);
            return false;
        }

        if (reader.Class is not (StunClass.Success or StunClass.Error)) return false;
        if (!_transactions.TryFind(reader.TransactionId, datagram.Path, datagram.Remote, out var transaction)) return false;
        _transactions.End(transaction.Id);
        var question = _questions[(int)transaction.Tag];
        question.IsOpen = false;
        if (reader.Class == StunClass.Success
            && (reader.TryGetAddress(StunAttributeType.XorMappedAddress, out var mapped) || reader.TryGetAddress(StunAttributeType.MappedAddress, out mapped))
            && mapped.IsValid)
        {
            _answered.Add(question.Server);
            if (_trace.IsOn && !IsReady)
                _trace.Emit(new GatherTrace.ServerAnswered(datagram.At, _source, question.Server, question.Socket.Address, mapped, transaction.RoundTrip(datagram.At)));
            AddReflexive(question.Socket, mapped, question.Server, question.Rank);
            if (reader.Has(StunAttributeType.XorMappedAddress)) Compare(datagram, mapped);
        }

        else
        {
            reader.TryGetErrorCode(out var code, out _);
            _told[question.Server] = code;
        }

        Consider(datagram.At);
        return true;
    }

    /// <summary>Nobody needs the reflexive bindings any more: the agent keeps the selected one alive itself.</summary>
    public void StopKeepAlive()
    {
        _keepsAlive = false;
        _timers.Cancel(Work.KeepAlive);
        _transactions.Clear();
        foreach (var question in _unasked.ToArray())
            if (_unasked.Dequeue().Relay is not null) _unasked.Enqueue(question);
        foreach (var question in _questions)
            if (question.Relay is null) question.IsOpen = false;
    }

    public void Close()
    {
        _timers.Clear();
        _transactions.Clear();
        _unasked.Clear();
        StopKeepAlive();
        _races.Clear();
        foreach (var socket in _sockets) _network.Close(socket.Path);
        _sockets.Clear();
        CloseStreams();
    }

    /// <summary>Relays first, for they need most round trips; then RTP before RTCP, the best interface first.</summary>
    private void Plan(Instant now)
    {
        PlanRelays(now);
        if (_options.Mode == IceMode.RelayOnly) return;
        for (var component = 1; component <= 2; component++)
        {
            foreach (var socket in _sockets.Where(s => s.Component == component && !s.IsSpare))
            {
                for (var i = 0; i < _options.StunServers.Count; i++)
                {
                    var server = _options.StunServers[i];
                    if (!Reaches(socket.Address.Ip, server.Ip)) continue;
                    var question = new Question(socket, server, i, null);
                    _questions.Add(question);
                    _unasked.Enqueue(question);
                }
            }
        }
    }

    private static bool Reaches(IpAddress from, IpAddress to) =>
        from.IsV4 == to.IsV4 && (from.IsLoopback || !to.IsLoopback) && (from.IsV4 || from.IsLinkLocal == to.IsLinkLocal);

    private void Pump(Instant now)
    {
        while (_unasked.Count > 0)
        {
            if (IsKnown(_unasked.Peek()))
            {
                var known = _unasked.Dequeue();
                known.IsOpen = false;
                _answered.Add(known.Server);
                Consider(now);
                continue;
            }

            // The second half of a pair sends nothing of its own yet.
            if (_unasked.Peek().Relay is not { Pair: not null, Socket.Component: 2 } && !_pacer.TryTake(now))
            {
                _timers.Set(Work.Pace, _pacer.Next(now));
                return;
            }

            var question = _unasked.Dequeue();
            if (question.Relay?.IsClosing == true) continue;
            if (_trace.IsOn && !IsReady) _trace.Emit(new GatherTrace.ServerAsked(now, _source, question.Server, question.Socket.Address, question.Relay is not null, question.Relay?.Server.Transport ?? Transport.Udp));
            if (question.Relay is { } relay) relay.Allocate(now);
            else Ask(now, question);
        }

        _timers.Cancel(Work.Pace);
    }

    /// <summary>
    /// The allocation at this server has told the reflexive address of the socket already (RFC 8445 §5.1.1.2): a slot of the pacer is saved.
    /// Later it may be another one.
    /// </summary>
    private bool IsKnown(Question question) =>
        !IsReady && !_isAgain && question.Relay is null
        && _questions.Exists(q => q.Relay is not null && q.Socket == question.Socket && q.Server == question.Server && q.Relay is { Framer: null, Client.IsAllocated: true });

    private void Ask(Instant now, Question question)
    {
        Span<byte> buffer = stackalloc byte[40];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, TransactionId.Next(_entropy));
        writer.AddFingerprint();
        var rto = TimeSpan.FromMilliseconds(Math.Max(500, _pacer.Interval.TotalMilliseconds * _questions.Count));
        _transactions.TryStart(now, question.Socket.Path, question.Server, writer.Written, new StunSchedule(rto, 3, 4), _questions.IndexOf(question));
    }

    /// <summary>Nobody serves a check that comes to a spare socket.</summary>
    private void AddReflexive(MediaSocket socket, Address mapped, Address server, int rank)
    {
        if (_options.Mode == IceMode.RelayOnly || socket.IsSpare) return;
        var preference = MediaSocket.Preference(socket.Rank, rank);
        Add(Candidate.Reflexive(
            socket.Host, mapped, server, preference, _foundations.Of(CandidateType.ServerReflexive, socket.Address.Ip, Transport.Udp, server.Ip)));
    }

    /// <summary>The same address from the same base is redundant (RFC 8445 §5.1.3); one answer of a server replaces its last one.</summary>
    private void Add(Candidate candidate)
    {
        if (_found.Exists(c => c.Address == candidate.Address && c.Path == candidate.Path)) return;
        if (candidate.Type == CandidateType.ServerReflexive)
            _found.RemoveAll(c => c.Type == CandidateType.ServerReflexive && c.Path == candidate.Path && c.Server == candidate.Server);
        _found.Add(candidate);
        _news.Enqueue(candidate);
    }

    /// <summary>Ready at once when all have answered; after the grace when each family and component has what it needs.</summary>
    private void Consider(Instant now)
    {
        if (IsReady || !_isStarted) return;
        if (_questions.TrueForAll(q => !q.IsOpen || IsNeedless(q)))
        {
            Conclude(now, _questions.Count == 0 ? "no server to ask" : "every server has answered");
            return;
        }

        if (IsCovered && _timers.DueOf(Work.Ready) is { } due && due > now + _options.GatherGrace) _timers.Set(Work.Ready, now + _options.GatherGrace);
    }

    /// <summary>
    /// What IPv6 may still tell, when all that is needed is there and IPv4 is part of it: an address that is that of the host, or a second way
    /// to a relay that is had.
    /// </summary>
    private bool IsNeedless(Question question) =>
        question.Socket.Address.Ip.IsV6 && IsCovered
        && (question.Relay is { } relay
            ? _relays.Exists(r => r.Race == relay.Race && r != relay && r.Socket.Component == relay.Socket.Component && r.Server.Transport == relay.Server.Transport && r.Client.IsAllocated)
            : _questions.Exists(q => q.Relay is null && q.Socket.Component == question.Socket.Component && q.Socket.Address.Ip.IsV4));

    /// <summary>
    /// The budget is over. A server that has answered something is not dead: what is missing of it was lost on the way, and comes with
    /// the retransmission, for which it is worth waiting once.
    /// </summary>
    private void GiveUp(Instant now)
    {
        var isLate = !_isExtended && _questions.Exists(q => q is { IsOpen: true, IsLook: false } && (q.Relay?.Client.RoundTrip is not null || _answered.Any(a => a.Ip == q.Server.Ip)));

        // Where no UDP passes, a stream needs more round trips than the budget may have; without it there is nothing.
        isLate |= !_isExtended && _questions.Exists(q => q is { IsOpen: true, Relay.Framer: not null }) && _found.TrueForAll(c => c.Type == CandidateType.Host);
        if (!isLate || IsCovered)
        {
            Conclude(now, "time is up");
            return;
        }

        _isExtended = true;
        _timers.Set(Work.Ready, now + _options.GatherExtension);
    }

    /// <summary>A relay that is gone by now may have answered, be it with a refusal.</summary>
    private void SeeUdpAnswers()
    {
        foreach (var server in _answered) See(server.Ip);
        foreach (var relay in _relays)
            if (relay is { Framer: null, Client.RoundTrip: not null }) See(relay.Client.Server.Ip);

        void See(IpAddress server)
        {
            _hasUdpAnswer = true;
            _hasUdpAnswerV4 |= server.IsV4;
        }
    }

    private void Conclude(Instant now, string reason)
    {
        if (IsReady) return;
        IsReady = true;
        SeeUdpAnswers();
        if (_trace.IsOn) _trace.Emit(new GatherTrace.Ready(now, _source, _found.Count, reason));
        _timers.Cancel(Work.Ready);

        // What comes late still helps: our checks go out from a relay, and the next description has it and the address that a server saw.
        foreach (var silent in _questions.Where(q => q.Relay is null && !q.IsLook).Select(q => q.Server).Distinct().Where(s => !_answered.Contains(s)))
            _faults.Enqueue((silent, Silence(silent)));
        foreach (var relay in _relays)
            if (relay.Client.Doubt is { } doubt) _faults.Enqueue((relay.Server.Address, doubt));
        LearnFromRaces();
        _timers.Set(Work.Late, now + LateWays);
        if (_relays.Count > 0 || _answered.Count > 0)
        {
            _keepsAlive = true;
            _timers.Set(Work.KeepAlive, now + KeepAlive);
        }
    }

    private Fault Silence(Address server) => !_told.TryGetValue(server, out var code)
        ? new Fault(Layer.Stun, $"STUN server {server} did not answer within {_options.GatherBudget.TotalMilliseconds:0} ms", "check its address, or that UDP is let through")
        : code == -2 ? new Fault(Layer.Stun, $"STUN server {server} refuses UDP: nobody listens at this port", "check its address and port, or ask another server")
        : new Fault(Layer.Stun, $"STUN server {server} {(code > 0 ? $"refused with {code}" : code == 0 ? "answered without an address" : "sends what is no STUN")}", "check its address, or use another server");

    private void NoteUnread(Address from)
    {
        foreach (var question in _questions)
        {
            if (question.Relay is not null || question.Server != from) continue;
            _told.TryAdd(from, -1);
            return;
        }
    }

    /// <summary>
    /// Until the agent has concluded, NAT bindings of reflexive candidates are kept by asking again (RFC 8445 §5.1.1.4), and those toward
    /// TURN servers, which a NAT may map apart, by indications that nobody answers.
    /// </summary>
    private void Refresh(Instant now)
    {
        if (!_keepsAlive) return;
        foreach (var question in _questions.Where(q => q.Relay is null && _answered.Contains(q.Server))) _unasked.Enqueue(question);
        Span<byte> buffer = stackalloc byte[40];
        foreach (var relay in _relays)
        {
            if (!relay.Client.IsAllocated) continue;
            var writer = new StunWriter(buffer, StunClass.Indication, StunMethod.Binding, TransactionId.Next(_entropy));
            writer.AddFingerprint();
            if (relay.Framer is null) _queue.Enqueue(relay.Wire, relay.Client.Server, writer.Written);
        }

        _timers.Set(Work.KeepAlive, now + KeepAlive);
    }

    /// <summary>One socket, one server: a Binding request or an allocation.</summary>
    private sealed class Question(MediaSocket socket, Address server, int rank, Relay? relay)
    {
        public MediaSocket Socket { get; } = socket;

        public Address Server { get; } = server;

        public int Rank { get; } = rank;

        public Relay? Relay { get; } = relay;

        public bool IsOpen { get; set; } = true;

        /// <summary>Asked of a TURN server only to see whether the NAT still shows it the address that the relay was given to.</summary>
        public bool IsLook { get; init; }

        public bool HasResult(List<Candidate> found) => Relay is null
            ? found.Exists(c => c.Path == Socket.Path && c.Server == Server || c.Address == Socket.Address)
            : found.Exists(c => c.Path == Relay.Path);
    }
}
