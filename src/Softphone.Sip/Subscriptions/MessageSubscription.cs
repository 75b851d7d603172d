using System.Globalization;
using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// Asks an account's server for news of its voice mailbox (RFC 3842) once it is registered, and keeps asking (RFC 6665 §4.1). A server that
/// has none, as most, is not asked again. What comes unasked is taken too.
/// </summary>
internal sealed class MessageSubscription(AgentCore core, Account account) : IExchangeUser, ITimed
{
    /// <summary>A call that waits for the registration goes first.</summary>
    private static readonly TimeSpan StartAfter = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan RetrySoon = TimeSpan.FromSeconds(30);

    private string _callId = "";
    private string _localTag = "";
    private Dialog? _dialog;
    private Exchange? _exchange;
    private MessageSummary? _last;
    private TimeSpan _asked = Lifetime;
    private bool _isWanted;
    private bool _isPointless;
    private bool _hasRaised;

    /// <summary>The account is registered, and perhaps seen at another address than before.</summary>
    public void OnRegistered(Instant now)
    {
        if (!account.Settings.WantsMessages || _isPointless) return;
        _isWanted = true;
        if (_exchange is not null) return;
        if (_dialog is null) SetTimer(now, core.Timers.DueOf((this, SipTimer.Subscribe)) is null ? StartAfter : null);
        else if (_dialog.ToldContact is { } told && NameAddr.TryParse(told, out var contact, out _) && !core.Transport.Paths.Any(p => LeadsTo(p, contact.Uri))) Send(now, _asked);
    }

    /// <summary>Asks no more, and says so.</summary>
    public void Unsubscribe(Instant now)
    {
        _isWanted = _isPointless = false;
        core.Timers.Cancel((this, SipTimer.Subscribe));
        if (_exchange is { } pending && _dialog is null) pending.Abort();
        if (_dialog is not null) Send(now, TimeSpan.Zero);
    }

    /// <summary>Lets go, sending nothing.</summary>
    public void Abort()
    {
        _isWanted = false;
        Drop();
    }

    /// <summary>Whether a request is of the dialog that we asked for, or of one that the server makes of it.</summary>
    public bool Owns(SipRequest request)
    {
        if (_callId.Length == 0 || request.Headers.CallId != _callId || !request.Headers.TryTo(out var to) || to.Tag != _localTag) return false;
        return _dialog is null || (request.Headers.TryFrom(out var from) && (from.Tag ?? "") == _dialog.Key.RemoteTag);
    }

    /// <summary>News. It may come before the answer to the SUBSCRIBE (RFC 6665 §4.1.2.4).</summary>
    public void OnNotify(Instant now, Transaction transaction, SipRequest request)
    {
        if (request.Method != SipMethod.Notify)
        {
            core.Transactions.Respond(now, transaction, core.Response(request, 405));
            return;
        }

        request.Headers.TryCSeq(out var cseq);
        if (_dialog is { } dialog && !dialog.TakeRemoteSeq(cseq.Number))
        {
            core.Transactions.Respond(now, transaction, core.Response(request, 500, "CSeq Out Of Order"));
            return;
        }

        if (!Take(now, transaction, request)) return;
        _dialog?.Refresh(request);
        request.Headers.TryValue(HeaderName.SubscriptionState, out var state, out var about);
        var later = Grammar.TryNumber(about["retry-after"], out var wait) ? TimeSpan.FromSeconds(Math.Clamp(wait, 1, 86_400)) : (TimeSpan?)null;
        if (!state.Equals("terminated", StringComparison.OrdinalIgnoreCase))
        {
            if (Grammar.TryNumber(about["expires"], out var left) && _dialog is not null && _isWanted) SetTimer(now, Refresh(left));
            return;
        }

        Drop();
        if (!_isWanted) return;
        var reason = about["reason"]?.ToLowerInvariant();
        _isPointless = reason is "rejected" or "noresource" or "invariant";
        if (!_isPointless) SetTimer(now, later ?? (reason is "deactivated" or "timeout" ? RetrySoon : RetryAfter));
    }

    /// <summary>Reads the news and answers; false when it was refused.</summary>
    public bool Take(Instant now, Transaction transaction, SipRequest request)
    {
        var isSummary = request.Headers.TryValue(HeaderName.Event, out var package, out _) && package.Equals(MessageSummary.Package, StringComparison.OrdinalIgnoreCase);
        if (!isSummary || (!request.Body.IsEmpty && request.Headers.ContentType?.Is(MessageSummary.ContentType) != true))
        {
            var refusal = core.Response(request, isSummary ? 415 : 489);
            refusal.Headers.Add(isSummary ? HeaderName.Accept : HeaderName.AllowEvents, isSummary ? MessageSummary.ContentType : MessageSummary.Package);
            core.Transactions.Respond(now, transaction, refusal);
            return false;
        }

        core.Transactions.Respond(now, transaction, core.Response(request, 200));
        if (MessageSummary.TryParse(request.Body.Span, out var summary) && summary != _last)
        {
            _last = summary;
            core.Emit(new SipEvent.MessagesWaiting(account.Id, summary.New, summary.Old));
        }

        return true;
    }

    public void OnTimer(Instant now, SipTimer timer)
    {
        if (_isWanted) Send(now, _asked);
    }

    void IExchangeUser.OnProvisional(Instant now, Exchange exchange, SipResponse response)
    {
    }

    void IExchangeUser.OnFinal(Instant now, Exchange exchange, SipResponse response)
    {
        if (exchange != _exchange) return;
        _exchange = null;
        if (response.IsSuccess) OnAccepted(now, exchange, response);
        else OnRefused(now, response);
    }

    void IExchangeUser.OnFailure(Instant now, Exchange exchange, int status, Fault fault)
    {
        if (exchange != _exchange) return;
        _exchange = null;
        Drop();
        if (_isWanted) SetTimer(now, RetryAfter);
    }

    private void OnAccepted(Instant now, Exchange exchange, SipResponse response)
    {
        if (!_isWanted)
        {
            Drop();
            return;
        }

        if (_dialog is { } dialog) dialog.Refresh(response);
        else _dialog = Dialog.ForClient(exchange.Transaction!.Request, response);
        if (_dialog is not null)
        {
            _dialog.ToldContact = exchange.Transaction!.Request.Headers.Get(HeaderName.Contact);
            _dialog.CameByServer = account.Servers.Holds(exchange.Transaction.Flow);
        }

        _hasRaised = false;
        SetTimer(now, Refresh(response.Headers.Expires ?? (uint)_asked.TotalSeconds));
    }

    private void OnRefused(Instant now, SipResponse response)
    {
        var wasUp = _dialog is not null;
        Drop();
        if (!_isWanted) return;
        switch (response.Status)
        {
            case 423 when !_hasRaised && response.Headers.MinExpires is { } least && least > _asked.TotalSeconds:
                _hasRaised = true;
                _asked = TimeSpan.FromSeconds(Math.Min(least, 86_400));
                Send(now, _asked);
                break;
            case 481 when wasUp:
                SetTimer(now, RetrySoon);
                break;
            case 408 or 480 or >= 500 and < 600 and not (501 or 505):
                SetTimer(now, response.Headers.RetryAfter is { } seconds ? TimeSpan.FromSeconds(Math.Clamp(seconds, 30, 86_400)) : RetryAfter);
                break;
            default:
                // It has no mailbox for us, or does not say; that changes nothing for calls.
                _isPointless = true;
                break;
        }
    }

    private void Send(Instant now, TimeSpan lifetime)
    {
        core.Timers.Cancel((this, SipTimer.Subscribe));
        _exchange?.Abort();
        SipRequest request;
        if (_dialog is { } dialog)
        {
            request = dialog.Request(SipMethod.Subscribe);
            if (core.Options.UserAgent.Length > 0) request.Headers.Add(HeaderName.UserAgent, core.Options.UserAgent);
        }
        else
        {
            request = core.RequestOutside(account, SipMethod.Subscribe, account.Settings.Aor.AddressOfRecord);
            _callId = request.Headers.CallId!;
            request.Headers.TryFrom(out var from);
            _localTag = from!.Tag!;
        }

        request.Headers.Add(HeaderName.Event, MessageSummary.Package);
        request.Headers.Add(HeaderName.Accept, MessageSummary.ContentType);
        request.Headers.Add(HeaderName.Expires, ((long)lifetime.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        _exchange = new Exchange(core, request, _dialog?.NextHop ?? AgentCore.NextHop(request, account), account, _dialog, this) { WithContact = true };
        _exchange.Start(now);
    }

    private TimeSpan Refresh(uint seconds) => RegistrationSchedule.Refresh(TimeSpan.FromSeconds(Math.Clamp(seconds, 20, 86_400)), core.Entropy);

    private void SetTimer(Instant now, TimeSpan? after)
    {
        if (after is { } wait) core.Timers.Set((this, SipTimer.Subscribe), now + wait);
    }

    private void Drop()
    {
        _exchange?.Abort();
        _exchange = null;
        _dialog = null;
        _callId = _localTag = "";
        core.Timers.Cancel((this, SipTimer.Subscribe));
    }

    private bool LeadsTo(LocalPath path, SipUri contact) => account.PublicAddress is { } seen && account.PublicPath == path.Id
        ? contact.Host == seen.Ip.ToString() && contact.EffectivePort == seen.Port
        : core.Transport.LeadsTo(path, contact);
}
