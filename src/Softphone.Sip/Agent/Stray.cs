using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// An attempt of a request that was answered elsewhere first. It is watched for as long as any place is waited for, so that a dead one is known, and
/// what it brings about all the same is taken back: an INVITE is cancelled as soon as that may be (RFC 3261 §9.1), and of a success its sender is told.
/// </summary>
internal sealed class Stray(AgentCore core, Exchange exchange, Transaction attempt, Address answered) : ITransactionUser, ITimed
{
    private bool _isCancelled;

    public void Start(Instant now)
    {
        attempt.User = this;
        if (attempt.State == TransactionState.Proceeding) Cancel(now);
        else core.Timers.Set((this, SipTimer.NextTarget), attempt.BegunAt + TargetPace.Patience);
    }

    public void OnTimer(Instant now, SipTimer timer)
    {
        Pass(now, SipFaults.Silent(attempt.Flow));
        // It may have arrived though its answers have not: those are still listened for.
        core.Transactions.Hush(attempt);
    }

    public void OnResponse(Instant now, Transaction transaction, SipResponse response)
    {
        core.Timers.Cancel((this, SipTimer.NextTarget));
        core.Targets.NoteAnswer(now, attempt.Flow, null);
        if (response.IsProvisional) Cancel(now);
        else if (response.IsSuccess) exchange.OnStraySuccess(now, attempt, response);
    }

    public void OnAck(Instant now, Transaction transaction, SipRequest ack)
    {
    }

    public void OnTimeout(Instant now, Transaction transaction)
    {
    }

    public void OnTransportError(Instant now, Transaction transaction, FlowFailure failure)
    {
        core.Timers.Cancel((this, SipTimer.NextTarget));
        if (core.Transport.Find(attempt.Flow.Path) is not null && Rivals.IsDead(failure)) Pass(now, SipFaults.Transport(attempt.Flow, failure));
    }

    private void Pass(Instant now, Fault why)
    {
        core.Targets.NoteSilence(now, attempt.Flow);
        Rivals.Tell(core, exchange.Account, attempt.Flow, why, answered);
    }

    private void Cancel(Instant now)
    {
        if (_isCancelled || attempt.Kind != TransactionKind.InviteClient) return;
        _isCancelled = true;
        core.Transactions.StartClient(now, DerivedRequests.CancelFor(attempt.Request, null), attempt.Flow, user: null);
    }
}
