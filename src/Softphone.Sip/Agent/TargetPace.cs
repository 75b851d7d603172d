using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// How long one place is waited for before the next is asked too, in the manner of RFC 8305.
/// DEVIATION: RFC 3263 §4.3 waits until the transaction has failed, 32 s on UDP. Here what was asked first may still answer, and the first that does is
/// kept (TargetRaceTests).
/// </summary>
internal static class TargetPace
{
    /// <summary>A place that says nothing for so long is taken to be dead.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>A server that is known to be slow has twice what it took, and this at most: else what is asked besides would undo what it does, time after time.</summary>
    private static readonly TimeSpan LongestPatience = TimeSpan.FromSeconds(12);

    /// <summary>The same where TCP is tried first: half of it is TCP's.</summary>
    public static readonly TimeSpan StreamPatience = Patience / 2;

    /// <summary>The lead of one address family while it is not known which of them works (RFC 8305 §5).</summary>
    private static readonly TimeSpan Lead = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The lead of what does more than ask when it arrives twice: a second INVITE is answered 482 by a phone that knows what a merged request is
    /// (RFC 3261 §8.2.2.2), and rings at another. Servers answer within 200 ms (§17.2.1) and their round trip.
    /// </summary>
    private static readonly TimeSpan LongLead = TimeSpan.FromSeconds(1);

    /// <param name="method">What is asked.</param>
    /// <param name="isInDialog">Within a dialog places are asked one after the other: two copies of a request would be out of order there.</param>
    /// <param name="isOtherFamily">The next place is of another address family.</param>
    /// <param name="isFamilyKnown">It is known which family works.</param>
    /// <param name="took">How long the place took to answer before; zero when it has not.</param>
    public static TimeSpan Wait(string method, bool isInDialog, bool isOtherFamily, bool isFamilyKnown, TimeSpan took)
    {
        if (isInDialog || isFamilyKnown || !isOtherFamily) return TimeSpan.FromTicks(Math.Clamp(2 * took.Ticks, Patience.Ticks, LongestPatience.Ticks));
        return method is SipMethod.Register or SipMethod.Options ? Lead : LongLead;
    }
}
