using Softphone.Core;

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

    /// <summary>
    /// Media over TCP stalls where a packet is lost, so every direct candidate of UDP comes before those of TCP, and these before relays
    /// (RFC 6544 §4.2).
    /// </summary>
    public static uint TypePreference(CandidateType type, Transport transport) => transport == Transport.Udp ? TypePreference(type) : type switch
    {
        CandidateType.Host => 90,
        CandidateType.PeerReflexive => 80,
        CandidateType.ServerReflexive => 70,
        _ => 0,
    };

    /// <summary>The local preference of a TCP host candidate: its direction before its interface (RFC 6544 §4.2).</summary>
    public static ushort StreamPreference(TcpType type, int rank)
    {
        var direction = type switch
        {
            TcpType.Active => 6,
            TcpType.Passive => 4,
            _ => 2,
        };
        return (ushort)((direction << 13) + 8191 - rank);
    }

    /// <summary>
    /// The local preference of a relay: below that of every host. Among candidates as we describe them that changes nothing, since relays
    /// have the lowest type preference. But where a check arrives before the description of its candidate, or without one, the peer has
    /// nothing but the PRIORITY of a peer-reflexive candidate to rank it by (RFC 8445 §7.3.1.3), and there a relay must not look direct.
    /// </summary>
    public static ushort RelayPreference(ushort localPreference) => (ushort)Math.Max(0, localPreference - (1 << 15));

    /// <summary>Of a candidate of this type.</summary>
    public static uint Of(CandidateType type, ushort localPreference, int component, Transport transport = Transport.Udp) =>
        (TypePreference(type, transport) << 24) + ((uint)localPreference << 8) + (uint)(256 - component);

    /// <summary>What a candidate would have as a peer-reflexive one: the PRIORITY of its checks (RFC 8445 §7.1.1).</summary>
    public static uint AsPeerReflexive(uint priority, Transport transport = Transport.Udp) =>
        (TypePreference(CandidateType.PeerReflexive, transport) << 24) | (priority & 0x00FF_FFFF);

    /// <summary>Of a pair: 2^32·MIN + 2·MAX + (G&gt;D), where G is the controlling side's candidate.</summary>
    public static ulong OfPair(uint controlling, uint controlled) =>
        ((ulong)Math.Min(controlling, controlled) << 32) + 2UL * Math.Max(controlling, controlled) + (controlling > controlled ? 1UL : 0);
}
