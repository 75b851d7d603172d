using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// One INVITE session from either end (RFC 3261 §13–15). One file a flow: calling, being called, offers within the session, and
/// the end. Ended is told at once when a person hangs up; what is still owed on the wire (ACK, BYE, CANCEL) goes on after that.
/// </summary>
internal sealed partial class Session(AgentCore core, SessionTable table, SessionId id, Account? account) : IExchangeUser, ITransactionUser, ITimed
{
    private readonly EarlyDialogs _early = new(table);
    private Dialog? _dialog;
    private IpAddress _peerAt;
    private Instant _begunAt;
    private bool _isEnded;
    private readonly CallFlow _flow = new(core);
    private int _flowRetries;

    /// <summary>ACK sent or received: both ends know of the session.</summary>
    private bool _isConfirmed;

    public SessionId Id => id;

    public Account? Account => account;

    /// <summary>Where the peer's signalling really comes from: the source of its INVITE, or where the attempt of ours went that it took.</summary>
    public IpAddress PeerAt => _peerAt.IsValid ? _peerAt : _invite?.Transaction?.Flow.Remote.Ip ?? default;

    /// <summary>It was set up by way of a server of the account.</summary>
    private bool IsByServer => PeerAt.IsValid && account?.Servers.IsFrom(PeerAt) == true;

    public string CallId => _dialog?.Key.CallId ?? _invite?.Template.Headers.CallId ?? "";

    public void OnTimer(Instant now, SipTimer timer)
    {
        switch (timer)
        {
            case SipTimer.Answer:
                RepeatAnswer(now);
                break;
            case SipTimer.AckLimit:
                GiveUpOnAck(now);
                break;
            case SipTimer.Progress or SipTimer.StillRinging:
                RepeatProgress(now, timer);
                break;
            case SipTimer.RingLimit:
                GiveUpRinging(now);
                break;
            case SipTimer.Invitation:
                ExpireInvitation(now);
                break;
            case SipTimer.Glare:
                TryOffer(now);
                break;
            case SipTimer.SessionRefresh:
                RefreshSession(now);
                break;
            case SipTimer.SessionEnd:
                ExpireSession(now);
                break;
            case SipTimer.Flow:
                if (_flow.IsLost) core.Emit(new SipEvent.FlowLost(Id));
                break;
            case SipTimer.ReferNews:
                OnReferNews(408, "the peer told nothing more of it", true);
                break;
        }
    }

    /// <summary>A request of the dialog, with its server transaction; ACK comes by OnAck.</summary>
    public void OnRequest(Instant now, Dialog dialog, Transaction transaction, SipRequest request)
    {
        request.Headers.TryCSeq(out var cseq);
        if (!dialog.TakeRemoteSeq(cseq.Number))
        {
            Respond(now, transaction, 500, "CSeq Out Of Order");
            return;
        }

        switch (request.Method)
        {
            case SipMethod.Bye:
                OnBye(now, dialog, transaction, request);
                break;
            case SipMethod.Invite:
                OnReinvite(now, transaction, request);
                break;
            case SipMethod.Update:
                OnUpdate(now, dialog, transaction, request);
                break;
            case SipMethod.Prack:
                OnPrack(now, dialog, transaction, request);
                break;
            case SipMethod.Info:
                OnInfo(now, dialog, transaction, request);
                break;
            case SipMethod.Refer:
                OnRefer(now, dialog, transaction, request);
                break;
            case SipMethod.Notify:
                OnNotify(now, transaction, request);
                break;
            case SipMethod.Subscribe:
                OnSubscribe(now, dialog, transaction, request);
                break;
            case SipMethod.Options:
                core.Transactions.Respond(now, transaction, core.Abilities(request));
                break;
            default:
                var refusal = core.Response(request, 405);
                refusal.Headers.Add(HeaderName.Allow, AgentCore.Allow);
                core.Transactions.Respond(now, transaction, refusal);
                break;
        }
    }

    /// <summary>The dialog of ours that a request names.</summary>
    public Dialog? DialogOf(in DialogKey key)
    {
        return _dialog?.Key == key ? _dialog : _early.Find(key);
    }

    /// <summary>The server reaches us by this flow.</summary>
    public bool Holds(in Flow flow) => _flow.Holds(flow);

    /// <summary>Connections have ended. That of a registration is opened anew by it, and its owner learns of it then.</summary>
    public void OnStreamsEnded(Instant now)
    {
        if (_flow.Miss(now) is { } lost && account?.Registration?.Kept != lost) core.Emit(new SipEvent.FlowLost(Id));
    }

    /// <summary>A request of the dialog was answered, and what our server sends in it comes the same way.</summary>
    private void Reached(Instant now, Transaction? by)
    {
        if (_isEnded || by is null || _dialog is not { CameByServer: true }) return;
        _flowRetries = 0;
        _flow.Use(now, by.Flow);
    }

    /// <summary>A server that restarts is back in a few seconds; the pauses double.</summary>
    private void RetryFlow(Instant now)
    {
        if (_flow.IsLost && !_isEnded) core.Timers.Set((this, SipTimer.Flow), now + RegistrationSchedule.Soon(core.Entropy) * (1 << Math.Min(_flowRetries++, 4)));
    }

    void ITransactionUser.OnResponse(Instant now, Transaction transaction, SipResponse response)
    {
    }

    void IExchangeUser.OnProvisional(Instant now, Exchange exchange, SipResponse response)
    {
        if (exchange == _invite) OnRinging(now, response);
        else if (exchange == _offer) AcknowledgeProgress(now, exchange, response);
    }

    void IExchangeUser.OnFinal(Instant now, Exchange exchange, SipResponse response)
    {
        if (exchange == _invite && response.IsSuccess) OnAnswered(now, exchange, response);
        else if (exchange == _invite) OnRefused(now, exchange, response);
        else if (_early.ByPrack(exchange) is { } branch && exchange != _offer) OnPrackFinal(now, branch, response);
        else if (exchange == _offer) OnOfferFinal(now, exchange, response);
        else if (exchange == _abandoned) OnAbandonedFinal(now, exchange, response);
        else if (exchange.Acknowledgement is { } ack && response.IsSuccess) ack.Repeat(now);
        else if (exchange == _refer) OnReferFinal(now, exchange, response);
        else if (exchange == _bye) Unbind();
        else if (exchange.Template.Method == SipMethod.Update) OnRefreshFinal(now, exchange, response);
        else if (TakeInfoOutcome(now, exchange, response.Status) || exchange.Template.Method == SipMethod.Info) EndIfUnknown(now, exchange, response);
    }

    void IExchangeUser.OnFailure(Instant now, Exchange exchange, int status, Fault fault)
    {
        if (exchange == _invite) OnUnanswered(now, status, fault);
        else if (_early.ByPrack(exchange) is { } branch && exchange != _offer) branch.Prack = null;
        else if (exchange == _offer) OnOfferUnanswered(now, exchange, status, fault);
        else if (exchange == _abandoned) OnAbandonedFinal(now, exchange, null);
        else if (exchange == _refer) OnReferUnanswered(status, fault);
        else if (exchange == _bye) Unbind();
        else if (exchange.Acknowledged is not null) OnUnacknowledged(now, exchange, status, fault);
        else if (exchange.Template.Method == SipMethod.Update) OnRefreshUnanswered(now, status);
        else TakeInfoOutcome(now, exchange, status);
    }

    private static ReadOnlyMemory<byte> SdpOf(SipMessage message) => MessageBody.SdpOf(message);

    private void Respond(Instant now, Transaction transaction, int status, string? reason = null) =>
        core.Transactions.Respond(now, transaction, core.Response(transaction.Request, status, reason));

    private SipRequest InDialog(Dialog dialog, string method)
    {
        var request = dialog.Request(method);
        if (core.Options.UserAgent.Length > 0) request.Headers.Add(HeaderName.UserAgent, core.Options.UserAgent);
        return request;
    }

    private Exchange Send(Instant now, Dialog dialog, SipRequest request, bool withContact = false)
    {
        var exchange = new Exchange(core, request, dialog.NextHop, account, dialog, this) { WithContact = withContact, Forced = _forced };
        exchange.Start(now);
        return exchange;
    }

    /// <summary>The one place that acknowledges a 2xx.</summary>
    private void Acknowledge(Instant now, Dialog dialog, Exchange invite, ReadOnlyMemory<byte> sdp)
    {
        var ack = dialog.Ack(invite.Transaction!.Request);
        if (!sdp.IsEmpty) ack.SetBody(MediaType.ApplicationSdp, sdp);
        var exchange = new Exchange(core, ack, dialog.NextHop, account, dialog, this) { Forced = _forced, Acknowledged = invite.Transaction!.Request };
        invite.Acknowledgement = exchange;
        exchange.Start(now);
    }
}
