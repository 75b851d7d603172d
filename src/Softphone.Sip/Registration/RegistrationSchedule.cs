using Softphone.Core;

namespace Softphone.Sip;

/// <summary>When to register again, as functions of what is known.</summary>
internal static class RegistrationSchedule
{
    /// <summary>After 85–90 % of the lifetime; short ones at least 5 s before their end, tiny ones at half (RFC 3261 §10.2.4).</summary>
    public static TimeSpan Refresh(TimeSpan granted, IEntropy entropy)
    {
        if (granted <= TimeSpan.FromSeconds(12)) return granted / 2;
        var early = granted * (0.85 + 0.05 * entropy.NextDouble());
        var last = granted - TimeSpan.FromSeconds(5);
        return early < last ? early : last;
    }

    /// <summary>After the n-th failure in a row, counted from 0 (RFC 5626 §4.5 with base 30 s and limit 1800 s): half to all of it.</summary>
    public static TimeSpan BackOff(int failures, IEntropy entropy)
    {
        var limit = Math.Min(1800, 30 * Math.Pow(2, Math.Min(failures, 10)));
        return TimeSpan.FromSeconds(limit * (0.5 + 0.5 * entropy.NextDouble()));
    }

    /// <summary>After a flow that worked was lost: soon at first, so that calls arrive again, then as after any failure.</summary>
    public static TimeSpan Recover(int failures, IEntropy entropy) =>
        failures == 0 ? TimeSpan.FromSeconds(0.5 + 1.5 * entropy.NextDouble()) : BackOff(failures, entropy);
}
