using Softphone.Core;

namespace Softphone.Media;

/// <summary>When the next report is due (RFC 3550 §6.3.1): two members never reach the bandwidth bound, so the minimum rules.</summary>
public static class RtcpInterval
{
    /// <summary>The deterministic minimum.</summary>
    public static TimeSpan Minimum => TimeSpan.FromSeconds(5);

    // e - 3/2 makes up for timer reconsideration, which converges below the intended mean (§6.3.1).
    private const double Compensation = 1.21828;

    /// <summary>Five seconds, half of that for the first report, spread over 0.5 to 1.5 of itself.</summary>
    public static TimeSpan Next(IEntropy entropy, bool initial) =>
        Minimum * ((initial ? 0.5 : 1.0) * (0.5 + entropy.NextDouble()) / Compensation);
}
