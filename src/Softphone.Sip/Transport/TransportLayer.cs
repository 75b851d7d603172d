using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// Local paths, stream connections and the queue of octets that leave (RFC 3261 §18). It frames what arrives, notes the source
/// in the top Via, and keeps flows alive. It knows no transactions.
/// </summary>
internal sealed class TransportLayer
{
    private const int MostFormer = 8;

    private readonly SipAgentOptions _options;
    private readonly Trace _trace;
    private readonly ITransportUser _user;
    private readonly OctetLedger _ledger;
    private readonly List<LocalPath> _paths = [];
    private readonly List<LocalPath> _retired = [];
    private readonly List<LocalPath> _former = [];
    private readonly ConnectionTable _connections;
    private readonly UsedPorts _usedPorts = new();
    private readonly TransmitQueue _out = new(bound: 8 << 20);

    /// <summary>When the rest of a message that was begun is due.</summary>
    private readonly TimerTable<Flow> _deadlines = new();

    public TransportLayer(SipAgentOptions options, IEntropy entropy, Trace trace, ITransportUser user, OctetLedger ledger)
    {
        _options = options;
        _trace = trace;
        _user = user;
        _ledger = ledger;
        _connections = new ConnectionTable(options.MaxConnections, options.MaxConnectionsOfAddress, ledger);
        Narrow = new NarrowStreams(options.IsStuck);
        Keeper = new FlowKeeper(options, entropy, _out, user);
    }

    /// <summary>Keepalives on the flows that registrations and calls hold.</summary>
    public FlowKeeper Keeper { get; }

    /// <summary>Streams that carry no packet of full size.</summary>
    public NarrowStreams Narrow { get; }

    public Instant? NextTimeout => Instant.Earlier(_deadlines.Next, Keeper.NextTimeout);

    /// <summary>Answers that could not be taken.</summary>
    public UnreadAnswers Unread { get; } = new();

    /// <summary>The time that was told with what was queued last; null once it is known to have left.</summary>
    public Instant? QueuedAt { get; set; }

    /// <summary>Paths by which new requests may go.</summary>
    public IReadOnlyList<LocalPath> Paths => _paths;

    /// <summary>These and the retired ones, by which only what was begun there goes on.</summary>
    public IEnumerable<LocalPath> AllPaths => _paths.Concat(_retired);

    public void AddPath(LocalPath added)
    {
        _paths.RemoveAll(path => path.Id == added.Id);
        _paths.Add(added);
    }

    /// <summary>Forgets the path and reports each flow of it as failed.</summary>
    public void RemovePath(Instant now, PathId id)
    {
        if (Find(id) is not { } gone) return;
        _paths.Remove(gone);
        _retired.Remove(gone);
        if (_former.Count == MostFormer) _former.RemoveAt(0);
        _former.Add(gone);
        foreach (var connection in _connections.All.Where(c => c.Flow.Path == id).ToList()) _connections.Remove(connection.Flow);
        Keeper.Forget(id);
    }

    /// <summary>
    /// What stands in Via and Contact of what goes by this flow: where its socket is bound, or where its connection leaves from, and one that is
    /// still to be opened will. Port 0 where that is not known.
    /// </summary>
    public Address LocalOf(in Flow flow)
    {
        if (Find(flow.Path) is not { } path) return default;
        if (path.Listens) return path.Bound;
        return new Address(path.Bound.Ip, _connections.Find(flow)?.From ?? _options.ConnectsFrom?.Invoke(path.Id, flow.Remote) ?? 0);
    }

    /// <summary>The port as it stands there; null when none is known.</summary>
    public static ushort? Named(Address local) => local.Port == 0 ? null : local.Port;

    /// <summary>Whether who is told this address, as that of no account in particular, reaches us by this path.</summary>
    public bool LeadsTo(LocalPath path, SipUri contact) => contact.Host == path.Host
        && (path.Listens ? contact.Port == path.Bound.Port : _connections.All.Any(c => c.Flow.Path == path.Id && contact.Port == Named(new Address(path.Bound.Ip, c.From))));

    /// <summary>
    /// Whether we wrote this Via. A CANCEL has that of its INVITE (RFC 3261 §9.1), and so has the answer to it, even when that path is gone.
    /// </summary>
    public bool IsOurs(Via via) => AllPaths.Concat(_former).Any(path =>
        via.Host == path.Host && (path.Listens ? via.Port == path.Bound.Port : via.Port is not { } port || _usedPorts.Contains(new Address(path.Bound.Ip, port))));

    /// <summary>From now on nothing new is sent by it; what arrives is still taken.</summary>
    public void Retire(PathId id)
    {
        if (_paths.Find(path => path.Id == id) is not { } retired) return;
        _paths.Remove(retired);
        _retired.Add(retired);
    }

    /// <summary>A path by which nothing is sent but what names it.</summary>
    public void AddAside(LocalPath added) => _retired.Add(added);

    public LocalPath? Find(PathId id) => _paths.Find(path => path.Id == id) ?? _retired.Find(path => path.Id == id);

    /// <summary>Transports that we have, in the order in which they are preferred: UDP, TCP, TLS.</summary>
    public IReadOnlyList<Transport> Available() => [.. _paths.Select(path => path.Transport).Distinct().Order()];

    public bool IsReachable(Transport transport, IpAddress remote) => Select(transport, remote) is not null;

    /// <summary>The path to send to a remote by: of its family, and the one that the system routes by where the owner can tell.</summary>
    public LocalPath? Select(Transport transport, IpAddress remote)
    {
        var local = _options.Route?.Invoke(remote);
        LocalPath? best = null;
        var bestScore = -1;
        foreach (var path in _paths)
        {
            var ip = path.Bound.Ip;
            if (path.Transport != transport || ip.IsV4 != remote.IsV4) continue;
            var score = local == ip ? 4 : ip.IsLoopback == remote.IsLoopback ? 2 : ip.IsUnspecified ? 1 : 0;
            if (score <= bestScore) continue;
            best = path;
            bestScore = score;
        }

        return best;
    }

    /// <summary>
    /// Whether a response can go there. DEVIATION: a stream that ended is not opened again, neither towards the port of sent-by nor towards
    /// the client's own (§18.2.2).
    /// </summary>
    public bool IsOpen(in Flow flow) => !flow.IsReliable || _connections.Find(flow) is not null;

    /// <summary>A connection that we opened.</summary>
    public bool IsOurs(in Flow flow) => _connections.Find(flow)?.IsOurs == true;

    /// <summary>A connection on which something came already.</summary>
    public bool IsHeard(in Flow flow) => _connections.Find(flow)?.HeardAt > default(Instant);

    /// <summary>Queues a message. The trace gets it masked.</summary>
    public void Send(Instant now, in Flow flow, SipMessage message, ReadOnlySpan<byte> octets, bool isRepeat = false)
    {
        if (Find(flow.Path) is not { } path) return;
        if (flow.IsReliable) Touch(now, flow, isOurs: true);
        QueuedAt = now;
        _out.Enqueue(flow.Path, flow.Remote, octets, UseFor(now, flow, message));
        if (_trace.IsOn) _trace.Emit(Entry(now, flow, path.Bound, message, isSent: true, isRepeat));
    }

    private StreamUse UseFor(Instant now, in Flow flow, SipMessage message)
    {
        if (message is SipResponse) return StreamUse.Existing;
        return flow.IsReliable && Narrow.Knows(now, flow) ? StreamUse.OpenSmall : StreamUse.Open;
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => _out.TryDequeue(buffer, out transmit);

    public void Receive(in Datagram datagram)
    {
        if (Find(datagram.Path) is not { } path) return;
        var flow = new Flow(path.Id, datagram.Remote, path.Transport);
        if (flow.IsReliable) ReceiveStream(datagram.At, flow, datagram.Payload);
        else ReceiveDatagram(datagram.At, flow, datagram.Payload);
    }

    /// <summary>Ends every connection but those to be spared; what is sent next opens it again. Nobody is told.</summary>
    public void CloseStreams(Predicate<Flow> isSpared)
    {
        foreach (var connection in _connections.All.Where(c => !isSpared(c.Flow)).ToList()) Close(connection.Flow);
    }

    public void Fail(in PathFailure failure)
    {
        if (Find(failure.Path) is not { } path) return;
        var flow = new Flow(path.Id, failure.Remote, path.Transport);
        if (flow.IsReliable) Forget(flow);
        else if (failure.Error == PathError.Refused) Keeper.Refused(failure.At, flow);
        _user.OnFlowFailed(failure.At, flow, new FlowFailure(failure.Error));
    }

    public void Advance(Instant now)
    {
        Keeper.Advance(now);
        while (_deadlines.TryExpire(now, out var flow)) GiveUpWaiting(now, flow);
    }

    /// <summary>
    /// A request or a keepalive got no answer. A stream on which nothing at all came since is dead, whatever the system believes, and what is sent
    /// next opens it anew (RFC 5626 §4.4.1); not one that was opened later, for what is under way on it was never waited for.
    /// </summary>
    public void EndIfSilent(Instant now, in Flow flow, Instant since)
    {
        if (_connections.Find(flow) is { } connection && connection.HeardAt <= since && connection.OpenedAt <= since) End(now, flow);
    }

    /// <summary>Ends a stream that is good for nothing any more.</summary>
    public void End(Instant now, in Flow flow)
    {
        if (_connections.Find(flow) is not null) Close(now, flow, new FlowFailure(PathError.TimedOut, StreamFault.Silent));
    }

    /// <summary>Gives up a stream that is stuck, so that what is sent next opens it with smaller segments; once.</summary>
    public bool NarrowIfStuck(Instant now, in Flow flow)
    {
        if (_connections.Find(flow) is null || !Narrow.TryNote(now, flow)) return false;
        Close(now, flow, new FlowFailure(PathError.TimedOut, StreamFault.Narrowed));
        return true;
    }

    private void ReceiveDatagram(Instant now, in Flow flow, ReadOnlySpan<byte> payload)
    {
        // STUN has two bits zero in front: the answer to a keepalive of ours, or like CRLFs and four zero octets a keepalive of others. None
        // of them starts a SIP message.
        if (payload.Length == 0 || payload[0] < 0x20)
        {
            Keeper.TakeBinding(now, flow, payload);
            if (payload.Length < 4 || payload[0] is not ((byte)'\r' or (byte)'\n')) return;
        }

        if (!_user.IsWelcome(now, flow, payload)) return;
        if (!SipParser.TryParse(payload, out var message, out var error))
        {
            if (!payload.ContainsAnyExcept((byte)'\r', (byte)'\n')) return;
            Unread.Note(now, flow.Remote, error.ToString());
            Drop(now, flow, error.ToString());
            return;
        }

        Hand(now, flow, message);
    }

    private void ReceiveStream(Instant now, in Flow flow, ReadOnlySpan<byte> octets)
    {
        var connection = Touch(now, flow, isOurs: false);
        connection.HeardAt = now;
        connection.Parser.Push(octets);
        connection.Charge(_ledger);
        if (_ledger.IsOver(OctetUse.Streams) && CloseLargest(now) == flow) return;
        while (connection.Parser.TryRead(out var item))
        {
            switch (item)
            {
                case SipStreamItem.Message { Value: var message }:
                    connection.HasSpoken = true;
                    connection.Awaited = SipStreamParser.Part.None;
                    Hand(now, flow, message);
                    break;
                // Two pongs in a row look like a ping, so what we wait for comes first.
                case SipStreamItem.Ping or SipStreamItem.Pong when Keeper.TakePong(now, flow):
                    break;
                case SipStreamItem.Ping:
                    _out.Enqueue(flow.Path, flow.Remote, "\r\n"u8, StreamUse.Existing);
                    break;
                case SipStreamItem.Broken broken:
                    OnBroken(now, flow, broken);
                    return;
            }

            if (_connections.Find(flow) != connection) return;
        }

        connection.Charge(_ledger);
        AwaitRest(now, connection);
    }

    /// <summary>Beginnings of messages have used up their share: whoever holds most of it goes.</summary>
    private Flow CloseLargest(Instant now)
    {
        var largest = _connections.All.MaxBy(c => c.Charged)!.Flow;
        Drop(now, largest, "no memory left for what it has begun");
        Close(now, largest, new FlowFailure(PathError.Closed, StreamFault.Crowded));
        return largest;
    }

    /// <summary>The answer leaves before the end of the connection, and whoever waited on it learns why nothing more comes (§18.3, §18.4).</summary>
    private void OnBroken(Instant now, in Flow flow, SipStreamItem.Broken broken)
    {
        Drop(now, flow, broken.Error.ToString());
        if (broken.Request is not null) NoteSource(flow, broken.Request);
        _user.OnBroken(now, flow, broken);
        Close(now, flow, new FlowFailure(PathError.Closed, broken.Fault));
    }

    /// <summary>A message that was begun has a deadline, one for its head and one for its body, however many octets trickle in.</summary>
    private void AwaitRest(Instant now, Connection connection)
    {
        var awaited = connection.Parser.Awaited;
        if (awaited == connection.Awaited) return;
        connection.Awaited = awaited;
        if (awaited == SipStreamParser.Part.None) _deadlines.Cancel(connection.Flow);
        else _deadlines.Set(connection.Flow, now + (awaited == SipStreamParser.Part.Head ? _options.HeadLimit : _options.BodyLimit));
    }

    private void GiveUpWaiting(Instant now, in Flow flow)
    {
        if (_connections.Find(flow) is { } connection && connection.Parser.GiveUp() is { } broken) OnBroken(now, flow, broken);
    }

    private void Close(Instant now, in Flow flow, FlowFailure failure)
    {
        Close(flow);
        _user.OnFlowFailed(now, flow, failure);
    }

    /// <summary>Ends one connection from our side, after what is queued.</summary>
    private void Close(in Flow flow)
    {
        if (Forget(flow)) _out.EnqueueEnd(flow.Path, flow.Remote);
    }

    private bool Forget(in Flow flow)
    {
        Keeper.Forget(flow);
        _deadlines.Cancel(flow);
        return _connections.Remove(flow);
    }

    private void Hand(Instant now, in Flow flow, SipMessage message)
    {
        if (_trace.IsOn && Find(flow.Path) is { } path) _trace.Emit(Entry(now, flow, path.Bound, message, isSent: false, isRepeat: false));
        if (message is SipRequest request)
        {
            NoteSource(flow, request);
            _user.OnRequest(now, flow, request);
        }
        else
        {
            _user.OnResponse(now, flow, (SipResponse)message);
        }
    }

    /// <summary>received and rport (RFC 3261 §18.2.1, RFC 3581 §4).</summary>
    private static void NoteSource(in Flow flow, SipRequest request)
    {
        if (request.Headers.TryVia(out var via)) request.Headers.SetTopVia(via.WithSource(flow.Remote));
    }

    private Connection Touch(Instant now, in Flow flow, bool isOurs)
    {
        if (_connections.Find(flow) is not { } connection)
        {
            if (_connections.Crowded(flow.Remote.Ip, isOurs, Keeper.Keeps) is { } least) Close(now, least.Flow, new FlowFailure(PathError.Closed, StreamFault.Crowded));
            var local = LocalOf(flow);
            connection = _connections.Add(flow, isOurs, now);
            connection.From = local.Port;
            _usedPorts.Note(local);
        }

        connection.LastUsed = now;
        return connection;
    }

    public void Drop(Instant now, in Flow flow, string why)
    {
        if (_trace.IsOn) _trace.Emit(new SipTrace.Dropped(now, _options.Source, flow.Path, flow.Remote, why));
    }

    private SipTrace.Message Entry(Instant now, in Flow flow, Address local, SipMessage message, bool isSent, bool isRepeat) =>
        new(now, _options.Source, isSent, flow.Path, flow.Transport, local, flow.Remote, Masking.MaskUris(message.StartLine), message.Headers.CallId ?? "",
            message.ToMaskedString(), isRepeat);
}
