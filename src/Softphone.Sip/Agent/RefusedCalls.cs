using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// Counts the calls that were turned away, and tells of them: the first of a kind at once, what follows together with a later one. A night
/// of scanners is a few lines, not one for each packet.
/// </summary>
internal sealed class RefusedCalls(AgentCore core)
{
    private readonly Dictionary<CallRefusal, (long Count, Instant ToldAt)> _refused = [];

    public void Count(Instant now, in Flow flow, SipRequest invite, CallRefusal why)
    {
        var isFirst = !_refused.TryGetValue(why, out var before);
        var count = before.Count + 1;
        var isDue = isFirst || now - before.ToldAt >= PaceOf(why);
        _refused[why] = (count, isDue ? now : before.ToldAt);
        if (isDue && invite.Headers.TryFrom(out var from)) core.Emit(new SipEvent.CallRefused(why, count, from, invite.RequestUri, flow.Remote));
    }

    // Somebody who finds us busy is a call that a person misses; the others are none.
    private static TimeSpan PaceOf(CallRefusal why) => why == CallRefusal.Busy ? TimeSpan.FromMinutes(1) : TimeSpan.FromHours(1);
}
