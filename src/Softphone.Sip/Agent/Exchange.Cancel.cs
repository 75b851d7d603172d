using Softphone.Core;

namespace Softphone.Sip;

/// <summary>CANCEL: it waits for a provisional response, goes where the INVITE went, and gives up after 64·T1 (RFC 3261 §9.1).</summary>
internal sealed partial class Exchange
{
    private bool _isCancelled;
    private bool _cancelSent;
    private string? _cancelReason;

    /// <summary>
    /// The INVITE is being served, but the way that it went is gone, and its answer has none back to us (RFC 3261 §18.2.2). Null while
    /// that is not so.
    /// </summary>
    public Flow? StrandedOn { get; private set; }

    /// <summary>Why it was cancelled, for a CANCEL that goes another way.</summary>
    public string? CancelReason => _cancelReason;

    private void StrandIfCutOff(Transaction invite)
    {
        var isPathGone = core.Transport.Find(invite.Flow.Path) is null;
        if (!isPathGone && !invite.Flow.IsReliable) return;
        StrandedOn = invite.Flow;
        _lastFailure = (503, SipFaults.Stranded(invite.Flow, isPathGone));
    }

    /// <summary>Cancels the INVITE. The user still gets its final response: 487, or a 2xx that was faster.</summary>
    public void Cancel(Instant now, string? reason)
    {
        if (_isDone || _isCancelled) return;
        _isCancelled = true;
        _cancelReason = reason;
        if (Transaction is null)
        {
            Conclude(now, 487, SipFaults.Cancelled());
            return;
        }

        core.Timers.Set((this, SipTimer.CancelLimit), now + core.Transactions.Timers.Limit);
        SendCancelIfDue(now);
    }

    private void SendCancelIfDue(Instant now)
    {
        if (!_isCancelled || _cancelSent || !_hasProvisional || Transaction is not { } invite) return;
        _cancelSent = true;
        core.Transactions.StartClient(now, DerivedRequests.CancelFor(invite.Request, _cancelReason), invite.Flow, user: null);
        core.Timers.Set((this, SipTimer.CancelLimit), now + core.Transactions.Timers.Limit);
    }
}
