using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// What stands between an error of this program and all that it does not concern: the part that threw is ended as decently as can be, it is
/// told once, and the agent goes on. A registration or subscription is not ended but tried again later, since a phone without one is lost.
/// </summary>
internal sealed class Barrier(AgentCore core)
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(30);

    /// <param name="now">The time.</param>
    /// <param name="part">Session, exchange, registration, whatever it was; null when it was none of them.</param>
    /// <param name="where">What was under way.</param>
    /// <param name="error">What it threw.</param>
    public void Broke(Instant now, object? part, string where, Exception error)
    {
        core.Emit(new SipEvent.Broke(where, error));
        try
        {
            End(now, part);
        }
        catch (Exception again)
        {
            core.Emit(new SipEvent.Broke($"the end of {where}", again));
        }
    }

    private void End(Instant now, object? part)
    {
        switch (part)
        {
            case Session session:
                session.Break(now);
                break;
            case Exchange exchange:
                exchange.Abort();
                End(now, exchange.User);
                break;
            case Registration registration:
                core.Timers.Set((registration, SipTimer.Register), now + TryAgainAfter);
                break;
            case MessageSubscription subscription:
                core.Timers.Set((subscription, SipTimer.Subscribe), now + TryAgainAfter);
                break;
            case Referral referral:
                referral.Abort();
                break;
            case Farewell farewell:
                farewell.Abort();
                break;
        }
    }
}
