using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// Takes back an INVITE whose answer can no longer reach us, since the way it went is gone: CANCEL by another path to the same server,
/// as soon as there is one. The branch alone tells the server which INVITE is meant (RFC 3261 §9.2), so the way there does not matter.
/// </summary>
internal sealed class Farewell(AgentCore core, SipRequest invite, Flow lost, string? reason, Action<Instant> done) : ITransactionUser, ITimed
{
    private Transaction? _cancel;

    public void Start(Instant now)
    {
        core.Farewells.Add(this);
        core.Timers.Set((this, SipTimer.CancelLimit), now + core.Transactions.Timers.Limit);
        Send(now);
    }

    /// <summary>There is another path.</summary>
    public void TryNow(Instant now) => core.Timers.Set((this, SipTimer.Farewell), now);

    public void Abort()
    {
        if (_cancel is { } running) core.Transactions.Abandon(running);
        Forget();
    }

    public void OnTimer(Instant now, SipTimer timer)
    {
        if (timer == SipTimer.Farewell) Send(now);
        else Finish(now);
    }

    public void OnResponse(Instant now, Transaction transaction, SipResponse response)
    {
        if (!response.IsProvisional) Finish(now);
    }

    public void OnAck(Instant now, Transaction transaction, SipRequest ack)
    {
    }

    public void OnTimeout(Instant now, Transaction transaction) => Finish(now);

    /// <summary>That path did not lead there either: the next one may.</summary>
    public void OnTransportError(Instant now, Transaction transaction, FlowFailure failure) => _cancel = null;

    private void Send(Instant now)
    {
        if (_cancel is not null || core.Transport.Select(lost.Transport, lost.Remote.Ip) is not { } path) return;
        _cancel = core.Transactions.StartClient(now, DerivedRequests.CancelFor(invite, reason), new Flow(path.Id, lost.Remote, lost.Transport), this);
    }

    private void Finish(Instant now)
    {
        if (!core.Farewells.Contains(this)) return;
        Forget();
        done(now);
    }

    private void Forget()
    {
        core.Farewells.Remove(this);
        core.Timers.Cancel((this, SipTimer.CancelLimit));
        core.Timers.Cancel((this, SipTimer.Farewell));
    }
}
