using Softphone.Core;

namespace Softphone.Sip;

/// <summary>When to register again, as functions of what is known.</summary>
internal static class RegistrationSchedule
{
    /// <summary>However little is granted, we ask no more often: a registrar that grants seconds would get thousands of requests an hour.</summary>
    private static readonly TimeSpan LeastRefresh = TimeSpan.FromSeconds(5);

    /// <summary>A flow that stood for so long was a good one (RFC 5626 §4.5).</summary>
    public static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(120);

    /// <summary>A server may say when to come again, but not to come at once time after time.</summary>
    private const int RetriesAsTold = 3;

    /// <summary>After 85–90 % of the lifetime; short ones at least 5 s before their end, tiny ones at half (RFC 3261 §10.2.4), never sooner than 5 s.</summary>
    public static TimeSpan Refresh(TimeSpan granted, IEntropy entropy)
    {
        if (granted <= TimeSpan.FromSeconds(12)) return granted / 2 > LeastRefresh ? granted / 2 : LeastRefresh;
        var early = granted * (0.85 + 0.05 * entropy.NextDouble());
        var last = granted - TimeSpan.FromSeconds(5);
        return early < last ? early : last;
    }

    /// <summary>The first try after a failure: a server that restarts is back in a few seconds, and its phones do not come all at once.</summary>
    public static TimeSpan Soon(IEntropy entropy) => TimeSpan.FromSeconds(2 + 2 * entropy.NextDouble());

    /// <summary>
    /// After the n-th failure in a row, counted from 0: soon after the first, then as RFC 5626 §4.5 has it, with base 30 s and limit 1800 s, half to
    /// all of it.
    /// </summary>
    public static TimeSpan BackOff(int failures, IEntropy entropy)
    {
        if (failures == 0) return Soon(entropy);
        var limit = Math.Min(1800, 30 * Math.Pow(2, Math.Min(failures - 1, 10)));
        return TimeSpan.FromSeconds(limit * (0.5 + 0.5 * entropy.NextDouble()));
    }

    /// <summary>After the n-th refusal in a row: when the server says (Retry-After), and from the fourth on not before the back-off either.</summary>
    public static TimeSpan Retry(int failures, uint? retryAfter, IEntropy entropy)
    {
        if (retryAfter is not { } seconds) return BackOff(failures, entropy);
        var told = TimeSpan.FromSeconds(Math.Clamp(seconds, 1, 86_400));
        if (failures < RetriesAsTold) return told;
        var least = BackOff(failures - RetriesAsTold, entropy);
        return told > least ? told : least;
    }

    /// <summary>After a flow that worked was lost: soon at first, so that calls arrive again, then as after any failure.</summary>
    public static TimeSpan Recover(int failures, IEntropy entropy) =>
        failures == 0 ? TimeSpan.FromSeconds(1 + entropy.NextDouble()) : BackOff(failures, entropy);
}
