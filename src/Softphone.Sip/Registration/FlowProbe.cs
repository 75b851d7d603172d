using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// OPTIONS as a keepalive, or to see whether the server is reached by another way: whatever it answers, a challenge too, shows that the flow lives
/// and how the server sees us. Nothing is authenticated, and nobody waits longer than for the next one.
/// </summary>
internal sealed class FlowProbe(AgentCore core) : ITransactionUser
{
    private readonly Dictionary<Flow, Transaction> _asked = [];

    public void Ask(Instant now, in Flow flow, Account account)
    {
        if (_asked.Remove(flow, out var unanswered)) core.Transactions.Abandon(unanswered);
        if (core.Transport.Find(flow.Path) is null) return;
        _asked[flow] = core.Transactions.StartClient(now, core.OptionsBy(flow, account), flow, this);
    }

    public void OnResponse(Instant now, Transaction transaction, SipResponse response)
    {
        if (response.IsProvisional) return;
        _asked.Remove(transaction.Flow);
        if (core.Transport.Keeper.Keeps(transaction.Flow)) core.Transport.Keeper.Answered(now, transaction.Flow, core.SeenFrom(transaction.Flow, response));
        else core.Emit(new SipEvent.ProbeAnswered(transaction.Flow.Path));
    }

    public void OnAck(Instant now, Transaction transaction, SipRequest ack)
    {
    }

    public void OnTimeout(Instant now, Transaction transaction) => _asked.Remove(transaction.Flow);

    public void OnTransportError(Instant now, Transaction transaction, FlowFailure failure) => _asked.Remove(transaction.Flow);
}
