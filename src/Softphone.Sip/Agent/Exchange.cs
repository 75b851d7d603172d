using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// One request of ours from DNS to its final response: it tries the targets in order with a new branch each (RFC 3263 §4.3),
/// moves long requests to TCP (RFC 3261 §18.1.1), and answers challenges with the next CSeq number (§22.2).
/// </summary>
internal sealed partial class Exchange(AgentCore core, SipRequest template, SipUri nextHop, Account? account, Dialog? dialog, IExchangeUser user)
    : ITransactionUser, IResolverUser, ITimed
{
    private static readonly TimeSpan ResolveLimit = TimeSpan.FromSeconds(10);

    /// <summary>How long TCP may be silent before UDP is used after all: some servers' firewalls swallow the connection.</summary>
    private static readonly TimeSpan StreamTrialLimit = TimeSpan.FromSeconds(4);

    private readonly List<Target> _targets = [];
    private int _at;
    private int _challenges;
    private bool _isDone;
    private bool _hasProvisional;
    private bool _hasRung;
    private bool _triedTcp;
    private bool _isRepeated;
    private bool _isMoved;
    private Flow? _own;
    private (int Status, Fault Fault) _lastFailure;
    private (Flow Flow, SipRequest Message, byte[] Octets)? _sent;

    public IExchangeUser User => user;

    /// <summary>The request without Via: what each attempt is copied from.</summary>
    public SipRequest Template { get; } = template;

    public Account? Account { get; } = account;

    /// <summary>The dialog that it belongs to; null outside one.</summary>
    public Dialog? Dialog => dialog;

    /// <summary>The transport that the caller insists on.</summary>
    public Transport? Forced { get; init; }

    /// <summary>Whether our Contact belongs into the request; it depends on the path, so each attempt sets it.</summary>
    public bool WithContact { get; init; }

    /// <summary>Called for each attempt to finish the Contact, such as with its expires.</summary>
    public Func<NameAddr, Flow, NameAddr>? ShapeContact { get; init; }

    /// <summary>A second Contact that stands before ours: the binding that a REGISTER removes.</summary>
    public NameAddr? StaleContact { get; init; }

    /// <summary>The INVITE of ours whose 2xx this ACK answers.</summary>
    public SipRequest? Acknowledged { get; init; }

    /// <summary>The latest attempt; null before the first.</summary>
    public Transaction? Transaction { get; private set; }

    /// <summary>A provisional response has come: it is being worked on.</summary>
    public bool IsHeard => _hasProvisional;

    /// <summary>When the first attempt left.</summary>
    public Instant StartedAt { get; private set; }

    /// <summary>The ACK that answers the 2xx of this INVITE, kept to be repeated.</summary>
    public Exchange? Acknowledgement { get; set; }

    public void Start(Instant now)
    {
        StartedAt = now;
        core.Exchanges.Add(this);
        var transport = Forced ?? nextHop.WantedTransport ?? Account?.Settings.Transport;
        core.Timers.Set((this, SipTimer.Resolve), now + ResolveLimit);
        Account?.Servers.Survey(now, core.Resolver);
        core.Resolver.Resolve(now, nextHop, transport, this);
    }

    public void OnResolved(Instant now, IReadOnlyList<Target> targets, NameAnswer? last)
    {
        if (_isDone) return;
        core.Timers.Cancel((this, SipTimer.Resolve));
        Account?.Servers.Learn(now, nextHop, targets);
        // What asked for peace is tried last (T13).
        _targets.AddRange(targets.OrderBy(target => core.IsAvoided(now, target.Address)));
        _lastFailure = (503, core.Transport.Paths.Count == 0 ? SipFaults.NoPath() : SipFaults.Unresolved(nextHop, last));
        TryNext(now);
    }

    /// <summary>Sends an ACK again, octet for octet (RFC 3261 §13.2.2.4). It has no transaction of its own.</summary>
    public void Repeat(Instant now)
    {
        if (_sent is { } sent) core.Transport.Send(now, sent.Flow, sent.Message, sent.Octets, isRepeat: _isRepeated);
        _isRepeated = true;
    }

    /// <summary>Forgets the request: nobody wants its response any more, and nothing is cancelled on the wire.</summary>
    public void Abort()
    {
        if (Transaction is { } running) core.Transactions.Abandon(running);
        Finish();
    }

    public void OnTimer(Instant now, SipTimer timer)
    {
        if (timer == SipTimer.Resolve)
        {
            core.Resolver.Forget(this);
            Conclude(now, 503, SipFaults.Unanswered(nextHop, ResolveLimit));
        }
        else if (timer == SipTimer.StreamTrial && !_hasProvisional && Transaction is { Flow.IsReliable: true } trial)
        {
            core.Transactions.Abandon(trial);
            core.MuteStreams.Note(now, trial.Flow);
            TryNext(now);
        }
        else if (timer == SipTimer.CancelLimit)
        {
            Abort();
            user.OnFailure(now, this, 487, SipFaults.Timeout(Template));
        }
    }

    public void OnResponse(Instant now, Transaction transaction, SipResponse response)
    {
        if (_isDone)
        {
            if (response.IsSuccess && Template.Method == SipMethod.Invite) user.OnFinal(now, this, response);
            return;
        }

        if (transaction != Transaction) return;
        core.Timers.Cancel((this, SipTimer.StreamTrial));
        if (response.IsProvisional)
        {
            _hasProvisional = true;
            _hasRung |= response.Status > 100;
            SendCancelIfDue(now);
            user.OnProvisional(now, this, response);
            return;
        }

        if (response.Status is 401 or 407 && !_isCancelled && TryAuthenticate(now, response)) return;
        if (response.Status == 422 && !_isCancelled && TryLengthen(now, response)) return;
        if (response.Status == 503 && response.Headers.RetryAfter is { } seconds)
            core.Avoid(transaction.Flow.Remote, now + TimeSpan.FromSeconds(Math.Min(seconds, 3600)));
        if (response.Status == 503 && _at < _targets.Count && !_isCancelled)
        {
            TryNext(now);
            return;
        }

        if (response.Status is not (401 or 407)) Account?.Credentials?.Accept(response, Sent(transaction));
        Finish();
        user.OnFinal(now, this, response);
    }

    public void OnAck(Instant now, Transaction transaction, SipRequest ack)
    {
    }

    public void OnTimeout(Instant now, Transaction transaction)
    {
        Retry(now, transaction, 408, core.Transport.Unread.Find(transaction.Flow.Remote, StartedAt) is { } why ? SipFaults.Unreadable(Template, transaction.Flow, why) : SipFaults.Timeout(Template));
        core.Transport.EndIfSilent(now, transaction.Flow, now - core.Transactions.Timers.Limit);
    }

    public void OnTransportError(Instant now, Transaction transaction, FlowFailure failure) =>
        Retry(now, transaction, 503, SipFaults.Transport(transaction.Flow, failure));

    private void Retry(Instant now, Transaction transaction, int status, Fault fault)
    {
        if (_isDone || transaction != Transaction) return;
        _lastFailure = (status, core.FailingFor ?? fault);
        if (_triedTcp && transaction.Flow.IsReliable && !_hasProvisional) core.MuteStreams.Note(now, transaction.Flow);
        // Our own path went away, which says nothing about the server.
        if (core.Transport.Find(transaction.Flow.Path) is null && !_hasProvisional && !_isMoved)
        {
            _isMoved = true;
            _at = 0;
        }

        // What a server has begun to process is not replayed elsewhere: it fails once.
        if (_hasProvisional && Template.Method == SipMethod.Invite)
        {
            _at = _targets.Count;
            StrandIfCutOff(transaction);
        }

        TryNext(now);
    }

    private void TryNext(Instant now)
    {
        while (_at < _targets.Count && !_isCancelled)
        {
            var target = _targets[_at++];
            if (core.Transport.Select(target.Transport, target.Address.Ip) is not { } path) continue;
            Attempt(now, new Flow(path.Id, target.Address, target.Transport), path);
            return;
        }

        Conclude(now, _lastFailure.Status, _lastFailure.Fault);
    }

    private void Attempt(Instant now, Flow flow, LocalPath path)
    {
        // A challenge is answered where it came from; our Contact stays what it was.
        var own = _triedTcp && flow.IsReliable && _own is { } before ? before : flow;
        var request = Build(flow, path, own);
        if (flow.Transport == Transport.Udp && !InsistsOnUdp && SipWriter.Measure(request) > AgentCore.DatagramLimit
            && core.Transport.Select(Transport.Tcp, flow.Remote.Ip) is { } stack
            && new Flow(stack.Id, flow.Remote, Transport.Tcp) is var stream && !core.MuteStreams.Knows(now, stream))
        {
            _targets.Insert(_at, new Target(Transport.Udp, flow.Remote));
            flow = stream;
            // Where its answer and later requests should come to is still where the account is registered, not a stack that only connects.
            _own = own;
            request = Build(flow, stack, own);
            _triedTcp = true;
            core.Timers.Set((this, SipTimer.StreamTrial), now + StreamTrialLimit);
        }

        if (Template.Method == SipMethod.Ack)
        {
            _sent = (flow, request, request.ToArray());
            Repeat(now);
            Finish();
            return;
        }

        Transaction = core.Transactions.StartClient(now, request, flow, this);
    }

    private SipRequest Build(Flow flow, LocalPath path, Flow own)
    {
        var request = new SipRequest(Template.Method, Template.RequestUri) { Body = Template.Body };
        request.Headers.Add(HeaderName.Via, Via.Create(flow.Transport, path.Host, TransportLayer.Named(core.Transport.LocalOf(flow)), core.NewBranch(), rport: true).ToString());
        foreach (var header in Template.Headers) request.Headers.Add(header);
        if (WithContact)
        {
            var contact = ShapeContact is null ? core.DialogContact(Account, own) : core.Contact(Account, own);
            if (StaleContact is { } stale && (stale.Uri.Host != contact.Uri.Host || stale.Uri.EffectivePort != contact.Uri.EffectivePort)) request.Headers.Add(HeaderName.Contact, stale.ToString());
            request.Headers.Add(HeaderName.Contact, (ShapeContact?.Invoke(contact, flow) ?? contact).ToString());
            if (dialog is not null) dialog.ToldContact = contact.ToString();
        }

        Authorize(request, flow);
        request.Shorten(AgentCore.DatagramLimit);
        return request;
    }

    private bool InsistsOnUdp =>
        _triedTcp || Forced == Transport.Udp || Account?.Settings.Transport == Transport.Udp || nextHop.WantedTransport == Transport.Udp;

    private void Conclude(Instant now, int status, Fault fault)
    {
        if (_isDone) return;
        Finish();
        user.OnFailure(now, this, status, fault);
    }

    private void Finish()
    {
        _isDone = true;
        core.Exchanges.Remove(this);
        core.Resolver.Forget(this);
        core.Timers.Cancel((this, SipTimer.Resolve));
        core.Timers.Cancel((this, SipTimer.StreamTrial));
        core.Timers.Cancel((this, SipTimer.CancelLimit));
    }
}
