using Softphone.Core;

namespace Softphone.Nat;

/// <summary>One transaction of a pair: a connectivity check or a consent check. The octets of a connectivity check are kept, for a retransmission repeats them.</summary>
internal sealed class Check(Pair pair)
{
    public const int LongestRequest = 400;

    public Pair Pair { get; } = pair;

    /// <summary>Empty for a consent check, which is not repeated.</summary>
    public byte[] Request { get; set; } = [];

    public TransactionId Id { get; set; }

    /// <summary>The role that the request claims.</summary>
    public IceRole Role { get; set; }

    public uint Priority { get; set; }

    public bool UseCandidate { get; set; }

    public bool IsTriggered { get; set; }

    public bool IsConsent { get; set; }

    /// <summary>No more retransmissions; a late response still counts (RFC 8445 §7.3.1.4).</summary>
    public bool IsCancelled { get; set; }

    /// <summary>It has left; over TCP it leaves once (RFC 6544 §7.1).</summary>
    public bool IsSent { get; set; }

    public Instant FirstSent { get; set; }

    public int Attempts { get; set; }

    public TimeSpan Rto { get; set; }
}
