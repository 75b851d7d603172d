using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// The callee's side: ringing, the answer and its repetition until ACK, refusal, CANCEL (RFC 3261 §13.3, §9.2). A re-INVITE of
/// the peer is answered by the same means.
/// </summary>
internal sealed partial class Session
{
    private Transaction? _server;

    /// <summary>An UPDATE or PRACK with an offer that we owe an answer.</summary>
    private (Transaction Transaction, Dialog Dialog)? _update;

    /// <summary>Our provisional responses, where they are acknowledged.</summary>
    private ReliableProgress? _reliable;
    private string _localTag = "";
    private SipResponse? _progress;
    private TimeSpan _progressInterval;
    private Instant _progressEnd;
    private SipResponse? _answer;
    private TimeSpan _answerInterval;
    private bool _answerIsOffer;
    private bool _byeAfterAck;

    /// <summary>Our provisional responses are acknowledged.</summary>
    public bool SaysReliably => _reliable is not null;

    /// <summary>The peer's INVITE waits for our decision.</summary>
    private bool IsAsked => _server is not null && _answer is null;

    /// <summary>Takes a new INVITE; false when it cannot make a dialog.</summary>
    public bool TakeCall(Instant now, Transaction transaction, SipRequest invite)
    {
        _localTag = core.NewTag();
        _dialog = Dialog.ForServer(invite, _localTag);
        if (_dialog is null) return false;
        _dialog.CameByServer = account?.Servers.IsFrom(transaction.Flow.Remote.Ip) == true;
        _server = transaction;
        _peerAt = transaction.Flow.Remote.Ip;
        _begunAt = now;
        if (IsReliable(invite)) _reliable = new ReliableProgress(core, transaction, Answering, GiveUpOnPrack);
        transaction.User = this;
        table.Bind(_dialog.Key, this);
        if (invite.Headers.Expires is { } seconds) core.Timers.Set((this, SipTimer.Invitation), now + TimeSpan.FromSeconds(seconds));
        core.Note(now, Id.ToString(), "called");
        return true;
    }

    /// <summary>Sends 101–199, with an answer in it when there is one.</summary>
    public void Progress(Instant now, int status, ReadOnlyMemory<byte> sdp, bool retransmit)
    {
        if (_isEnded || !IsAsked || _isConfirmed) return;
        core.Timers.Set((this, SipTimer.StillRinging), now + TimeSpan.FromSeconds(60));
        if (_reliable is { } reliable)
        {
            _progress = Answering(status, default);
            reliable.Send(now, status, sdp);
            return;
        }

        _progress = Answering(status, sdp);
        core.Transactions.Respond(now, _server!, _progress);
        StopProgress();
        if (!retransmit) return;
        _progressInterval = core.Options.T1;
        _progressEnd = now + core.Transactions.Timers.Limit;
        core.Timers.Set((this, SipTimer.Progress), now + _progressInterval);
    }

    public void StopProgress() => core.Timers.Cancel((this, SipTimer.Progress));

    /// <summary>Sends 200, and again until the ACK comes (§13.3.1.4). What is said reliably of the media comes first (RFC 3262 §3).</summary>
    public void Accept(Instant now, ReadOnlyMemory<byte> sdp)
    {
        if (_isEnded || !IsAsked || _isConfirmed) return;
        core.Note(now, Id.ToString(), "accepted");
        if (_reliable is { } reliable) reliable.Accepting = sdp;
        else AnswerInvite(now, sdp);
        AcceptIfDue(now);
    }

    private void AcceptIfDue(Instant now)
    {
        if (_isEnded || !IsAsked || _isConfirmed || _update is not null || _offer is not null) return;
        if (_reliable is { MayAccept: true, Accepting: { } sdp } reliable) AnswerInvite(now, reliable.IsDescribed ? default : sdp);
    }

    /// <summary>Whether the caller demands reliable provisional responses, or can take them and has them by our wish (RFC 3262 §3).</summary>
    private bool IsReliable(SipRequest invite) =>
        invite.Headers.Lists(HeaderName.Require, OptionTags.Prack)
        || (account?.Settings.Provisionals == Reliability.Required && invite.Headers.Lists(HeaderName.Supported, OptionTags.Prack));

    /// <summary>The caller acknowledges a provisional response; it answers our offer by it, or makes another one of its own (RFC 3262 §3, §5).</summary>
    private void OnPrack(Instant now, Dialog dialog, Transaction transaction, SipRequest request)
    {
        if (!RAck.TryParse(request.Headers.Get(HeaderName.RAck) ?? "", out var rack, out _))
        {
            Respond(now, transaction, 400, "Bad Request (RAck)");
            return;
        }

        if (_reliable is not { } reliable || !reliable.TryTake(rack, out var wasOffer))
        {
            Respond(now, transaction, 481);
            return;
        }

        var sdp = SdpOf(request);
        if (wasOffer && sdp.IsEmpty)
        {
            Respond(now, transaction, 200);
            Fail(now, 400, "No Answer In PRACK", SipFaults.NoAnswerInPrack());
            return;
        }

        reliable.IsAgreed |= wasOffer;
        if (wasOffer || sdp.IsEmpty || _isEnded)
        {
            Respond(now, transaction, 200);
            if (wasOffer && !_isEnded) core.Emit(new SipEvent.ProgressAnswered(Id, sdp));
        }
        else if (!RefuseSecondOffer(now, transaction, dialog))
        {
            _update = (transaction, dialog);
            core.Emit(new SipEvent.OfferReceived(Id, sdp) { Dialog = dialog.Key.RemoteTag });
        }

        reliable.SendNext(now);
        AcceptIfDue(now);
        TryOffer(now);
    }

    /// <summary>Nobody has acknowledged a provisional response for 64·T1 (RFC 3262 §3).</summary>
    private void GiveUpOnPrack(Instant now) => Fail(now, 504, ReasonPhrase.Of(504), SipFaults.NoPrack(Dropped));

    private void Fail(Instant now, int status, string reason, Fault fault)
    {
        if (!IsAsked || _isConfirmed) return;
        Refuse(now, core.Response(_server!.Request, status, reason, _localTag));
        Unbind();
        End(now, EndCause.Error, status, reason, fault);
    }

    public void Reject(Instant now, int status, string? reason, IReadOnlyList<KeyValuePair<string, string>>? headers)
    {
        if (_isEnded || !IsAsked || _isConfirmed) return;
        var refusal = core.Response(_server!.Request, status, reason, _localTag);
        foreach (var (name, value) in headers ?? []) refusal.Headers.Add(name, value);
        Refuse(now, refusal);
        Unbind();
        End(now, EndCause.Local, status, refusal.Reason, null);
    }

    /// <summary>The peer cancels its INVITE; the CANCEL itself is answered by the core. After our 2xx it means nothing (§9.2).</summary>
    public void OnCancel(Instant now, SipRequest cancel)
    {
        if (!IsAsked) return;
        Refuse(now, core.Response(_server!.Request, 487, toTag: _localTag));
        if (_isConfirmed)
        {
            if (!_isEnded) core.Emit(new SipEvent.OfferFailed(Id, 487, ReasonPhrase.Of(487), SipFaults.Cancelled()));
            TryOffer(now);
            return;
        }

        var reason = ReasonHeader.Of(cancel);
        Unbind();
        End(now, EndCause.Remote, 487, reason.Words, null, reason.IsElsewhere);
    }

    /// <summary>The time that the caller gave us is over (§13.3.1).</summary>
    private void ExpireInvitation(Instant now)
    {
        if (_isConfirmed || !IsAsked) return;
        Refuse(now, core.Response(_server!.Request, 487, toTag: _localTag));
        Unbind();
        End(now, EndCause.Remote, 487, "the caller waits no longer", null);
    }

    /// <summary>An ACK to a 2xx of ours.</summary>
    public void OnAck(Instant now, SipRequest ack)
    {
        if (_server is null || _answer is null || !ack.Headers.TryCSeq(out var acked)) return;
        if (!_answer.Headers.TryCSeq(out var answered) || acked.Number != answered.Number) return;
        var wasOffer = _answerIsOffer;
        var isFirst = !_isConfirmed;
        if (isFirst) Reached(now, _server);
        StopAnswer();
        _isConfirmed = true;
        if (_byeAfterAck)
        {
            SendBye(now, _byeReason);
            return;
        }

        var sdp = SdpOf(ack);
        if (wasOffer && sdp.IsEmpty && isFirst)
        {
            SendBye(now, null);
            End(now, EndCause.Error, 200, "No Answer In ACK", SipFaults.NoAnswerInAck());
            return;
        }

        if (_isEnded) return;
        if (isFirst) core.Emit(new SipEvent.Confirmed(Id, sdp));
        // An offer that came to nothing leaves the session as it was (§14.1).
        else if (wasOffer && sdp.IsEmpty) core.Emit(new SipEvent.OfferFailed(Id, 200, "No Answer In ACK", SipFaults.NoAnswerInAck()));
        else if (wasOffer) core.Emit(new SipEvent.OfferAnswered(Id, sdp));
        TryOffer(now);
    }

    void ITransactionUser.OnAck(Instant now, Transaction transaction, SipRequest ack) => OnAck(now, ack);

    void ITransactionUser.OnTimeout(Instant now, Transaction transaction)
    {
    }

    void ITransactionUser.OnTransportError(Instant now, Transaction transaction, FlowFailure failure)
    {
        // On a stream nobody is left to hear our answer; an ICMP error alone ends no call (RFC 6026 §7.1).
        if (!transaction.Flow.IsReliable || transaction != _server || !IsAsked || _isConfirmed) return;
        core.Transactions.Abandon(transaction);
        _server = null;
        Unbind();
        End(now, EndCause.Error, 503, ReasonPhrase.Of(503), SipFaults.Transport(transaction.Flow, failure));
    }

    private void AnswerInvite(Instant now, ReadOnlyMemory<byte> sdp)
    {
        _answerIsOffer = SdpOf(_server!.Request).IsEmpty && !sdp.IsEmpty;
        _answer = Answering(200, sdp);
        GrantTimer(now, _server.Request, _answer);
        _answer.Shorten(AgentCore.DatagramLimit);
        core.Transactions.Respond(now, _server, _answer);
        StopRinging();
        _answerInterval = core.Options.T1;
        core.Timers.Set((this, SipTimer.Answer), now + _answerInterval);
        core.Timers.Set((this, SipTimer.AckLimit), now + core.Transactions.Timers.Limit);
    }

    private SipResponse Answering(int status, ReadOnlyMemory<byte> sdp)
    {
        var response = core.Response(_server!.Request, status, toTag: _localTag);
        AddContact(response, _server.Flow);
        response.Headers.Add(HeaderName.Allow, AgentCore.Allow);
        core.AddSupported(response, account);
        if (!sdp.IsEmpty) response.SetBody(MediaType.ApplicationSdp, sdp);
        response.Shorten(AgentCore.DatagramLimit);
        return response;
    }

    private void AddContact(SipResponse response, in Flow flow)
    {
        var contact = AgentCore.Hidden(core.DialogContact(account, flow), _invite?.Template).ToString();
        response.Headers.Add(HeaderName.Contact, contact);
        if (_dialog is { } dialog) dialog.ToldContact = contact;
    }

    private void Refuse(Instant now, SipResponse refusal)
    {
        core.Transactions.Respond(now, _server!, refusal);
        _server = null;
        StopRinging();
    }

    private void StopRinging()
    {
        StopProgress();
        core.Timers.Cancel((this, SipTimer.StillRinging));
        _reliable?.Finish();
    }

    private void RepeatProgress(Instant now, SipTimer timer)
    {
        if (_isEnded || !IsAsked || _progress is null) return;
        if (_reliable is { } reliable) reliable.Send(now, _progress.Status, default);
        else core.Transactions.Respond(now, _server!, _progress);
        if (timer == SipTimer.StillRinging)
        {
            core.Timers.Set((this, timer), now + TimeSpan.FromSeconds(60));
            return;
        }

        _progressInterval *= 2;
        if (now + _progressInterval < _progressEnd) core.Timers.Set((this, timer), now + _progressInterval);
    }

    private void RepeatAnswer(Instant now)
    {
        if (_server is null || _answer is null) return;
        core.Transactions.Respond(now, _server, _answer);
        _answerInterval = _answerInterval * 2 < core.Options.T2 ? _answerInterval * 2 : core.Options.T2;
        core.Timers.Set((this, SipTimer.Answer), now + _answerInterval);
    }

    private void GiveUpOnAck(Instant now)
    {
        var wasOffer = _answerIsOffer;
        StopAnswer();
        if (_isKept && _isConfirmed)
        {
            // What the peer holds of this offer and answer nobody knows: one more makes it the same.
            core.Emit(wasOffer ? new SipEvent.OfferFailed(Id, 408, "No ACK", SipFaults.NoAcknowledgement(Dropped)) : new SipEvent.OfferOutdated(Id));
            Doubt(now, null, 408, "No ACK", SipFaults.NoAcknowledgement(Dropped));
            TryOffer(now);
            return;
        }

        SendBye(now, _byeReason);
        End(now, EndCause.Error, 408, "No ACK", SipFaults.NoAcknowledgement(Dropped));
    }

    private void StopAnswer()
    {
        _server = null;
        _answer = null;
        core.Timers.Cancel((this, SipTimer.Answer));
        core.Timers.Cancel((this, SipTimer.AckLimit));
    }
}
