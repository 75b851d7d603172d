using Softphone.Core;
using Softphone.Nat;
using Softphone.Sip;

namespace Softphone.Servers;

/// <summary>
/// A registrar and record-routing proxy for one domain on UDP, TCP and TLS (RFC 3261 §10, §16): digest on REGISTER and on requests out of
/// dialog from its own users, a location table with expiry, transactions on both sides. A phone behind a NAT is reached by the flow it
/// registered from; within a dialog by the flow its messages came from. A user with several bindings is called at the newest. It relays for
/// its own users only: a stranger reaches them at their address of record and nobody else. Who has proved nothing is refused without state.
/// </summary>
public sealed partial class SipServer : IMachine
{
    private static readonly TimeSpan T1 = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan T2 = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan TransactionTime = 64 * T1;

    private readonly SipServerOptions _options;
    private readonly INetwork _network;
    private readonly IEntropy _entropy;
    private readonly Trace _trace;
    private readonly string _name;
    private readonly DigestServer _digest;
    private readonly SipLocations _locations = new();
    private readonly SipCalls _calls = new(bound: 20_000);
    private readonly SourceShares _shares = new();
    private readonly RefusalLimiter _refusals;
    private readonly Dictionary<string, ProxyTransaction> _byServerKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ProxyTransaction> _byBranch = new(StringComparer.Ordinal);
    private readonly Dictionary<long, ProxyTransaction> _transactions = [];
    private readonly TimerTable<(long Id, ProxyTimer Timer)> _timers = new();
    private readonly SipStreams _streams;
    private readonly TransmitQueue _out = new(1 << 14, 1 << 23);
    private readonly List<SipListener> _listeners = [];
    private readonly string _stamp;
    private long _lastId;
    private Instant _now;

    public SipServer(SipServerOptions options, INetwork network, IEntropy entropy, Trace? trace = null, string name = "sip")
    {
        _options = options;
        _network = network;
        _entropy = entropy;
        _trace = trace ?? Trace.Off;
        _name = name;
        _digest = new DigestServer(options.Domain, entropy) { Algorithms = options.Digests };
        _refusals = new RefusalLimiter(options.RefusalsPerSecond);
        _streams = new SipStreams(options.HeadLimit, options.BodyLimit);
        _stamp = _entropy.NextToken(8);
    }

    public Instant? NextTimeout => Instant.Earlier(Instant.Earlier(_timers.Next, _locations.NextTimeout), _streams.NextTimeout);

    public Address Address => _options.Address;

    public string Domain => _options.Domain;

    /// <summary>Contacts registered now.</summary>
    public int Bindings => _locations.Count;

    /// <summary>Transactions that are remembered now.</summary>
    public int Transactions => _transactions.Count;

    /// <summary>Requests received, repeats not counted.</summary>
    public long Requests { get; private set; }

    /// <summary>Requests answered here with 300 or more, challenges included.</summary>
    public long Refused { get; private set; }

    /// <summary>Messages that could not be read or matched.</summary>
    public long Dropped { get; private set; }

    /// <summary>The contacts of a user, as registered.</summary>
    public IReadOnlyList<string> ContactsOf(string user) => [.. _locations.Of(user).Select(b => b.Contact.Uri.ToString())];

    /// <summary>Opens its sockets.</summary>
    public bool TryStart(out PathError error)
    {
        if (TryListen(_options.Address.Ip, out error) && (!_options.OtherFamily.IsValid || TryListen(_options.OtherFamily, out error))) return true;
        CloseListeners();
        return false;
    }

    /// <summary>
    /// Takes over from the server that ran before it, on the same addresses, what was registered by datagrams, as from a data base. Connections have
    /// ended with that server, and what was registered by them (RFC 5626 §6).
    /// </summary>
    public void Remember(SipServer before)
    {
        foreach (var binding in before._locations.All)
            if (!binding.Flow.IsReliable && _listeners.Find(l => !l.IsReliable && l.Ip.IsV4 == binding.Flow.Remote.Ip.IsV4) is { } listener)
                _locations.Bind(binding.User, binding.Contact, listener.To(binding.Flow.Remote), binding.CallId, binding.CSeq, binding.Expires);
    }

    /// <summary>Closes its sockets and forgets all transactions; bindings stay until they expire.</summary>
    public void Stop()
    {
        CloseListeners();
        foreach (var transaction in _transactions.Values.ToList()) Forget(transaction);
        _streams.Clear();
    }

    public void Receive(in Datagram datagram)
    {
        _now = datagram.At;
        if (ListenerOf(datagram.Path) is not { } listener) return;
        if (listener.IsReliable) FromStream(datagram, listener.To(datagram.Remote));
        else FromDatagram(datagram, listener.To(datagram.Remote));
    }

    public void Fail(in PathFailure failure)
    {
        _now = failure.At;
        if (ListenerOf(failure.Path) is not { IsReliable: true } listener) return;
        var flow = listener.To(failure.Remote);
        _streams.Remove(flow);
        foreach (var binding in _locations.RemoveFlow(flow)) TraceUnbound(binding, "connection ended");
        foreach (var transaction in _transactions.Values.Where(t => t.Downstream == flow && t.State < ProxyState.Completed).ToList())
        {
            if (transaction.Branch is not null) Conclude(transaction, SipResponse.For(transaction.Request, 503, toTag: NewTag()));
        }
    }

    public void Advance(Instant now)
    {
        _now = now;
        while (_locations.TryExpire(now, out var binding)) TraceUnbound(binding, "expired");
        while (_timers.TryExpire(now, out var key))
            if (_transactions.TryGetValue(key.Id, out var transaction)) OnTimer(transaction, key.Timer);
        while (_streams.TryExpire(now, out var flow, out var broken)) OnBroken(flow, broken);
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => _out.TryDequeue(buffer, out transmit);

    /// <summary>True for one of this server's own sockets.</summary>
    public bool Owns(PathId path) => ListenerOf(path) is not null;

    private bool TryListen(IpAddress ip, out PathError error) =>
        TryListen(Transport.Udp, ip, _options.Address.Port, out error)
        && (!_options.ListensOnTcp || TryListen(Transport.Tcp, ip, _options.Address.Port, out error))
        && (_options.TlsPort == 0 || TryListen(Transport.Tls, ip, _options.TlsPort, out error));

    private bool TryListen(Transport transport, IpAddress ip, ushort port, out PathError error)
    {
        if (!_network.TryOpen(transport, ip, port, out var path, out _, out error)) return false;
        _network.Defer(path);
        _listeners.Add(new SipListener(path, transport, ip));
        return true;
    }

    private SipListener? ListenerOf(PathId path)
    {
        foreach (var listener in _listeners)
            if (listener.Path == path) return listener;
        return null;
    }

    private void CloseListeners()
    {
        foreach (var listener in _listeners) _network.Close(listener.Path);
        _listeners.Clear();
    }

    private void FromDatagram(in Datagram datagram, SipFlow flow)
    {
        if (Demultiplexer.Classify(datagram.Payload) == PacketKind.Stun)
        {
            AnswerKeepalive(datagram);
        }
        else if (SipParser.TryParse(datagram.Payload, out var message, out _))
        {
            OnMessage(flow, message);
        }
        else if (datagram.Payload.ContainsAnyExcept((byte)'\r', (byte)'\n', (byte)0))
        {
            Dropped++;
        }
    }

    private void FromStream(in Datagram datagram, SipFlow flow)
    {
        var parser = _streams.Of(flow);
        parser.Push(datagram.Payload);
        while (parser.TryRead(out var item))
        {
            switch (item)
            {
                case SipStreamItem.Message whole:
                    _streams.Completed(flow);
                    OnMessage(flow, whole.Value);
                    break;
                case SipStreamItem.Ping:
                    _out.Enqueue(flow.Path, flow.Remote, "\r\n"u8, StreamUse.Existing);
                    break;
                case SipStreamItem.Broken broken:
                    OnBroken(flow, broken);
                    return;
            }
        }

        _streams.Await(_now, flow);
    }

    /// <summary>What is owed for it leaves before the end of the connection (RFC 3261 §18.3).</summary>
    private void OnBroken(SipFlow flow, SipStreamItem.Broken broken)
    {
        Dropped++;
        if (broken.Request is { } request && request.Method != SipMethod.Ack) Send(flow, SipResponse.For(request, broken.Status, toTag: NewTag()));
        _streams.Remove(flow);
        _out.EnqueueEnd(flow.Path, flow.Remote);
    }

    private void OnMessage(SipFlow flow, SipMessage message)
    {
        if (message is SipRequest request) OnRequest(flow, request);
        else OnResponse(flow, (SipResponse)message);
    }

    /// <summary>STUN on the SIP port keeps a UDP flow open and shows a changed mapping (RFC 5626 §4.4.2).</summary>
    private void AnswerKeepalive(in Datagram datagram)
    {
        if (!StunReader.TryParse(datagram.Payload, out var request, out _) || request is not { Class: StunClass.Request, Method: StunMethod.Binding }) return;
        Span<byte> buffer = stackalloc byte[64];
        var writer = StunWriter.Reply(buffer, request, StunClass.Success);
        writer.AddAddress(StunAttributeType.XorMappedAddress, datagram.Remote);
        _out.Enqueue(datagram.Path, datagram.Remote, writer.Written);
    }

    private void Send(SipFlow flow, SipMessage message) =>
        _out.Enqueue(flow.Path, flow.Remote, message.ToArray(), message is SipResponse ? StreamUse.Existing : StreamUse.Open);

    private string NewTag() => _entropy.NextToken(10);

    private void TraceUnbound(SipBinding binding, string why)
    {
        if (_trace.IsOn) _trace.Emit(new SipServerTrace.Unbound(_now, _name, binding.User, binding.Contact.Uri.ToString(), why));
    }
}
