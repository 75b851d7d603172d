using System.Globalization;
using Softphone.Core;

namespace Softphone.Sip;

/// <summary>The caller's side: INVITE, early dialogs, the answer, its forks (RFC 3261 §13.2).</summary>
internal sealed partial class Session
{
    private readonly Dictionary<string, Exchange> _losers = [];
    private Exchange? _invite;
    private Transport? _forced;
    private TimeSpan? _ringLimit;
    private bool _hasOffered;
    private bool _ackWaits;

    public void Call(Instant now, SipUri target, ReadOnlyMemory<byte> offer, InviteOptions options)
    {
        _forced = options.Transport;
        _hasOffered = !offer.IsEmpty;
        var isHidden = options.Anonymous || account!.Settings.IsPrivate;
        var request = core.RequestOutside(account!, SipMethod.Invite, target, isHidden);
        request.Headers.Add(HeaderName.Allow, AgentCore.Allow);
        core.AddSupported(request, account);
        if (account!.Settings.Provisionals == Reliability.Required) request.Headers.Add(HeaderName.Require, OptionTags.Prack);
        AskForTimer(request);
        if (isHidden) request.Headers.Add(HeaderName.Privacy, "id");
        foreach (var (name, value) in options.Headers) request.Headers.Add(name, value);
        if (_hasOffered) request.SetBody(MediaType.ApplicationSdp, offer);
        _invite = new Exchange(core, request, AgentCore.NextHop(request, account!), account, null, this) { WithContact = true, Forced = _forced };
        _ringLimit = options.RingTimeout;
        if (_ringLimit is { } limit) core.Timers.Set((this, SipTimer.RingLimit), now + limit);
        core.Note(now, Id.ToString(), string.Create(CultureInfo.InvariantCulture, $"calling {target with { Password = null }}"));
        _invite.Start(now);
    }

    private void OnRinging(Instant now, SipResponse response)
    {
        if (response.Status == 100 || _isEnded) return;
        var tag = response.Headers.TryTo(out var to) ? to.Tag ?? "" : "";
        if (_early.IsOver(tag)) return;
        var branch = _early.Find(tag);
        if (branch is null && tag.Length > 0 && !_early.IsFull && DialogOf(_invite!, response) is { } early) branch = _early.Add(this, early);
        var isReliable = response.ReliableNumber is not null;
        // What comes again, or too early, or in no dialog that we keep, is not processed (RFC 3262 §4).
        if (isReliable && branch?.Order.TryTake(response.ReliableNumber!.Value) != true) return;
        branch?.Dialog.Refresh(response);
        var sdp = SdpOf(response);
        // The first description is an offer where the INVITE had none: the answer goes into the PRACK (§5).
        var isOffer = isReliable && !_hasOffered && !sdp.IsEmpty && !branch!.IsAgreed && branch.Asking is null;
        if (isOffer) branch!.Asking = response;
        else if (isReliable) Acknowledge(now, branch!, response, default);
        if (response.Status == 199) _early.Forget(tag);
        if (!_early.IsNews(tag, response.Status, sdp)) return;
        core.Note(now, Id.ToString(), $"{response.Status} {response.Reason}");
        core.Emit(new SipEvent.Progress(Id, tag, response.Status, response.Reason, sdp) { Remote = _invite?.Transaction?.Flow.Remote ?? default, IsOffer = isOffer });
    }

    /// <summary>
    /// PRACK for a reliable provisional response (RFC 3262 §4), with our answer where it was an offer. One that brings the answer to our first offer
    /// takes the next one along, where that waits (§5).
    /// </summary>
    private void Acknowledge(Instant now, EarlyDialog branch, SipResponse response, ReadOnlyMemory<byte> answer)
    {
        response.Headers.TryCSeq(out var cseq);
        var prack = InDialog(branch.Dialog, SipMethod.Prack);
        prack.Headers.Add(HeaderName.RAck, new RAck(response.ReliableNumber!.Value, cseq.Number, cseq.Method).ToString());
        var isAnswer = _hasOffered && !branch.IsAgreed && !SdpOf(response).IsEmpty;
        branch.IsAgreed |= isAnswer || !answer.IsEmpty;
        (ReadOnlyMemory<byte> Sdp, bool ByUpdate)? next = isAnswer && _offer is null && _update is null && _dialog is null ? _queuedOffer : null;
        if (next is { } offer) (_sentOffer, _queuedOffer) = (offer, null);
        if ((next?.Sdp ?? answer) is { IsEmpty: false } sdp) prack.SetBody(MediaType.ApplicationSdp, sdp);
        var exchange = branch.Prack = new Exchange(core, prack, branch.Dialog.NextHop, account, branch.Dialog, this) { Forced = _forced };
        if (next is not null) _offer = exchange;
        exchange.Start(now);
    }

    /// <summary>What the peer says reliably of an offer of ours in a call that is up: acknowledged, in the order of its numbers.</summary>
    private void AcknowledgeProgress(Instant now, Exchange reinvite, SipResponse response)
    {
        if (response.ReliableNumber is not { } number || reinvite.Dialog is not { } dialog || !reinvite.Order.TryTake(number)) return;
        response.Headers.TryCSeq(out var cseq);
        var prack = InDialog(dialog, SipMethod.Prack);
        prack.Headers.Add(HeaderName.RAck, new RAck(number, cseq.Number, cseq.Method).ToString());
        Send(now, dialog, prack);
    }

    private void OnPrackFinal(Instant now, EarlyDialog branch, SipResponse response)
    {
        branch.Prack = null;
        if (!response.IsSuccess) core.Note(now, Id.ToString(), $"PRACK answered {response.Status} {response.Reason}");
        TryOffer(now);
    }

    private void OnAnswered(Instant now, Exchange invite, SipResponse response)
    {
        var tag = response.Headers.TryTo(out var to) ? to.Tag ?? "" : "";
        if (_dialog is not null)
        {
            if (_dialog.Key.RemoteTag == tag) invite.Acknowledgement?.Repeat(now);
            else ReleaseLoser(now, invite, response, tag);
            return;
        }

        var branch = _early.Find(tag);
        if ((branch?.Dialog ?? DialogOf(invite, response)) is not { } dialog) return;
        core.Timers.Cancel((this, SipTimer.RingLimit));
        dialog.Confirm(response);
        _dialog = dialog;
        _peerAt = invite.Transaction!.Flow.Remote.Ip;
        table.Bind(dialog.Key, this);
        DropEarly(keep: dialog);
        DropOffersOf(now, dialog);
        // Where offer and answer went on before it was answered, what they began with is repeated at most (RFC 3261 §13.2.1).
        var isAgreed = branch is { IsAgreed: true } && (branch.HasChanged || !_hasOffered);
        var sdp = isAgreed ? default : SdpOf(response);
        if (_isEnded || (sdp.IsEmpty && !_hasOffered && !isAgreed))
        {
            // Hung up while the answer was under way (the 2xx won against CANCEL), or there is nothing to talk about.
            Acknowledge(now, dialog, invite, default);
            SendBye(now, null);
            End(now, EndCause.Error, response.Status, response.Reason, SipFaults.NoOfferInAnswer());
            return;
        }

        core.Note(now, Id.ToString(), "answered");
        LearnTimer(now, invite, response);
        _ackWaits = !_hasOffered && !isAgreed;
        if (!_ackWaits)
        {
            Acknowledge(now, dialog, invite, default);
            if (_isEnded) return;
            _isConfirmed = true;
        }

        Reached(now, invite.Transaction);
        core.Emit(new SipEvent.Answered(Id, tag, sdp, _ackWaits) { Remote = invite.Transaction?.Flow.Remote ?? default });
        TryOffer(now);
    }

    private Dialog? DialogOf(Exchange invite, SipResponse response)
    {
        var sent = invite.Transaction!;
        var dialog = Dialog.ForClient(sent.Request, response);
        if (dialog is not null) dialog.CameByServer = account!.Servers.Holds(sent.Flow);
        return dialog;
    }

    /// <summary>Another branch of a fork answered too: ACK, then BYE (RFC 3261 §13.2.2.4). Its retransmissions are acknowledged again.</summary>
    private void ReleaseLoser(Instant now, Exchange invite, SipResponse response, string tag)
    {
        if (_losers.TryGetValue(tag, out var acknowledged))
        {
            acknowledged.Repeat(now);
            return;
        }

        if (_losers.Count >= EarlyDialogs.Most || DialogOf(invite, response) is not { } loser) return;
        var winner = invite.Acknowledgement;
        Acknowledge(now, loser, invite, default);
        _losers[tag] = invite.Acknowledgement!;
        invite.Acknowledgement = winner;
        Send(now, loser, InDialog(loser, SipMethod.Bye));
    }

    private void OnRefused(Instant now, Exchange invite, SipResponse response)
    {
        DropEarly(keep: null);
        var fault = SipFaults.Status(invite, response);
        End(now, EndCause.Remote, response.Status, response.Reason, fault);
    }

    private void OnUnanswered(Instant now, int status, Fault fault)
    {
        if (_invite is { StrandedOn: { } lost, Transaction: { } sent } && _dialog is null) TakeBack(now, sent.Request, lost);
        DropEarly(keep: null);
        End(now, EndCause.Error, status, ReasonPhrase.Of(status), fault);
    }

    /// <summary>
    /// Nobody is to ring, or talk, to someone who cannot hear it: CANCEL, and BYE for where the callee has answered meanwhile, which a
    /// caller may send in an early dialog too (§15).
    /// </summary>
    private void TakeBack(Instant now, SipRequest invite, in Flow lost)
    {
        var early = _early.All.Select(branch => branch.Dialog).ToArray();
        new Farewell(core, invite, lost, _invite!.CancelReason, at =>
        {
            foreach (var dialog in early) Send(at, dialog, InDialog(dialog, SipMethod.Bye));
        }).Start(now);
    }

    private void GiveUpRinging(Instant now)
    {
        _invite?.Cancel(now, null);
        End(now, EndCause.Error, 408, "No Answer", SipFaults.NoRinging(_ringLimit ?? default, _invite?.IsHeard == true ? [] : _invite?.Dropped ?? []));
    }

    private void DropEarly(Dialog? keep) => _early.Clear(keep);

    /// <summary>One branch is answered: an offer of ours in another one is made anew in this, one of the peer's there is nobody's any more.</summary>
    private void DropOffersOf(Instant now, Dialog answered)
    {
        if (_update is { } update && update.Dialog != answered)
        {
            _update = null;
            Respond(now, update.Transaction, 481);
        }

        if (_offer is not { } open || open.Dialog == answered) return;
        _offer = null;
        AskAgain(now, TimeSpan.Zero);
    }
}
