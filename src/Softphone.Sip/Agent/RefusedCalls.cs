using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// Counts the calls that were turned away, and tells of them: the first of a kind at once, what follows together with a later one. A night
/// of scanners is a few lines, not one for each packet.
/// </summary>
internal sealed class RefusedCalls(AgentCore core)
{
    private readonly Dictionary<CallRefusal, (long Count, Instant ToldAt)> _refused = [];

    /// <param name="now">When.</param>
    /// <param name="flow">Where it came by.</param>
    /// <param name="invite">The call.</param>
    /// <param name="why">Why it does not ring.</param>
    /// <param name="caller">Who calls.</param>
    /// <param name="isMissed">It comes by our own server, and each is told.</param>
    /// <param name="status">What it is answered with.</param>
    /// <param name="demands">What it demands and we do not have.</param>
    /// <param name="forwarded">Where it was sent instead.</param>
    public void Count(Instant now, in Flow flow, SipRequest invite, CallRefusal why, NameAddr caller, int status, bool isMissed = false, string demands = "", SipUri? forwarded = null)
    {
        var isFirst = !_refused.TryGetValue(why, out var before);
        var count = before.Count + 1;
        var isDue = isFirst || isMissed || now - before.ToldAt >= PaceOf(why);
        _refused[why] = (count, isDue ? now : before.ToldAt);
        if (isDue) core.Emit(new SipEvent.CallRefused(why, count, caller, invite.RequestUri, flow.Remote) { CallId = invite.Headers.CallId ?? "", Status = status, Demands = demands, ForwardedTo = forwarded });
    }

    // Who finds us busy may have been wanted; the others were not.
    private static TimeSpan PaceOf(CallRefusal why) => why is CallRefusal.Busy or CallRefusal.DoNotDisturb ? TimeSpan.FromMinutes(1) : TimeSpan.FromHours(1);
}
