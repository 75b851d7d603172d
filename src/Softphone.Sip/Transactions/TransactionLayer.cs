using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// Carries out what <see cref="TransactionTable"/> prescribes: owns the transactions, their timers and their matching. Nothing
/// is left in any table once a transaction has terminated.
/// </summary>
internal sealed partial class TransactionLayer(TransactionTimers timers, TransportLayer transport, OctetLedger ledger)
{
    private readonly Dictionary<string, Transaction> _clients = [];
    private readonly Dictionary<string, Transaction> _servers = [];
    private readonly Dictionary<string, long> _merges = [];
    private readonly Dictionary<long, Transaction> _byId = [];
    private readonly TimerTable<(long Id, TransactionInput Input)> _timers = new();
    private readonly RetainedOctets _retained = new(ledger);
    private long _lastId;

    /// <summary>Called when the user of a transaction throws at what it is told; null lets it through.</summary>
    public Action<Instant, ITransactionUser, Exception>? Broke { get; set; }

    public int Count => _byId.Count;

    public int ServerCount => _servers.Count;

    public int TimerCount => _timers.Count;

    public Instant? NextTimeout => _timers.Next;

    public TransactionTimers Timers => timers;

    /// <summary>Sends a request that has its Via already.</summary>
    public Transaction StartClient(Instant now, SipRequest request, in Flow flow, ITransactionUser? user)
    {
        request.Headers.TryVia(out var via);
        var kind = request.Method == SipMethod.Invite ? TransactionKind.InviteClient : TransactionKind.NonInviteClient;
        var transaction = new Transaction(++_lastId, kind, TransactionKey.ForClient(via!, request.Method), request, flow, user) { BegunAt = now };
        _clients[transaction.Key] = transaction;
        _byId[transaction.Id] = transaction;
        Step(now, transaction, TransactionInput.Start, request);
        return transaction;
    }

    /// <summary>Whether another request can be kept; answered ones go for it, the oldest first.</summary>
    public bool HasRoom(SipRequest request) => _retained.HasRoom(request, Abandon);

    /// <summary>Creates the server transaction of a request that <see cref="TryReceive(Instant, SipRequest)"/> knew nothing of.</summary>
    public Transaction? StartServer(Instant now, SipRequest request, in Flow flow, ITransactionUser? user)
    {
        if (TransactionKey.ForServer(request) is not { } key || !request.Headers.TryVia(out var via)) return null;
        var kind = request.Method == SipMethod.Invite ? TransactionKind.InviteServer : TransactionKind.NonInviteServer;
        var transaction = new Transaction(++_lastId, kind, key, request, ResponseRoute.Of(via, flow), user);
        _servers[key] = transaction;
        if (TransactionKey.ForMerge(request) is { } merge) _merges[merge] = transaction.Id;
        _byId[transaction.Id] = transaction;
        _retained.Keep(transaction);
        Step(now, transaction, TransactionInput.Start, null);
        return transaction;
    }

    /// <summary>Sends a response by its transaction; one that the state forbids is absorbed.</summary>
    public void Respond(Instant now, Transaction transaction, SipResponse response) => Step(now, transaction, InputOf(response), response);

    /// <summary>Hands a response to its client transaction; false when there is none (RFC 3261 §17.1.3).</summary>
    public bool TryReceive(Instant now, SipResponse response)
    {
        if (!response.Headers.TryVia(out var via) || !response.Headers.TryCSeq(out var cseq)) return false;
        if (!_clients.TryGetValue(TransactionKey.ForClient(via, cseq.Method), out var transaction)) return false;
        if (transaction.Interval >= timers.T2 && !transaction.Flow.IsReliable) Hasten(now, transaction);
        Step(now, transaction, InputOf(response), response);
        return true;
    }

    /// <summary>
    /// What was repeated in vain for so long that its pauses are long is answered: the way there has come back. Whatever else waits for the same place is
    /// repeated now and not when its pause of up to 16 s is over. DEVIATION: earlier than timers A and E (RFC 3261 §17.1.1.2), once for each outage.
    /// </summary>
    private void Hasten(Instant now, Transaction answered)
    {
        foreach (var other in _clients.Values)
            if (other != answered && other.Flow == answered.Flow && other.Interval >= timers.T2 && _timers.DueOf((other.Id, TransactionInput.Retransmit)) > now)
                _timers.Set((other.Id, TransactionInput.Retransmit), now);
    }

    /// <summary>The request that a response belongs to by its branch, whatever else its Via says; null when there is none.</summary>
    public SipRequest? Asked(SipResponse response) =>
        response.Headers.TryVia(out var via) && response.Headers.TryCSeq(out var cseq) && _clients.TryGetValue(TransactionKey.ForClient(via, cseq.Method), out var transaction) ? transaction.Request : null;

    /// <summary>Hands a retransmission or an ACK to its server transaction; false when the request is new.</summary>
    public bool TryReceive(Instant now, SipRequest request)
    {
        if (TransactionKey.ForServer(request) is not { } key || !_servers.TryGetValue(key, out var transaction)) return false;
        Step(now, transaction, request.Method == SipMethod.Ack ? TransactionInput.Ack : TransactionInput.Request, request);
        return true;
    }

    /// <summary>The server transaction of this request; null when it has none.</summary>
    public Transaction? FindServer(SipRequest request) => TransactionKey.ForServer(request) is { } key ? _servers.GetValueOrDefault(key) : null;

    /// <summary>The INVITE transaction that a CANCEL means (§9.2); null when there is none.</summary>
    public Transaction? FindInviteOf(SipRequest cancel) =>
        TransactionKey.ForServer(cancel, SipMethod.Invite) is { } key ? _servers.GetValueOrDefault(key) : null;

    /// <summary>Another transaction for what is the same request by another way (§8.2.2.2): same From tag, Call-ID and CSeq.</summary>
    public bool IsMerged(SipRequest request) => TransactionKey.ForMerge(request) is { } key && _merges.ContainsKey(key);

    /// <summary>Gives up without telling the user, as after a CANCEL that nobody answered.</summary>
    public void Abandon(Transaction transaction)
    {
        transaction.State = TransactionState.Terminated;
        Remove(transaction);
    }

    /// <summary>Sends the request no more; an answer is still taken.</summary>
    public void Hush(Transaction transaction) => Cancel(transaction, TransactionInput.Retransmit);

    /// <summary>The transport could not carry messages to this remote: every transaction that it concerns learns so, once.</summary>
    public void Fail(Instant now, in Flow flow, FlowFailure failure)
    {
        var failed = flow;
        // What a provisional response has reached is alive on UDP, whatever an ICMP error says.
        Fail(now, _byId.Values.Where(t => t.Flow == failed && (failed.IsReliable || !t.IsClient || t.State != TransactionState.Proceeding)).ToList(), failure);
    }

    /// <summary>Every transaction that a connection carries.</summary>
    public IReadOnlyList<Transaction> OnStreams() => [.. _byId.Values.Where(t => t.Flow.IsReliable)];

    /// <summary>Those of them that are not over learn that nothing more comes or goes.</summary>
    public void Fail(Instant now, IReadOnlyList<Transaction> transactions, FlowFailure failure)
    {
        foreach (var transaction in transactions)
        {
            if (!_byId.ContainsKey(transaction.Id)) continue;
            _failure = failure;
            Step(now, transaction, TransactionInput.TransportError, null);
        }
    }

    /// <summary>Whether a request on this flow waits for its final response.</summary>
    public bool IsUsed(Flow flow) => IsWaiting(t => t.Flow == flow);

    public bool IsUsed(PathId path) => IsWaiting(t => t.Flow.Path == path);

    private bool IsWaiting(Func<Transaction, bool> isMeant) =>
        _byId.Values.Any(t => isMeant(t) && t.State is TransactionState.Calling or TransactionState.Trying or TransactionState.Proceeding);

    /// <summary>
    /// A path went away with every flow on it. What is owed in answer to a datagram may leave from the path that took its place; requests
    /// of ours must be sent anew, since their Via names the old one.
    /// </summary>
    public void Fail(Instant now, PathId path, PathId successor)
    {
        foreach (var transaction in _byId.Values.Where(t => t.Flow.Path == path).ToList())
        {
            if (!transaction.IsClient && !transaction.Flow.IsReliable && successor != PathId.None)
            {
                transaction.Flow = transaction.Flow with { Path = successor };
                continue;
            }

            _failure = new FlowFailure(PathError.Unreachable);
            Step(now, transaction, TransactionInput.TransportError, null);
        }
    }

    public void Advance(Instant now)
    {
        while (_timers.TryExpire(now, out var timer))
            if (_byId.TryGetValue(timer.Id, out var transaction)) Step(now, transaction, timer.Input, null);
    }

    /// <summary>What was sent last left so much later: T1 and what is made of it count from there (RFC 3261 §17.1.1.2).</summary>
    public void Delay(TimeSpan by) => _timers.Delay(by);

    private static TransactionInput InputOf(SipResponse response) =>
        response.IsProvisional ? TransactionInput.Provisional : response.IsSuccess ? TransactionInput.Success : TransactionInput.Failure;
}
