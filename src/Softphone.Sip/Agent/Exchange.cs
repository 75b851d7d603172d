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

    /// <summary>
    /// A connection that nobody keeps alive, such as one that lost a race, may be dead after so long without a word: a registration, which is to bring
    /// calls, does not go by it.
    /// </summary>
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(30);

    private readonly List<Target> _targets = [];
    private Rivals? _rivals;
    private int _at;
    private bool _hasBothFamilies;
    private int _challenges;
    private bool _isDone;
    private bool _hasProvisional;
    private bool _hasRung;
    private bool _isRepeated;
    private bool _isMoved;

    /// <summary>Some place of it is there and takes nobody now.</summary>
    private bool _isRefused;

    /// <summary>The latest attempt went by a connection that was there before.</summary>
    private bool _isOnOld;
    private bool _isReopened;

    /// <summary>The place that is being asked, since when, and, where TCP was tried for a long request, what UDP's own flow would be.</summary>
    private (Address Place, Instant Since, Flow? Own) _asked;
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

    /// <summary>Further Contacts that stand before ours: the bindings that a REGISTER removes.</summary>
    public IReadOnlyList<NameAddr> StaleContacts { get; init; } = [];

    /// <summary>The INVITE of ours whose 2xx this ACK answers.</summary>
    public SipRequest? Acknowledged { get; init; }

    /// <summary>The latest attempt; null before the first.</summary>
    public Transaction? Transaction { get; private set; }

    /// <summary>A provisional response has come: it is being worked on.</summary>
    public bool IsHeard => _hasProvisional;

    /// <summary>It has got beyond the first server.</summary>
    public bool HasRung => _hasRung;

    /// <summary>The order of the reliable provisional responses to it, within a dialog (RFC 3262 §4).</summary>
    public ReliableOrder Order => field ??= new ReliableOrder();

    /// <summary>What came since it began from where it went, or from the account's servers, and could not be taken.</summary>
    public IReadOnlyList<Dropped> Dropped =>
        core.Transport.Unread.Since(StartedAt, ip => Transaction?.Flow.Remote.Ip == ip || Account?.Servers.IsFrom(ip) == true);

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
        core.Resolver.Resolve(now, nextHop, transport, this, prefersStream: Account is { PrefersStream: true });
    }

    public void OnResolved(Instant now, IReadOnlyList<Target> targets, NameAnswer? last)
    {
        if (_isDone) return;
        core.Timers.Cancel((this, SipTimer.Resolve));
        Account?.Servers.Learn(now, nextHop, targets);
        if (dialog?.CameByServer == true && OtherFamilyOf(targets) is { } other) targets = [.. targets, other];
        if (ChosenIn(targets) is { } chosen) targets = [chosen, .. targets];
        // A server that sent 503 with Retry-After is tried last (RFC 3261 §21.5.4), and just before it one that was silent lately.
        _targets.AddRange(targets.OrderBy(target => core.IsAvoided(now, target.Address)).ThenBy(target => IsSilent(now, target)));
        _hasBothFamilies = targets.Any(target => target.Address.Ip.IsV4) && targets.Any(target => target.Address.Ip.IsV6);
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
        _rivals?.Abandon();
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
            if (core.Transport.NarrowIfStuck(now, trial.Flow)) return;
            core.Transactions.Abandon(trial);
            core.MuteStreams.Note(now, trial.Flow);
            TryNext(now);
            if (Account?.Choice?.IsChosen(trial.Flow) == true) core.Transport.EndIfSilent(now, trial.Flow, trial.BegunAt);
        }
        else if (timer == SipTimer.Stuck && !_hasProvisional && Transaction is { Flow.IsReliable: true } stuck)
        {
            core.Transport.NarrowIfStuck(now, stuck.Flow);
        }
        else if (timer == SipTimer.Cut && !_hasProvisional && Transaction is { Flow.IsReliable: false } cut)
        {
            core.Transactions.Abandon(cut);
            _lastFailure = (408, SipFaults.Cut(Template, cut.Flow, cut.LastOctets.Length, !InsistsOnUdp || _asked.Own is not null));
            TryNext(now);
        }
        else if (timer == SipTimer.NextTarget && !_isCancelled && !_hasProvisional && Transaction is { } latest)
        {
            _rivals ??= new Rivals(core, this);
            _rivals.Add(latest);
            _rivals.PassSilent(now);
            while (_at < _targets.Count && _targets[_at].Address == _asked.Place) _at++;
            if (_at < _targets.Count || !IsSoonOver)
            {
                TryNext(now);
                return;
            }

            _rivals.Abandon();
            Conclude(now, _lastFailure.Status, _lastFailure.Fault);
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

        if (transaction != Transaction && !TakeRival(transaction)) return;
        core.Timers.Cancel((this, SipTimer.StreamTrial));
        core.Timers.Cancel((this, SipTimer.NextTarget));
        core.Timers.Cancel((this, SipTimer.Stuck));
        core.Timers.Cancel((this, SipTimer.Cut));
        core.TellIfNarrow(Account, transaction);
        if (response.Status == 503 && response.Headers.RetryAfter is { } seconds)
            core.Avoid(transaction.Flow.Remote, now + TimeSpan.FromSeconds(Math.Min(seconds, 3600)));
        if (response.Status == 503 && dialog is not null) DropHopeless(now);
        if (response.Status == 503 && (_at < _targets.Count || _rivals is { Any: true }) && !_isCancelled)
        {
            TryNext(now);
            return;
        }

        _asked.Since = now;
        core.Targets.NoteAnswer(now, transaction.Flow, !_hasProvisional && IsServersToAnswer ? now - transaction.BegunAt : null);
        _rivals?.Settle(now, transaction);
        if (_hasBothFamilies) core.Targets.Prefer(now, transaction.Flow.Remote.Ip);
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
        if (response.Status is not (401 or 407)) Account?.Credentials?.Accept(response, Sent(transaction));
        Finish();
        user.OnFinal(now, this, response);
    }

    public void OnAck(Instant now, Transaction transaction, SipRequest ack)
    {
    }

    public void OnTimeout(Instant now, Transaction transaction)
    {
        Retry(now, transaction, new FlowFailure(PathError.TimedOut), 408, Dropped is { Count: > 0 } dropped ? SipFaults.Unreadable(Template, dropped) : SipFaults.Timeout(Template));
        core.Transport.EndIfSilent(now, transaction.Flow, now - core.Transactions.Timers.Limit);
    }

    public void OnTransportError(Instant now, Transaction transaction, FlowFailure failure) =>
        Retry(now, transaction, failure, 503, SipFaults.Transport(transaction.Flow, failure));

    /// <summary>A success of an attempt that another was preferred to.</summary>
    public void OnStraySuccess(Instant now, Transaction attempt, SipResponse response)
    {
        if (Template.Method != SipMethod.Invite)
        {
            user.OnStraySuccess(now, this, attempt.Request);
            return;
        }

        // It is one more fork of the call, and where no other was answered yet it is the answer.
        var kept = Transaction!;
        Transaction = attempt;
        if (!_isDone)
        {
            new Stray(core, this, kept, attempt.Flow.Remote).Start(now);
            Finish();
            user.OnFinal(now, this, response);
            return;
        }

        user.OnFinal(now, this, response);
        Transaction = kept;
    }

    private void Retry(Instant now, Transaction transaction, FlowFailure failure, int status, Fault fault)
    {
        if (_isDone) return;
        var isReopened = MayReopen(transaction.Flow, failure);
        if ((isReopened || (failure.Fault == StreamFault.Narrowed && !_hasProvisional)) && transaction == Transaction && core.Transport.Find(transaction.Flow.Path) is { } same)
        {
            _isReopened |= isReopened;
            Attempt(now, transaction.Flow, same);
            return;
        }

        var isPathGone = core.Transport.Find(transaction.Flow.Path) is null;
        if (_targets.Count > 1 && !isPathGone && !_hasProvisional && Rivals.IsDead(failure) && (status != 408 || !MaySayNothing(now, transaction.Flow)))
            (_rivals ??= new Rivals(core, this)).Pass(now, transaction.Flow, status == 408 ? SipFaults.Silent(transaction.Flow) : core.FailingFor ?? fault);
        if (_rivals?.Remove(transaction) == true || transaction != Transaction) return;
        _lastFailure = (status, core.FailingFor ?? fault);
        _isRefused |= failure.Error == PathError.Refused;
        if (_asked.Own is not null && transaction.Flow.IsReliable && !_hasProvisional) core.MuteStreams.Note(now, transaction.Flow);
        // Our own path went away, which says nothing about the server.
        if (isPathGone && !_hasProvisional && !_isMoved)
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
            if (_asked.Place != target.Address) _asked = (target.Address, now, null);
            Attempt(now, new Flow(path.Id, target.Address, target.Transport), path);
            return;
        }

        // Others were asked before, and may still answer.
        if (_rivals is not { Any: true })
        {
            Conclude(now, _lastFailure.Status, _lastFailure.Fault);
            return;
        }

        Transaction = _rivals.Take();
        if (IsSoonOver && !_isCancelled) core.Timers.Set((this, SipTimer.NextTarget), Transaction.BegunAt + TargetPace.Patience);
    }

    /// <summary>
    /// A connection of before was gone when we sent, as after a restart of the server, which tells nobody: the same place is asked once by a new one. A
    /// REGISTER has a schedule of its own for that (RFC 5626 §4.5).
    /// </summary>
    private bool MayReopen(in Flow flow, FlowFailure failure) =>
        _isOnOld && !_isReopened && !_hasProvisional && !_isCancelled && Template.Method != SipMethod.Register
        && failure.Fault is StreamFault.None or StreamFault.Silent && !core.Transport.IsOpen(flow);

    private bool TakeRival(Transaction attempt)
    {
        if (_rivals?.Remove(attempt) != true) return false;
        _rivals.Add(Transaction!);
        Transaction = attempt;
        return true;
    }

    /// <summary>
    /// Within a dialog a place that most likely says nothing, since it was silent or of the address family that does not work here, would keep an offer
    /// open for as long as it is waited for, and whoever else of the call offers meanwhile is refused (RFC 3261 §14.1).
    /// </summary>
    private void DropHopeless(Instant now)
    {
        for (var i = _targets.Count - 1; i >= _at; i--)
            if (IsSilent(now, _targets[i]) || (core.Targets.PrefersV4(now) is { } isV4 && _targets[i].Address.Ip.IsV4 != isV4)) _targets.RemoveAt(i);
    }

    private bool IsSilent(Instant now, Target target) =>
        core.Transport.Select(target.Transport, target.Address.Ip) is { } path && core.Targets.IsSilent(now, path.Id, target.Address);

    /// <summary>
    /// A server that restarts refuses for a moment. It is asked again by the next REGISTER, which does not wait until a silent place of it, such as one of
    /// a dead address family, has had all repetitions.
    /// </summary>
    private bool IsSoonOver => _isRefused && Template.Method == SipMethod.Register;

    private bool IsServersToAnswer => Template.Method is SipMethod.Register or SipMethod.Invite;

    /// <summary>
    /// A server answers a REGISTER itself, and an INVITE with 100 at least. Of anything else a proxy that is well may say nothing for as long as who it
    /// is for does (RFC 4320 §4.1).
    /// </summary>
    private bool MaySayNothing(Instant now, in Flow flow) => !IsServersToAnswer && core.Targets.IsAnswering(now, flow);

    /// <summary>Where another place is left, this one is waited for only so long.</summary>
    private void AwaitAnswer(Instant now, in Flow flow)
    {
        var next = _targets.FindIndex(_at, target => target.Address != _asked.Place);
        if (next < 0 && IsSoonOver) core.Timers.Set((this, SipTimer.NextTarget), now + TargetPace.Patience);
        if (next < 0 || MaySayNothing(now, flow)) return;
        var isV4 = _targets[next].Address.Ip.IsV4;
        var isOtherFamily = isV4 != _asked.Place.Ip.IsV4 && _rivals?.Awaits(now, isV4) != true;
        var due = _asked.Since + TargetPace.Wait(Template.Method, dialog is not null, isOtherFamily, core.Targets.PrefersV4(now) is not null, core.Targets.Took(flow));
        core.Timers.Set((this, SipTimer.NextTarget), due < now + core.Options.T1 && now > _asked.Since ? now + core.Options.T1 : due);
    }

    private void Attempt(Instant now, Flow flow, LocalPath path)
    {
        // A challenge is answered where it came from; our Contact stays what it was.
        var own = flow.IsReliable && _asked.Own is { } before ? before : flow;
        core.Timers.Cancel((this, SipTimer.NextTarget));
        core.Timers.Cancel((this, SipTimer.Stuck));
        core.Timers.Cancel((this, SipTimer.Cut));
        if (Template.Method == SipMethod.Register && flow.IsReliable && !core.IsKept(flow)) core.Transport.EndIfSilent(now, flow, now - IdleLimit);
        var request = Build(flow, path, own);
        if (flow.Transport == Transport.Udp && !InsistsOnUdp && SipWriter.Measure(request) > AgentCore.DatagramLimit
            && core.Transport.Select(Transport.Tcp, flow.Remote.Ip) is { } stack
            && new Flow(stack.Id, flow.Remote, Transport.Tcp) is var stream && !core.MuteStreams.Knows(now, stream))
        {
            _targets.Insert(_at, new Target(Transport.Udp, flow.Remote));
            flow = stream;
            // Where its answer and later requests should come to is still where the account is registered, not a stack that only connects.
            _asked.Own = own;
            request = Build(flow, stack, own);
            var isShort = _at + 1 < _targets.Count && !core.Transport.Narrow.Knows(now, stream);
            core.Timers.Set((this, SipTimer.StreamTrial), now + (isShort ? TargetPace.StreamPatience : StreamTrialLimit));
        }
        else
        {
            AwaitAnswer(now, flow);
            if (IsServersToAnswer && dialog is null && Account?.Choice?.IsChosen(flow) == true) core.Timers.Set((this, SipTimer.StreamTrial), now + StreamTrialLimit);
        }

        // DEVIATION: RFC 3428 §8 lets a text of more than 1300 octets go only where every hop is known to be congestion-safe; we know the first
        // (TextTests.Ours_ThatIsTooLongForADatagram_GoesByTcp).
        if (Template.Method == SipMethod.Message && !flow.IsReliable && SipWriter.Measure(request) is var octets and > AgentCore.DatagramLimit)
        {
            core.Timers.Cancel((this, SipTimer.NextTarget));
            _lastFailure = (513, SipFaults.TextTooLong(flow, octets));
            TryNext(now);
            return;
        }

        if (Template.Method == SipMethod.Ack)
        {
            _sent = (flow, request, request.ToArray());
            Repeat(now);
            Finish();
            return;
        }

        if (flow.IsReliable && (flow.Transport == Transport.Tls || NarrowStreams.IsLong(request))) core.Timers.Set((this, SipTimer.Stuck), now + TargetPace.Patience);
        if (!flow.IsReliable && core.CutDatagrams.Knows(now, flow) && SipWriter.Measure(request) > AgentCore.WholeDatagram(flow.Remote.Ip))
            core.Timers.Set((this, SipTimer.Cut), now + StreamTrialLimit);
        _isOnOld = flow.IsReliable && core.Transport.IsHeard(flow);
        Transaction = core.Transactions.StartClient(now, request, flow, this);
        user.OnAsked(now, this, flow);
    }

    /// <summary>The stream that the account is registered by, where the place is that of this request and nobody names a transport.</summary>
    private Target? ChosenIn(IReadOnlyList<Target> targets) =>
        Forced is null && nextHop.WantedTransport is null && Account?.Choice?.Chosen is { } chosen && targets.Any(target => target.Address == chosen.Address)
        && core.Transport.IsReachable(chosen.Transport, chosen.Address.Ip) ? chosen : null;

    /// <summary>The next hop by its other family, where it is a server's address: of a family that our network has not got, it leads to no target at all.</summary>
    private Target? OtherFamilyOf(IReadOnlyList<Target> targets)
    {
        if (targets.Count > 1 || !IpAddress.TryParse(nextHop.Host, out var ip)) return null;
        var transport = nextHop.IsSips ? Transport.Tls : Forced ?? nextHop.WantedTransport ?? Account?.Settings.Transport ?? (core.Transport.Available() is [var first, ..] ? first : Transport.Udp);
        var place = targets.Count == 1 ? targets[0] : new Target(transport, new Address(ip, nextHop.Port ?? (ushort)(transport == Transport.Tls ? 5061 : 5060)));
        return Account?.Servers.OtherFamilyOf(place) is { } other && core.Transport.IsReachable(other.Transport, other.Address.Ip) ? other : null;
    }

    private SipRequest Build(Flow flow, LocalPath path, Flow own)
    {
        var request = new SipRequest(Template.Method, Template.RequestUri) { Body = Template.Body };
        request.Headers.Add(HeaderName.Via, Via.Create(flow.Transport, path.Host, TransportLayer.Named(core.Transport.LocalOf(flow)), core.NewBranch(), rport: true).ToString());
        foreach (var header in Template.Headers) request.Headers.Add(header);
        if (WithContact)
        {
            var contact = ShapeContact is null ? AgentCore.Hidden(core.DialogContact(Account, own), Template) : core.Contact(Account, own);
            foreach (var stale in StaleContacts)
                if (stale.Uri.Host != contact.Uri.Host || stale.Uri.EffectivePort != contact.Uri.EffectivePort || stale.Uri.WantedTransport != contact.Uri.WantedTransport) request.Headers.Add(HeaderName.Contact, stale.ToString());
            request.Headers.Add(HeaderName.Contact, (ShapeContact?.Invoke(contact, flow) ?? contact).ToString());
            if (dialog is not null) dialog.ToldContact = contact.ToString();
        }

        Authorize(request, flow);
        request.Shorten(AgentCore.DatagramLimit);
        return request;
    }

    private bool InsistsOnUdp =>
        _asked.Own is not null || Forced == Transport.Udp || Account?.Settings.Transport == Transport.Udp || nextHop.WantedTransport == Transport.Udp;

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
        core.Timers.Cancel((this, SipTimer.NextTarget));
        core.Timers.Cancel((this, SipTimer.Stuck));
        core.Timers.Cancel((this, SipTimer.Cut));
        core.Timers.Cancel((this, SipTimer.CancelLimit));
    }
}
