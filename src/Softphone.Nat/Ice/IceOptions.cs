namespace Softphone.Nat;

/// <summary>How an agent behaves; the defaults suit a call.</summary>
public sealed record IceOptions
{
    /// <summary>1 with rtcp-mux decided or a mux-only offer, else 2.</summary>
    public int Components { get; init; } = 2;

    /// <summary>Ta as we propose it. A peer that proposes none gets 50 ms (RFC 8445 §14.2, RFC 8839 §5.5).</summary>
    public TimeSpan Pacing { get; init; } = TimeSpan.FromMilliseconds(20);

    public NominationPolicy Nomination { get; init; } = NominationPolicy.Adaptive;

    /// <summary>
    /// The first authenticated request of the peer proves that it is there now: older checks in progress are sent once more, under a
    /// new transaction and still paced, and what is frozen between the two hosts may go.
    /// </summary>
    public bool SiblingRetrigger { get; init; } = true;

    /// <summary>
    /// Checks sent at most to public addresses, and as many to private ones, of a peer of which no authenticated message has come, before
    /// <c>Trust</c>. 0 sets no bound.
    /// </summary>
    public int SendsBeforeTrust { get; init; }

    /// <summary>TCP candidates of the peer are paired with ours (RFC 6544).</summary>
    public bool Tcp { get; init; }

    /// <summary>Candidates and what becomes of each pair are told by events: for who shows them to a person.</summary>
    public bool TellsPairs { get; init; }

    /// <summary>Pairs kept over all components (RFC 8445 §6.1.2.5).</summary>
    public int MaxPairs { get; init; } = 100;

    /// <summary>Remote candidates taken over all components; the rest is ignored.</summary>
    public int MaxRemoteCandidates { get; init; } = 100;

    /// <summary>No failure is declared before this much time since the peer's description (RFC 8863 §4).</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(39.5);

    /// <summary>
    /// A peer that trickles and has not told the end of its candidates this long after its description has none any more: the word of it was lost
    /// (RFC 8838 §13 has none come later than its gathering, which a silent server draws out to 39.5 s, RFC 8489 §6.2.1).
    /// </summary>
    public TimeSpan PeerGathering { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Sending stops this long after the last answered consent check (RFC 7675 §5.1).</summary>
    public TimeSpan ConsentLifetime { get; init; } = TimeSpan.FromSeconds(30);
}
