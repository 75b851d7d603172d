namespace Softphone.Nat;

/// <summary>The priority formulas of RFC 8445 §5.1.2.1 and §6.1.2.3.</summary>
public static class CandidatePriority
{
    /// <summary>126, 110, 100 and 0 (RFC 8445 §5.1.2.2).</summary>
    public static uint TypePreference(CandidateType type) => type switch
    {
        CandidateType.Host => 126,
        CandidateType.PeerReflexive => 110,
        CandidateType.ServerReflexive => 100,
        _ => 0,
    };

    /// <summary>Of a candidate of this type.</summary>
    public static uint Of(CandidateType type, ushort localPreference, int component) =>
        (TypePreference(type) << 24) + ((uint)localPreference << 8) + (uint)(256 - component);

    /// <summary>What a candidate would have as a peer-reflexive one: the PRIORITY of its checks (RFC 8445 §7.1.1).</summary>
    public static uint AsPeerReflexive(uint priority) =>
        (TypePreference(CandidateType.PeerReflexive) << 24) | (priority & 0x00FF_FFFF);

    /// <summary>Of a pair: 2^32·MIN + 2·MAX + (G&gt;D), where G is the controlling side's candidate.</summary>
    public static ulong OfPair(uint controlling, uint controlled) =>
        ((ulong)Math.Min(controlling, controlled) << 32) + 2UL * Math.Max(controlling, controlled) + (controlling > controlled ? 1UL : 0);
}
