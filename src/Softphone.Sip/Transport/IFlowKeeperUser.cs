using Softphone.Core;

namespace Softphone.Sip;

/// <summary>Who is told what keepalives show.</summary>
internal interface IFlowKeeperUser
{
    /// <summary>A request is to be sent by this flow, whose answer goes to <see cref="FlowKeeper.Answered"/>.</summary>
    void OnProbeDue(Instant now, in Flow flow);

    /// <summary>A NAT between us and the server gives us another address than before: who sends to the old one does not reach us.</summary>
    void OnMapped(Instant now, in Flow flow, Address was, Address mapped);

    /// <summary>The answer to a keepalive, where one always came, is late and may still come; or the first of all did not come by any means.</summary>
    void OnFaint(Instant now, in Flow flow, Instant since);

    /// <summary>The answer to a keepalive by UDP took so much longer than the one before that the server was away for a moment.</summary>
    void OnLate(Instant now, in Flow flow);

    /// <summary>A keepalive that was always answered is not, or nobody listens there.</summary>
    /// <param name="now">The time.</param>
    /// <param name="flow">The flow.</param>
    /// <param name="error">Refused, or TimedOut.</param>
    /// <param name="since">When the keepalive left.</param>
    void OnDoubted(Instant now, in Flow flow, PathError error, Instant since);
}
