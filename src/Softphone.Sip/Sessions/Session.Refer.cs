using System.Globalization;
using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// REFER within the session, both ways (RFC 3515, RFC 5589). Of ours one is under way at a time, and its NOTIFYs are taken until the
/// peer says how it ended. One of the peer's becomes a <see cref="Referral"/>.
/// </summary>
internal sealed partial class Session
{
    /// <summary>A transferred phone may ring for long; nobody waits for ever.</summary>
    private static readonly TimeSpan LongestReferral = TimeSpan.FromMinutes(5);

    private Exchange? _refer;
    private (uint First, uint Last) _referNumbers;
    private bool _isReferOpen;
    private bool _isReferAccepted;
    private Referral? _referral;
    private int _refersTaken;

    /// <summary>The dialog as an INVITE that replaces it has to name it, seen from the peer (RFC 3891 §3).</summary>
    public ReplacesHeader? AsReplaced => _dialog is { } dialog && !_isEnded ? new ReplacesHeader(dialog.Key.CallId, dialog.Key.RemoteTag, dialog.Key.LocalTag) : null;

    /// <summary>
    /// Whom an INVITE that replaces this dialog is sent to: the peer's address of record where it is of our domain, or where proxies stand
    /// between us, for its Contact may be behind a NAT that lets in nothing but those; else its Contact.
    /// </summary>
    public SipUri? PeerUri
    {
        get
        {
            if (_dialog is not { } dialog) return null;
            var identity = dialog.RemoteIdentity;
            return identity is { IsSip: true, User.Length: > 0 } && account is not null
                && (dialog.RouteSet.Count > 0 || identity.Host.Equals(account.Settings.Aor.Host, StringComparison.OrdinalIgnoreCase))
                ? identity.AddressOfRecord
                : dialog.RemoteTarget with { Headers = "" };
        }
    }

    /// <summary>
    /// Whether an INVITE from there may take the place of this dialog: from where the peer itself is, or by a server of ours, which knows whom
    /// it serves.
    /// </summary>
    public bool MayBeReplacedFrom(IpAddress ip) => ip == PeerAt || account?.Servers.IsFrom(ip) == true;

    /// <summary>Null when an INVITE may take the place of this dialog, else the status owed: ended, answered though only an early one was meant, or still ringing here.</summary>
    public int? MayBeReplaced(ReplacesHeader named) => _isEnded ? 603
        : _dialog is null ? null
        : _invite is null && !_isConfirmed && _answer is null ? 481
        : named.IsEarlyOnly ? 486 : null;

    /// <summary>Asks the peer to call somebody else; false when that cannot be asked now.</summary>
    public bool Refer(Instant now, SipUri target)
    {
        if (_isEnded || !_isConfirmed || _dialog is not { } dialog || _isReferOpen) return false;
        var request = InDialog(dialog, SipMethod.Refer);
        request.Headers.Add(HeaderName.ReferTo, new NameAddr(target with { Password = null }).ToString());
        if (account is not null && !AgentCore.IsAnonymous(request)) request.Headers.Add(HeaderName.ReferredBy, new NameAddr(account.Settings.Aor.AddressOfRecord).ToString());
        request.Headers.Add(HeaderName.Allow, AgentCore.Allow);
        core.AddSupported(request, account);
        request.Headers.TryCSeq(out var cseq);
        _referNumbers = (cseq.Number, cseq.Number);
        _isReferOpen = true;
        _isReferAccepted = false;
        core.Note(now, Id.ToString(), string.Create(CultureInfo.InvariantCulture, $"transferring to {target with { Password = null, Headers = "" }}"));
        _refer = Send(now, dialog, request, withContact: true);
        return true;
    }

    private void OnReferFinal(Instant now, Exchange exchange, SipResponse response)
    {
        _refer = null;
        if (!_isReferOpen) return;
        if (!response.IsSuccess)
        {
            CloseRefer();
            var fault = SipFaults.Status(exchange, response);
            if (!_isEnded) core.Emit(new SipEvent.ReferAnswered(Id, response.Status, response.Reason, fault));
            if (response.Status == 481) EndIfUnknown(now, exchange, response);
            return;
        }

        AcceptedRefer(now, response.Status, response.Reason);
        // Nothing will be told, so whether it came to pass is not ours to know (RFC 4488 §4).
        if (_isReferOpen && response.Headers.TryValue(HeaderName.ReferSub, out var value, out _) && value.Equals("false", StringComparison.OrdinalIgnoreCase)) OnReferNews(200, "Accepted", true);
    }

    private void AcceptedRefer(Instant now, int status, string reason)
    {
        if (_isReferAccepted || _isEnded) return;
        _isReferAccepted = true;
        core.Timers.Set((this, SipTimer.ReferNews), now + core.Transactions.Timers.Limit);
        core.Emit(new SipEvent.ReferAnswered(Id, status, reason, null));
    }

    private void OnReferUnanswered(int status, Fault fault)
    {
        _refer = null;
        if (!_isReferOpen) return;
        CloseRefer();
        if (!_isEnded) core.Emit(new SipEvent.ReferAnswered(Id, status, ReasonPhrase.Of(status), fault));
    }

    /// <summary>NOTIFY of our REFER; the first may be faster than the 202 (RFC 6665 §4.1.2.4). Anything else is no subscription of ours.</summary>
    private void OnNotify(Instant now, Transaction transaction, SipRequest request)
    {
        if (!request.Headers.TryValue(HeaderName.Event, out var package, out var parameters)
            || !package.Equals("refer", StringComparison.OrdinalIgnoreCase))
        {
            Respond(now, transaction, 489);
            return;
        }

        if (!_isReferOpen || (parameters["id"] is { } id && !(uint.TryParse(id, NumberStyles.None, null, out var number) && number >= _referNumbers.First && number <= LastReferNumber)))
        {
            Respond(now, transaction, 481);
            return;
        }

        if (request.Headers.ContentType is { } type && !type.Is("message/sipfrag"))
        {
            var refusal = core.Response(request, 415);
            refusal.Headers.Add(HeaderName.Accept, "message/sipfrag");
            core.Transactions.Respond(now, transaction, refusal);
            return;
        }

        Respond(now, transaction, 200);
        AcceptedRefer(now, 202, ReasonPhrase.Of(202));
        request.Headers.TryValue(HeaderName.SubscriptionState, out var state, out var about);
        var isOver = state.Equals("terminated", StringComparison.OrdinalIgnoreCase);
        if (!isOver)
        {
            var expires = Grammar.TryNumber(about["expires"], out var seconds) ? TimeSpan.FromSeconds(Math.Clamp(seconds, 32, LongestReferral.TotalSeconds)) : LongestReferral;
            core.Timers.Set((this, SipTimer.ReferNews), now + expires);
        }

        var isTold = SipFragment.TryParse(request.Body.Span, out var status, out var reason);
        if (isTold || isOver) OnReferNews(isTold ? status : 0, reason, isOver || status >= 200);
    }

    private uint LastReferNumber => _refer is { } refer && refer.Template.Headers.TryCSeq(out var cseq) ? Math.Max(cseq.Number, _referNumbers.Last) : _referNumbers.Last;

    private void OnReferNews(int status, string reason, bool isOver)
    {
        if (isOver) CloseRefer();
        if (!_isEnded) core.Emit(new SipEvent.ReferNews(Id, status, reason, isOver));
    }

    private void CloseRefer()
    {
        _isReferOpen = false;
        core.Timers.Cancel((this, SipTimer.ReferNews));
    }

    /// <summary>The peer wants us to call somebody else: in a call that is up, one at a time (RFC 3515 §2.4.2).</summary>
    private void OnRefer(Instant now, Dialog dialog, Transaction transaction, SipRequest request)
    {
        if (_isEnded || !_isConfirmed || dialog != _dialog)
        {
            Respond(now, transaction, 403);
            return;
        }

        if (request.Headers.CountOf(HeaderName.ReferTo) != 1 || !request.Headers.TryAddress(HeaderName.ReferTo, out var target))
        {
            Respond(now, transaction, 400, "One Refer-To");
            return;
        }

        if (_referral is { IsOver: false })
        {
            Respond(now, transaction, 491);
            return;
        }

        request.Headers.TryCSeq(out var cseq);
        request.Headers.TryAddress(HeaderName.ReferredBy, out var by);
        _referral = new Referral(core, core.NextReferral(), dialog, account, _forced, transaction, cseq.Number, isFirst: _refersTaken++ == 0);
        core.Referrals.Add(_referral.Id, _referral);
        _referral.Start(now);
        core.Note(now, Id.ToString(), $"asked to call {target.Uri with { Password = null, Headers = "" }}");
        // Without Record-Route our peer sends by itself what its server once vouched for; with it, what passes the server by is not vouched for.
        var isByServer = IsByServer && (dialog.RouteSet.Count == 0 || account!.Servers.IsFrom(transaction.Flow.Remote.Ip));
        core.Emit(new SipEvent.ReferReceived(Id, _referral.Id, target.Uri, by) { IsByServer = isByServer });
    }

    private void OnSubscribe(Instant now, Dialog dialog, Transaction transaction, SipRequest request)
    {
        if (!request.Headers.TryValue(HeaderName.Event, out var package, out var parameters) || !package.Equals("refer", StringComparison.OrdinalIgnoreCase)) core.RefuseEvent(now, transaction);
        else if (_referral is { IsOver: false } referral && referral.Matches(dialog, parameters)) referral.OnSubscribe(now, transaction);
        else Respond(now, transaction, 481);
    }
}
