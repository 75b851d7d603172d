using Softphone.Core;

namespace Softphone.Nat;

/// <summary>A request that awaits, or has found, its response.</summary>
/// <param name="Id">The transaction id.</param>
/// <param name="Path">The path it was sent from.</param>
/// <param name="Remote">Where it was sent to.</param>
/// <param name="Tag">What its owner noted at the start.</param>
/// <param name="StartedAt">When it was first sent.</param>
/// <param name="LastSentAt">When it was last sent.</param>
/// <param name="Sends">How often it has been sent.</param>
public readonly record struct StunTransaction(
    TransactionId Id, PathId Path, Address Remote, long Tag, Instant StartedAt, Instant LastSentAt, int Sends)
{
    /// <summary>True when a message from there, arriving here, may be its response (RFC 8489 §6.3.3).</summary>
    public bool IsBetween(PathId path, Address remote) => Path == path && Remote == remote;

    /// <summary>The round-trip time; null after a retransmission, which makes it ambiguous (Karn; RFC 8489 §6.2.1).</summary>
    public TimeSpan? RoundTrip(Instant answeredAt) => Sends == 1 ? answeredAt - StartedAt : null;
}
