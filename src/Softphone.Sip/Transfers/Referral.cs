using System.Globalization;
using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// A REFER that the peer sent us, and the subscription that it implies: NOTIFY tells what becomes of it (RFC 3515 §2.4.4, RFC 6665).
/// One NOTIFY is under way at a time, and of what waits only the newest is told. Lives beside the session, which may end before it.
/// </summary>
internal sealed class Referral(AgentCore core, ReferralId id, Dialog dialog, Account? account, Transport? forced, Transaction asked, uint sequence, bool isFirst) : IExchangeUser, ITimed
{
    /// <summary>Somebody has to decide; the peer's transaction ends after 64·T1 in any case.</summary>
    private static readonly TimeSpan DecisionLimit = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private Exchange? _notify;
    private (int Status, string Reason) _last = (100, ReasonPhrase.Of(100));
    private bool _isUntold;
    private bool _isAccepted;
    private bool _hasUnsubscribed;
    private Instant _end;

    public ReferralId Id => id;

    /// <summary>Nothing more will be told.</summary>
    public bool IsOver { get; private set; }

    public bool Matches(Dialog other, Parameters eventParameters) =>
        other == dialog && (eventParameters["id"] is not { } named || named == sequence.ToString(CultureInfo.InvariantCulture));

    public void Start(Instant now) => core.Timers.Set((this, SipTimer.Referral), now + DecisionLimit);

    /// <summary>202, and the first NOTIFY at once; with <c>Refer-Sub: false</c> 200 and none at all (RFC 4488 §4).</summary>
    public void Accept(Instant now)
    {
        if (_isAccepted || IsOver) return;
        _isAccepted = true;
        var isSilent = asked.Request.Headers.TryValue(HeaderName.ReferSub, out var wanted, out _) && wanted.Equals("false", StringComparison.OrdinalIgnoreCase);
        var response = core.Response(asked.Request, isSilent ? 200 : 202);
        response.Headers.Add(HeaderName.Contact, core.DialogContact(account, asked.Flow).ToString());
        if (isSilent) response.Headers.Add(HeaderName.ReferSub, "false");
        core.Transactions.Respond(now, asked, response);
        if (isSilent)
        {
            Finish();
            return;
        }

        _end = now + Lifetime;
        core.Timers.Set((this, SipTimer.Referral), _end);
        _isUntold = true;
        TellNext(now);
    }

    public void Refuse(Instant now, int status)
    {
        if (_isAccepted || IsOver) return;
        core.Transactions.Respond(now, asked, core.Response(asked.Request, status));
        Finish();
    }

    public void Tell(Instant now, int status, string reason)
    {
        if (!_isAccepted || IsOver || _last.Status >= 200 || _last.Status == status) return;
        _last = (status, reason);
        _isUntold = true;
        TellNext(now);
    }

    /// <summary>The peer refreshes the subscription, or ends it with 0 (RFC 6665 §4.1.2.2): either way the state is told once more.</summary>
    public void OnSubscribe(Instant now, Transaction transaction)
    {
        _hasUnsubscribed = transaction.Request.Headers.Expires == 0;
        var response = core.Response(transaction.Request, 200);
        response.Headers.Add(HeaderName.Expires, Seconds(now));
        response.Headers.Add(HeaderName.Contact, core.DialogContact(account, transaction.Flow).ToString());
        core.Transactions.Respond(now, transaction, response);
        _isUntold = true;
        TellNext(now);
    }

    public void OnTimer(Instant now, SipTimer timer)
    {
        if (!_isAccepted)
        {
            Refuse(now, 603);
            return;
        }

        _hasUnsubscribed = true;
        _isUntold = true;
        TellNext(now);
    }

    void IExchangeUser.OnProvisional(Instant now, Exchange exchange, SipResponse response)
    {
    }

    void IExchangeUser.OnFinal(Instant now, Exchange exchange, SipResponse response) => OnTold(now, response.IsSuccess);

    void IExchangeUser.OnFailure(Instant now, Exchange exchange, int status, Fault fault) => OnTold(now, false);

    /// <summary>Lets go, sending nothing.</summary>
    public void Abort() => Finish();

    private void OnTold(Instant now, bool isHeard)
    {
        _notify = null;
        if (!isHeard) Finish();
        else TellNext(now);
    }

    private void TellNext(Instant now)
    {
        if (!_isUntold || IsOver || _notify is not null) return;
        _isUntold = false;
        var isLast = _last.Status >= 200 || _hasUnsubscribed;
        var request = dialog.Request(SipMethod.Notify);
        if (core.Options.UserAgent.Length > 0) request.Headers.Add(HeaderName.UserAgent, core.Options.UserAgent);
        // Only from the second REFER of a dialog on must the id be there, and some phones do not expect it in the first (§2.4.6).
        request.Headers.Add(HeaderName.Event, isFirst ? "refer" : string.Create(CultureInfo.InvariantCulture, $"refer;id={sequence}"));
        request.Headers.Add(HeaderName.SubscriptionState, !isLast ? $"active;expires={Seconds(now)}" : _last.Status >= 200 ? "terminated;reason=noresource" : "terminated;reason=timeout");
        request.SetBody(SipFragment.ContentType, SipFragment.Of(_last.Status, _last.Reason));
        _notify = new Exchange(core, request, dialog.NextHop, account, dialog, this) { WithContact = true, Forced = forced };
        if (isLast) Finish();
        _notify.Start(now);
    }

    private string Seconds(Instant now) => Math.Max(0, (int)(_hasUnsubscribed ? TimeSpan.Zero : _end - now).TotalSeconds).ToString(CultureInfo.InvariantCulture);

    private void Finish()
    {
        IsOver = true;
        core.Timers.Cancel((this, SipTimer.Referral));
        core.Referrals.Remove(id);
    }
}
