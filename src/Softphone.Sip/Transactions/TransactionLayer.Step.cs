using Softphone.Core;

namespace Softphone.Sip;

internal sealed partial class TransactionLayer
{
    private FlowFailure _failure;

    private void Step(Instant now, Transaction transaction, TransactionInput input, SipMessage? message)
    {
        var (next, actions) = TransactionTable.Next(transaction.Kind, transaction.State, input);
        var before = transaction.State;
        transaction.State = next;
        if (actions.HasFlag(TransactionActions.StopRetransmit)) Cancel(transaction, TransactionInput.Retransmit);
        if (actions.HasFlag(TransactionActions.StopTimeout)) Cancel(transaction, TransactionInput.Timeout);
        if (actions.HasFlag(TransactionActions.StopSilence)) Cancel(transaction, TransactionInput.Silence);
        if (actions.HasFlag(TransactionActions.ArmSilence)) Arm(now, transaction, TransactionInput.Silence, TransactionTimers.Silence);
        Arm(now, transaction, actions);
        Transmit(now, transaction, actions, message);
        if (next == TransactionState.Terminated) Remove(transaction);
        else if (!transaction.IsClient && transaction.State == TransactionState.Completed && before != TransactionState.Completed) _retained.Answered(transaction, Abandon);
        Tell(now, transaction, actions, message);
    }

    private void Arm(Instant now, Transaction transaction, TransactionActions actions)
    {
        if (actions.HasFlag(TransactionActions.ArmTimeout)) Arm(now, transaction, TransactionInput.Timeout, timers.Limit);
        if (actions.HasFlag(TransactionActions.ArmLinger))
            Arm(now, transaction, TransactionInput.Linger, timers.Linger(transaction.Kind, transaction.State, transaction.Flow.IsReliable));
        if (transaction.Flow.IsReliable) return;
        if (actions.HasFlag(TransactionActions.ArmRetransmit)) Repeat(now, transaction, timers.T1);
        else if (actions.HasFlag(TransactionActions.BackOff)) Repeat(now, transaction, timers.BackOff(transaction.Kind, transaction.Interval));
        else if (actions.HasFlag(TransactionActions.BackOffToT2)) Repeat(now, transaction, timers.T2);
    }

    private void Transmit(Instant now, Transaction transaction, TransactionActions actions, SipMessage? message)
    {
        if (!transaction.IsClient && !transport.IsOpen(transaction.Flow)) return;
        if (actions.HasFlag(TransactionActions.Send) && message is not null)
        {
            transaction.Last = message;
            transaction.LastOctets = message.ToArray();
            transport.Send(now, transaction.Flow, message, transaction.LastOctets);
        }
        else if (actions.HasFlag(TransactionActions.Acknowledge) && message is SipResponse refusal)
        {
            var ack = DerivedRequests.AckFor(transaction.Request, refusal);
            transport.Send(now, transaction.Flow, ack, ack.ToArray());
        }
        else if (actions.HasFlag(TransactionActions.SendTrying) || (actions.HasFlag(TransactionActions.Resend) && transaction.Last is null))
        {
            Cancel(transaction, TransactionInput.Silence);
            var trying = SipResponse.For(transaction.Request, 100);
            transaction.Last = trying;
            transaction.LastOctets = trying.ToArray();
            transport.Send(now, transaction.Flow, trying, transaction.LastOctets);
        }
        else if (actions.HasFlag(TransactionActions.Resend) && transaction.Last is { } last)
        {
            transport.Send(now, transaction.Flow, last, transaction.LastOctets, isRepeat: true);
        }
    }

    private void Tell(Instant now, Transaction transaction, TransactionActions actions, SipMessage? message)
    {
        if (transaction.User is not { } user) return;
        try
        {
            if (actions.HasFlag(TransactionActions.Deliver))
            {
                if (message is SipResponse response) user.OnResponse(now, transaction, response);
                else if (message is SipRequest { Method: SipMethod.Ack } ack) user.OnAck(now, transaction, ack);
            }

            if (actions.HasFlag(TransactionActions.ReportTimeout)) user.OnTimeout(now, transaction);
            if (actions.HasFlag(TransactionActions.ReportTransport)) user.OnTransportError(now, transaction, _failure);
        }
        catch (Exception e) when (Broke is not null)
        {
            Broke(now, user, e);
        }
    }

    private void Repeat(Instant now, Transaction transaction, TimeSpan interval)
    {
        transaction.Interval = interval;
        Arm(now, transaction, TransactionInput.Retransmit, interval);
    }

    private void Arm(Instant now, Transaction transaction, TransactionInput timer, TimeSpan after)
    {
        if (after > TimeSpan.Zero)
        {
            _timers.Set((transaction.Id, timer), now + after);
            return;
        }

        transaction.State = TransactionTable.Next(transaction.Kind, transaction.State, timer).Next;
        if (transaction.IsTerminated) Remove(transaction);
    }

    private void Cancel(Transaction transaction, TransactionInput timer) => _timers.Cancel((transaction.Id, timer));

    private void Remove(Transaction transaction)
    {
        if (!_byId.Remove(transaction.Id)) return;
        _retained.Drop(transaction);
        var table = transaction.IsClient ? _clients : _servers;
        if (table.TryGetValue(transaction.Key, out var held) && held == transaction) table.Remove(transaction.Key);
        if (!transaction.IsClient && TransactionKey.ForMerge(transaction.Request) is { } merge && _merges.TryGetValue(merge, out var id) && id == transaction.Id) _merges.Remove(merge);
        foreach (var timer in (ReadOnlySpan<TransactionInput>)[TransactionInput.Retransmit, TransactionInput.Timeout, TransactionInput.Linger, TransactionInput.Silence])
            Cancel(transaction, timer);
    }
}
