using Softphone.Core;

namespace Softphone.Sip;

/// <summary>The end of a session: by CANCEL, BYE, 487 or 603, whichever the state asks for (RFC 3261 §9, §15).</summary>
internal sealed partial class Session
{
    private Exchange? _bye;
    private string? _byeReason;
    private bool _isBroken;

    /// <summary>Its owner hears the peer by media, and decides what silence in signalling means.</summary>
    private bool _isKept;

    public void Hangup(Instant now, string? reason)
    {
        if (_isEnded) return;
        _byeReason = reason;
        if (_dialog is null)
        {
            End(now, EndCause.Local, 487, ReasonPhrase.Of(487), null);
            _invite?.Cancel(now, reason);
            return;
        }

        if (IsAsked && !_isConfirmed)
        {
            Reject(now, 603, null, null);
            return;
        }

        End(now, EndCause.Local, 200, "", null);
        if (_ackWaits)
        {
            _ackWaits = false;
            Acknowledge(now, _dialog, _invite!, default);
        }

        // A callee waits for the ACK or its limit before it may say BYE (§15).
        if (_answer is not null && !_isConfirmed) _byeAfterAck = true;
        else SendBye(now, reason);
    }

    /// <summary>
    /// This session, or its owner, threw: the peer is told by what its state asks for, 500 where it waits for an answer. What throws again
    /// while it ends is dropped with nothing more said.
    /// </summary>
    public void Break(Instant now)
    {
        var isNews = !_isBroken;
        _isBroken = true;
        try
        {
            if (isNews) TellBroken(now);
        }
        catch (Exception e)
        {
            core.Emit(new SipEvent.Broke($"the end of {Id}", e));
            isNews = false;
        }

        if (!isNews) Abort();
        if (!_isEnded) End(now, EndCause.Error, 500, ReasonPhrase.Of(500), SipFaults.Broken());
    }

    /// <summary>A stranger called, and has yet to show by an ACK that he is where he says.</summary>
    public bool IsUnproven => !_isEnded && !_isConfirmed && _server is not null && _dialog is { CameByServer: false };

    /// <summary>Its place is for somebody else: 486 where the peer still waits, BYE once it may be said.</summary>
    public void GiveWay(Instant now)
    {
        if (IsAsked)
        {
            Refuse(now, core.Response(_server!.Request, 486, toTag: _localTag));
            Unbind();
        }
        else
        {
            _byeReason = "SIP;cause=486;text=\"Busy Here\"";
            _byeAfterAck = true;
        }

        End(now, EndCause.Error, 486, ReasonPhrase.Of(486), SipFaults.GaveWay());
    }

    private void TellBroken(Instant now)
    {
        const string reason = "SIP;cause=500;text=\"internal error\"";
        if (_dialog is not { } dialog)
        {
            _invite?.Cancel(now, reason);
        }
        else if (IsAsked && !_isConfirmed)
        {
            Refuse(now, core.Response(_server!.Request, 500, toTag: _localTag));
            Unbind();
        }
        else
        {
            if (_ackWaits) Acknowledge(now, dialog, _invite!, default);
            _ackWaits = false;
            _byeReason = reason;
            // Whoever waits for the ACK says BYE after it (§15).
            if (_answer is not null && !_isConfirmed) _byeAfterAck = true;
            else SendBye(now, reason);
        }
    }

    /// <summary>Gives up at once: nothing more is sent or expected.</summary>
    public void Abort()
    {
        Unbind();
        _flow.Release();
        _reliable?.Finish();
        table.Remove(this);
        foreach (var timer in Enum.GetValues<SipTimer>()) core.Timers.Cancel((this, timer));
    }

    private void OnBye(Instant now, Dialog dialog, Transaction transaction, SipRequest bye)
    {
        Respond(now, transaction, 200);
        if (dialog != _dialog)
        {
            _early.Forget(dialog.Key.RemoteTag);
            return;
        }

        RefusePending(now);
        StopAnswer();
        Unbind();
        var reason = ReasonHeader.Of(bye);
        End(now, EndCause.Remote, 200, reason.Words, null, reason.IsElsewhere);
    }

    public void Keep() => _isKept = true;

    /// <summary>Over: the peer knows the dialog no more, or does not answer in it.</summary>
    public void GiveUp(Instant now, int status, string reason, Fault fault)
    {
        if (_isEnded) return;
        if (status == 481) Unbind();
        else SendBye(now, null);
        End(now, EndCause.Error, status, reason, fault);
    }

    private void Doubt(Instant now, Exchange exchange, SipResponse response) => Doubt(
        now, exchange.Template, response.Status, response.Reason, new Fault(Layer.Sip, $"the peer no longer knows the call ({response.Status} {response.Reason})"));

    /// <summary>The peer, or a server on the way to it, knows the dialog no more, or does not answer in it.</summary>
    // DEVIATION: RFC 3261 §12.2.1.2 and RFC 5057 §5.1 end the dialog here. A proxy says 408 after ten seconds for a phone that changes its network, and a
    // request may have gone to where the phone no longer is, while media goes on: whoever hears it decides (OutlivingTests).
    private void Doubt(Instant now, SipRequest? request, int status, string reason, Fault fault)
    {
        if (_isEnded) return;
        if (_isKept) core.Emit(new SipEvent.PeerDoubted(Id, status, reason, fault, request is not null && _dialog!.HasLeft(request)));
        else GiveUp(now, status, reason, fault);
    }

    /// <summary>
    /// The ACK to a 2xx has no way to where its dialog leads, and nothing else has, BYE included: whoever answered repeats itself until it gives up
    /// (§13.3.1.4), and a call that looks as if it were up is none.
    /// </summary>
    private void OnUnacknowledged(Instant now, Exchange ack, int status, Fault fault)
    {
        if (_isEnded || ack.Dialog != _dialog) return;
        if (_isKept && ack.Acknowledged != _invite?.Transaction?.Request)
        {
            Doubt(now, ack.Template, status, ReasonPhrase.Of(status), SipFaults.NoWayToPeer(fault));
            return;
        }

        Unbind();
        End(now, EndCause.Error, status, ReasonPhrase.Of(status), SipFaults.NoWayToPeer(fault));
    }

    /// <summary>
    /// An INFO or UPDATE told that the peer has no such dialog any more, which ends the call (RFC 5057 §5.1); but not while other dialogs of a fork
    /// may still become it.
    /// </summary>
    private void EndIfUnknown(Instant now, Exchange exchange, SipResponse response)
    {
        if (_isConfirmed && response.Status is 408 or 481) Doubt(now, exchange, response);
    }

    private void SendBye(Instant now, string? reason)
    {
        if (_dialog is not { } dialog || _bye is not null) return;
        RefusePending(now);
        StopAnswer();
        var request = InDialog(dialog, SipMethod.Bye);
        if (reason is not null) request.Headers.Add(HeaderName.Reason, reason);
        _bye = new Exchange(core, request, dialog.NextHop, account, dialog, this) { Forced = _forced };
        _bye.Start(now);
    }

    /// <summary>Requests of the peer that still wait for an answer get 487 (§15.1.2).</summary>
    private void RefusePending(Instant now)
    {
        if (IsAsked) Refuse(now, core.Response(_server!.Request, 487, toTag: _localTag));
        if (_update is { } update)
        {
            _update = null;
            Respond(now, update.Transaction, 487);
        }
    }

    private void Unbind()
    {
        if (_dialog is { } dialog) table.Unbind(dialog.Key);
        DropEarly(keep: null);
    }

    /// <summary>What came from the peer's side since the call began, and could not be taken.</summary>
    private IReadOnlyList<Dropped> Dropped =>
        _invite?.Dropped ?? core.Transport.Unread.Since(_begunAt, ip => ip == _peerAt || account?.Servers.IsFrom(ip) == true);

    private void End(Instant now, EndCause cause, int status, string reason, Fault? fault, bool elsewhere = false)
    {
        if (_isEnded) return;
        _isEnded = true;
        _flow.Release();
        table.Remove(this);
        foreach (var timer in (ReadOnlySpan<SipTimer>)[SipTimer.Progress, SipTimer.StillRinging, SipTimer.RingLimit, SipTimer.Invitation, SipTimer.Glare, SipTimer.Flow, SipTimer.ReferNews, SipTimer.SessionRefresh, SipTimer.SessionEnd])
            core.Timers.Cancel((this, timer));
        core.Note(now, Id.ToString(), $"ended by {cause}, {status} {reason}");
        core.Emit(new SipEvent.Ended(Id, cause, status, reason, fault, elsewhere) { Dropped = fault is null ? [] : Dropped });
    }
}
