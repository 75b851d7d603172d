using System.Globalization;
using Softphone.Core;

namespace Softphone.Sip;

/// <summary>The caller's side: INVITE, early dialogs, the answer, its forks (RFC 3261 §13.2).</summary>
internal sealed partial class Session
{
    private const int MaxForks = 16;

    private readonly Dictionary<string, Dialog> _early = [];
    private readonly Dictionary<string, Exchange> _losers = [];
    private readonly Dictionary<string, (int Status, ReadOnlyMemory<byte> Sdp)> _told = [];
    private Exchange? _invite;
    private Transport? _forced;
    private TimeSpan? _ringLimit;
    private bool _hasOffered;
    private bool _ackWaits;

    public void Call(Instant now, SipUri target, ReadOnlyMemory<byte> offer, InviteOptions options)
    {
        _forced = options.Transport;
        _hasOffered = !offer.IsEmpty;
        var request = core.RequestOutside(account!, SipMethod.Invite, target, options.Anonymous);
        request.Headers.Add(HeaderName.Allow, AgentCore.Allow);
        core.AddSupported(request);
        AskForTimer(request);
        if (options.Anonymous) request.Headers.Add(HeaderName.Privacy, "id");
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
        if (tag.Length > 0)
        {
            if (_early.TryGetValue(tag, out var known)) known.Refresh(response);
            else if (_early.Count < MaxForks && DialogOf(_invite!, response) is { } early)
            {
                _early[tag] = early;
                table.Bind(early.Key, this);
            }
        }

        // A peer repeats what must not get lost (RFC 8839 §7.1); told once is enough.
        var sdp = SdpOf(response);
        if (_told.TryGetValue(tag, out var last) && last.Status == response.Status && last.Sdp.Span.SequenceEqual(sdp.Span)) return;
        if (_told.Count < MaxForks || _told.ContainsKey(tag)) _told[tag] = (response.Status, sdp);
        core.Note(now, Id.ToString(), $"{response.Status} {response.Reason}");
        core.Emit(new SipEvent.Progress(Id, tag, response.Status, response.Reason, sdp) { Remote = _invite?.Transaction?.Flow.Remote ?? default });
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

        var dialog = _early.GetValueOrDefault(tag) ?? DialogOf(invite, response);
        if (dialog is null) return;
        core.Timers.Cancel((this, SipTimer.RingLimit));
        dialog.Confirm(response);
        _dialog = dialog;
        _peerAt = invite.Transaction!.Flow.Remote.Ip;
        table.Bind(dialog.Key, this);
        DropEarly(keep: dialog);
        var sdp = SdpOf(response);
        if (_isEnded || (sdp.IsEmpty && !_hasOffered))
        {
            // Hung up while the answer was under way (the 2xx won against CANCEL), or there is nothing to talk about.
            Acknowledge(now, dialog, invite, default);
            SendBye(now, null);
            End(now, EndCause.Error, response.Status, response.Reason, SipFaults.NoOfferInAnswer());
            return;
        }

        core.Note(now, Id.ToString(), "answered");
        LearnTimer(now, invite, response);
        _ackWaits = !_hasOffered;
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

        if (_losers.Count >= MaxForks || DialogOf(invite, response) is not { } loser) return;
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
        var early = _early.Values.ToArray();
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

    private void DropEarly(Dialog? keep)
    {
        foreach (var early in _early.Values)
            if (early != keep) table.Unbind(early.Key);
        _early.Clear();
    }
}
