namespace Softphone.Nat;

/// <summary>When the controlling agent nominates (RFC 8445 §8.1.1 leaves the criterion open).</summary>
public enum NominationPolicy
{
    /// <summary>
    /// A pair without a relay after max(50 ms, 2·RTT) and a Ta for each better pair that is unsent, at once when none is better; a pair
    /// with a relay only after RTO + 2·RTT, so that a direct path whose first packet a NAT refused still wins.
    /// </summary>
    Adaptive,

    /// <summary>The first valid pair of each component; one with more relay legs than the other component's waits for its likes a while.</summary>
    Immediate,
}
