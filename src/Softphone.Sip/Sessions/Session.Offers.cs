using System.Globalization;
using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// Offers within the session, one at a time, as re-INVITE or UPDATE; glare (RFC 3261 §14, RFC 3311 §5). Ours wait until the session is
/// confirmed, or until offer and answer are complete before that, which only reliable provisional responses make so.
/// </summary>
internal sealed partial class Session
{
    /// <summary>Offers that met one of the peer's, in a row, before the peer is taken to refuse.</summary>
    private const int MaxGlares = 8;

    /// <summary>A peer that offers once more after so many 491 has not got the offer of ours that is open.</summary>
    private const int FirmRefusals = 2;

    /// <summary>Two offers that cross are no older than this; one that is may have gone to where the peer is no more.</summary>
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(10);

    private Exchange? _offer;
    private Exchange? _abandoned;
    private (ReadOnlyMemory<byte> Sdp, bool ByUpdate)? _queuedOffer;
    private (ReadOnlyMemory<byte> Sdp, bool ByUpdate) _sentOffer;
    private bool _isOfferWanted;
    private bool _asksAnew;
    private bool _hasNoUpdate;
    private int _glares;

    /// <summary>The pause before the next offer is one that the peer asked for, since it had an offer of ours to answer.</summary>
    private bool _isPeerBusy;

    /// <summary>Offers of the peer that were refused since ours went out.</summary>
    private int _refused;

    /// <summary>Offers to change the session; while another offer is open it waits, and a newer one takes its place.</summary>
    public void Offer(Instant now, ReadOnlyMemory<byte> sdp, bool byUpdate)
    {
        if (_isEnded) return;
        _queuedOffer = (sdp, byUpdate);
        TryOffer(now);
    }

    /// <summary>Tells by OfferDue when an offer may go out, now and after each glare.</summary>
    public void RequestOffer(Instant now)
    {
        if (_isEnded) return;
        _asksAnew = true;
        _isOfferWanted = true;
        TryOffer(now);
    }

    /// <summary>
    /// The peer was told a Contact that no longer leads to us: it is neither the public address of one of our paths nor, where that is unknown, its
    /// local one; or it is of an address family by which our server is not reached any more. Or the connection by which our server reached us is gone.
    /// </summary>
    public bool IsContactStale(Instant now)
    {
        if (_isEnded || !_isConfirmed || _dialog?.ToldContact is not { } told || !NameAddr.TryParse(told, out var contact, out _)) return false;
        return core.Transport.Paths.Count > 0 && (_flow.IsLost || core.Transport.Paths.All(path => !LeadsTo(path)) || IsCutOff(now, contact.Uri));

        bool LeadsTo(LocalPath path) => account?.PublicAddress is { } seen && account.PublicPath == path.Id
            ? contact.Uri.Host == seen.Ip.ToString() && contact.Uri.EffectivePort == seen.Port
            : core.Transport.LeadsTo(path, contact.Uri);
    }

    private bool IsCutOff(Instant now, SipUri told)
    {
        if (_dialog is not { CameByServer: true, NextHop: var hop } || account is null || !IpAddress.TryParse(hop.Host, out var ip) || !IpAddress.TryParse(told.Host, out var ours)) return false;
        var place = new Target(hop.WantedTransport ?? Transport.Udp, new Address(ip, hop.EffectivePort));
        return ours.IsV4 == ip.IsV4 && core.Transport.Select(place.Transport, ip) is { } path && core.Targets.IsSilent(now, path.Id, place.Address) && account.Servers.OtherFamilyOf(place) is not null;
    }

    /// <summary>Sends our present Contact; false when the peer allows no UPDATE.</summary>
    public bool RefreshTarget(Instant now)
    {
        if (_isEnded || !_isConfirmed || _dialog is not { } dialog) return true;
        if (!dialog.MayUpdate || _hasNoUpdate) return false;
        var request = InDialog(dialog, SipMethod.Update);
        request.Headers.Add(HeaderName.Allow, AgentCore.Allow);
        core.AddSupported(request, account);
        KeepTimer(request);
        Send(now, dialog, request, withContact: true);
        return true;
    }

    /// <summary>Answers the peer's offer, in whichever message it came.</summary>
    public void AnswerOffer(Instant now, ReadOnlyMemory<byte> sdp, string tag)
    {
        if (_isEnded) return;
        if (_early.Find(tag) is { Asking: { } asking } branch)
        {
            branch.Asking = null;
            Acknowledge(now, branch, asking, sdp);
        }
        else if (_ackWaits && _dialog is { } answered)
        {
            _ackWaits = false;
            _isConfirmed = true;
            Acknowledge(now, answered, _invite!, sdp);
            TryOffer(now);
        }
        else if (_update is var (update, within))
        {
            _update = null;
            if (_early.Find(within.Key.RemoteTag) is { } changed) changed.HasChanged = true;
            core.Transactions.Respond(now, update, Updated(now, update, sdp));
            AcceptIfDue(now);
            TryOffer(now);
        }
        else if (IsAsked && _isConfirmed)
        {
            _dialog!.Refresh(_server!.Request);
            AnswerInvite(now, sdp);
        }
    }

    /// <summary>Refuses the peer's offer; the session stays as it was. A refused first offer leaves no session at all.</summary>
    public void RejectOffer(Instant now, int status)
    {
        if (_isEnded) return;
        if (_ackWaits || _early.All.Any(branch => branch.Asking is not null))
        {
            Hangup(now, null);
        }
        else if (_update is { } update)
        {
            _update = null;
            Respond(now, update.Transaction, status);
            AcceptIfDue(now);
            TryOffer(now);
        }
        else if (IsAsked && _isConfirmed)
        {
            Refuse(now, core.Response(_server!.Request, status, toTag: _localTag));
            TryOffer(now);
        }
    }

    private void OnReinvite(Instant now, Transaction transaction, SipRequest request)
    {
        if (RefuseSecondOffer(now, transaction, _dialog!)) return;
        _server = transaction;
        transaction.User = this;
        _localTag = _dialog!.Key.LocalTag;
        core.Emit(new SipEvent.OfferReceived(Id, SdpOf(request)));
    }

    private void OnUpdate(Instant now, Dialog dialog, Transaction transaction, SipRequest request)
    {
        var sdp = SdpOf(request);
        if (sdp.IsEmpty)
        {
            // A target refresh, or a session timer's: nothing to negotiate (RFC 3311 §5.2).
            dialog.Refresh(request);
            core.Transactions.Respond(now, transaction, Updated(now, transaction, default));
            if (_offer is { } stuck && _abandoned is null && _isConfirmed && dialog.HasLeft(stuck.Template)) AbandonOffer(now, stuck);
            return;
        }

        if (RefuseSecondOffer(now, transaction, dialog)) return;
        dialog.Refresh(request);
        _update = (transaction, dialog);
        core.Emit(new SipEvent.OfferReceived(Id, sdp) { Dialog = dialog.Key.RemoteTag });
    }

    /// <summary>Ours is out: 491. One of theirs is open: 500 with Retry-After (RFC 3261 §14.2, RFC 3311 §5.2).</summary>
    private bool RefuseSecondOffer(Instant now, Transaction transaction, Dialog dialog)
    {
        if (_isEnded)
        {
            Respond(now, transaction, 481);
            return true;
        }

        if (_offer is { } stuck && _abandoned is null && _isConfirmed && HasMissed(now, stuck, transaction)) AbandonOffer(now, stuck);
        if (_offer is not null || _reliable is { IsOffering: true } || IsInviteOpen(dialog))
        {
            if (_offer is not null) _refused++;
            Respond(now, transaction, 491);
            if (_isConfirmed) core.Emit(new SipEvent.PeerHeard(Id));
            return true;
        }

        // Whoever offers again has our answer: its ACK was lost, or comes late.
        if (_server is not null && _answer is not null && _isConfirmed && !_answerIsOffer) StopAnswer();
        // While it rings the INVITE is open, and its offer is not once it was answered reliably.
        if ((_server is null || (!_isConfirmed && IsAsked && _reliable is { IsAgreed: true })) && _update is null && _early.Find(dialog.Key.RemoteTag)?.Asking is null) return false;
        var refusal = core.Response(transaction.Request, 500);
        refusal.Headers.Add(HeaderName.RetryAfter, core.Entropy.NextInt(11).ToString(CultureInfo.InvariantCulture));
        core.Transactions.Respond(now, transaction, refusal);
        return true;
    }

    /// <summary>The offer of our INVITE, or in its answer, is not answered in this dialog (RFC 3311 §5.2).</summary>
    private bool IsInviteOpen(Dialog dialog) =>
        _invite is not null && (_ackWaits || (_dialog is null && _early.Find(dialog.Key.RemoteTag) is not { IsAgreed: true } and not { Asking: not null }));

    /// <summary>
    /// Our offer is on its way to where the peer is no more, so that nobody can answer it: the peer offers under another Contact (a proxy may tell it
    /// in a parameter, <c>alias</c>, while the phone behind its NAT does not know of it yet), or from another address while not even a 100 has come.
    /// Of two that moved at once the one who was called gives way, the caller only when ours has had its time. A peer that is where it was can
    /// answer, however long it takes; but one that comes a third time has not got ours, or it would not offer while ours is open (RFC 3261 §14.1):
    /// a proxy on the way holds it, for a connection that is gone.
    /// </summary>
    private bool HasMissed(Instant now, Exchange ours, Transaction theirs)
    {
        var isOverdue = now - ours.StartedAt > StuckAfter;
        if (theirs.Request.Headers.TryContact(out var contact) && contact.Uri.ToString() != _dialog!.RemoteTarget.ToString()) return isOverdue || !_dialog.IsCaller;
        if (isOverdue && _refused >= FirmRefusals) return true;
        return isOverdue && !ours.IsHeard && ours.Transaction is { } sent && !IsSamePlace(sent.Flow, theirs.Flow);
    }

    private static bool IsSamePlace(in Flow sent, in Flow arrived) =>
        // A connection comes from any port.
        sent.IsReliable || arrived.IsReliable ? sent.Remote.Ip == arrived.Remote.Ip : sent.Remote == arrived.Remote;

    private SipResponse Updated(Instant now, Transaction update, ReadOnlyMemory<byte> sdp)
    {
        var response = core.Response(update.Request, 200);
        if (update.Request.Method == SipMethod.Update)
        {
            AddContact(response, update.Flow);
            response.Headers.Add(HeaderName.Allow, AgentCore.Allow);
            core.AddSupported(response, account);
            GrantTimer(now, update.Request, response);
        }

        if (!sdp.IsEmpty) response.SetBody(MediaType.ApplicationSdp, sdp);
        return response;
    }

    /// <summary>The dialog in which an offer of ours may go out: the one that is up or, by UPDATE, the early one whose first offer is answered (RFC 3311 §5.1).</summary>
    private Dialog? OfferingIn => _isConfirmed ? _dialog
        : _hasNoUpdate ? null
        : _invite is not null ? (_dialog is null && _early.Settled is { Dialog: { MayUpdate: true } branch } ? branch : null)
        : IsAsked && _reliable is { IsAgreed: true, MayAccept: true, Accepting: null } && _dialog is { MayUpdate: true } called ? called : null;

    private void TryOffer(Instant now)
    {
        if (_isEnded || OfferingIn is not { } dialog) return;
        if (_offer is not null || (_server is not null && _isConfirmed) || _update is not null) return;
        if (core.Timers.DueOf((this, SipTimer.Glare)) is not null) return;
        if (_queuedOffer is not { } queued)
        {
            if (!_isOfferWanted) return;
            _isOfferWanted = false;
            core.Emit(new SipEvent.OfferDue(Id));
            return;
        }

        _queuedOffer = null;
        _sentOffer = queued;
        var byUpdate = !_isConfirmed || (queued.ByUpdate && !_hasNoUpdate && dialog.MayUpdate);
        var request = InDialog(dialog, byUpdate ? SipMethod.Update : SipMethod.Invite);
        request.Headers.Add(HeaderName.Allow, AgentCore.Allow);
        core.AddSupported(request, account);
        KeepTimer(request);
        request.SetBody(MediaType.ApplicationSdp, queued.Sdp);
        var exchange = new Exchange(core, request, dialog.NextHop, account, dialog, this) { WithContact = true, Forced = _forced };
        _offer = exchange;
        _refused = 0;
        exchange.Start(now);
    }

    private void OnOfferFinal(Instant now, Exchange exchange, SipResponse response)
    {
        _offer = null;
        var dialog = exchange.Dialog!;
        if (_early.ByPrack(exchange) is { } acknowledged) acknowledged.Prack = null;
        if (response.IsSuccess)
        {
            _glares = 0;
            dialog.Refresh(response);
            if (_early.Find(dialog.Key.RemoteTag) is { } branch) branch.HasChanged = true;
            if (exchange.Template.Method != SipMethod.Prack) LearnTimer(now, exchange, response);
            Reached(now, exchange.Transaction);
            if (exchange.Template.Method == SipMethod.Invite) Acknowledge(now, dialog, exchange, default);
            if (!_isEnded) core.Emit(new SipEvent.OfferAnswered(Id, SdpOf(response)));
            AcceptIfDue(now);
            TryOffer(now);
            return;
        }

        if (_isEnded) return;
        if (response.Status is 405 or 501 && exchange.Template.Method == SipMethod.Update)
        {
            _hasNoUpdate = true;
            AskAgain(now, TimeSpan.Zero);
            return;
        }

        if (RetryAfter(dialog, response) is { } wait && ++_glares <= MaxGlares)
        {
            _isPeerBusy = response.Status == 500;
            AskAgain(now, wait);
            AcceptIfDue(now);
            return;
        }

        if (response.Status is 408 or 481 && !_isKept && _isConfirmed)
        {
            Doubt(now, exchange, response);
            return;
        }

        WaitForRefused(now, dialog);
        var fault = SipFaults.Status(exchange, response);
        core.Emit(new SipEvent.OfferFailed(Id, response.Status, response.Reason, fault));
        if (response.Status is 408 or 481 && _isConfirmed) Doubt(now, exchange, response);
        AcceptIfDue(now);
        TryOffer(now);
    }

    /// <summary>How long to wait before the same wish may be offered again; null when it was refused for good.</summary>
    private TimeSpan? RetryAfter(Dialog dialog, SipResponse response) => response.Status switch
    {
        491 => Glare.BackOff(dialog.IsCaller, core.Entropy),
        500 when response.Headers.RetryAfter is { } seconds && seconds <= LongestRetry.TotalSeconds => TimeSpan.FromSeconds(seconds),
        _ => null,
    };

    /// <summary>
    /// DEVIATION: RFC 3261 §14.2 answers 491 for as long as our offer is open, and so do we as long as it can be answered. Where the peer has moved and our request goes to its old
    /// address, that would keep its own offer out, which alone can tell the new one, until the call is given up
    /// (OfferTests.Offer_ThatDoesNotArrive_GivesWayToThePeersWhereItHasMoved).
    /// </summary>
    private void AbandonOffer(Instant now, Exchange stuck)
    {
        _abandoned = stuck;
        _offer = null;
        AskAgain(now, Glare.BackOff(_dialog!.IsCaller, core.Entropy));
        stuck.Cancel(now, null);
    }

    /// <summary>The outcome of an offer that was given up: a 2xx that comes all the same is acknowledged, and another offer puts it right.</summary>
    private void OnAbandonedFinal(Instant now, Exchange exchange, SipResponse? response)
    {
        _abandoned = null;
        if (response is not { IsSuccess: true } || exchange.Template.Method != SipMethod.Invite) return;
        Acknowledge(now, _dialog!, exchange, default);
        // The next one may have been refused for this one (500, RFC 3261 §14.2), which is over now: the pause that was asked for has no reason any more.
        if (_isPeerBusy && core.Timers.DueOf((this, SipTimer.Glare)) is not null) core.Timers.Set((this, SipTimer.Glare), now);
        if (!_isEnded) core.Emit(new SipEvent.OfferOutdated(Id));
    }

    private void AskAgain(Instant now, TimeSpan wait)
    {
        if (_asksAnew)
        {
            _isOfferWanted = true;
            core.Emit(new SipEvent.OfferPostponed(Id));
        }
        else
        {
            _queuedOffer ??= _sentOffer;
        }

        if (wait > TimeSpan.Zero) core.Timers.Set((this, SipTimer.Glare), now + wait);
        else TryOffer(now);
    }

    /// <summary>
    /// Our offer failed, and not by 491, while one of the peer's was refused for it: that one comes again as RFC 3261 §14.1 has it, and ours, which may
    /// be wanted again at once, waits as if both had been refused. Else the two would meet a second time.
    /// </summary>
    private void WaitForRefused(Instant now, Dialog dialog)
    {
        if (_refused > 0) core.Timers.Set((this, SipTimer.Glare), now + Glare.BackOff(dialog.IsCaller, core.Entropy));
    }

    private void OnOfferUnanswered(Instant now, Exchange exchange, int status, Fault fault)
    {
        _offer = null;
        if (_isEnded) return;
        // DEVIATION: RFC 3261 §12.2.1.2 ends the dialog here. A peer that says it allows UPDATE and then never answers one still talks, and
        // ICE consent tells when it does not (OfferTests.Offer_ByUpdateNeverAnswered_LeavesTheCallUp).
        if (status == 408 && exchange.Template.Method == SipMethod.Update) _hasNoUpdate = true;
        else if (status == 408 && !_isKept && _isConfirmed)
        {
            GiveUp(now, 408, ReasonPhrase.Of(408), fault);
            return;
        }

        WaitForRefused(now, exchange.Dialog!);
        RetryFlow(now);
        core.Emit(new SipEvent.OfferFailed(Id, status, ReasonPhrase.Of(status), fault));
        if (status == 408 && exchange.Template.Method == SipMethod.Invite) Doubt(now, exchange.Template, 408, ReasonPhrase.Of(408), fault);
        AcceptIfDue(now);
        TryOffer(now);
    }
}
