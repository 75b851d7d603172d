using Softphone.Core;

namespace Softphone.Nat;

/// <summary>A pair of the check list as it stood when the snapshot was taken.</summary>
/// <param name="Id">Its number in the trace, from 1.</param>
/// <param name="Component">1 for RTP, 2 for RTCP.</param>
/// <param name="Local">Our candidate: the base while unproven, then the candidate that the peer sees.</param>
/// <param name="Remote">The peer's candidate.</param>
/// <param name="Priority">RFC 8445 §6.1.2.3.</param>
/// <param name="State">RFC 8445 §6.1.2.6.</param>
/// <param name="IsValid">A check of it was answered.</param>
/// <param name="IsNominated">It was nominated, and the nomination answered.</param>
/// <param name="IsSelected">Media of its component uses it.</param>
/// <param name="IsDropped">Another pair of its component was selected before it was done.</param>
/// <param name="Rtt">Of the last answered check that was not sent twice; null while unknown.</param>
/// <param name="Sent">Check requests sent, retransmissions included.</param>
/// <param name="Received">Check requests of the peer received on it.</param>
/// <param name="Answers">Responses received.</param>
/// <param name="Failure">Why it failed; empty when it did not.</param>
public sealed record CandidatePair(
    int Id,
    int Component,
    Candidate Local,
    Candidate Remote,
    ulong Priority,
    PairState State,
    bool IsValid,
    bool IsNominated,
    bool IsSelected,
    bool IsDropped,
    TimeSpan? Rtt,
    int Sent,
    int Received,
    int Answers,
    string Failure)
{
    /// <summary>When the peer last answered on it, which is its consent (RFC 7675 §5.1); null when it never did.</summary>
    public Instant? ProvenAt { get; init; }

    /// <summary>How many of its two legs go through a relay.</summary>
    public int RelayLegs => (Local.IsThroughRelay ? 1 : 0) + (Remote.IsThroughRelay ? 1 : 0);

    /// <summary>One sentence for a person: what became of this pair, and why.</summary>
    public string Explain()
    {
        var name = $"{Local.Describe()} to {Remote.Describe()}";
        return State switch
        {
            _ when IsSelected => $"{name}: selected{RttText}",
            PairState.Succeeded when IsNominated => $"{name}: nominated, another pair carries media{RttText}",
            PairState.Succeeded => $"{name}: works, not chosen{RttText}",
            PairState.Failed => $"{name}: failed: {(Failure.Length == 0 ? Silence : Failure)}",
            _ when IsDropped => $"{name}: not needed, another pair was chosen",
            PairState.InProgress => $"{name}: {Count(Sent)}, no answer yet{(Received > 0 ? $"; the peer's {Received} got through" : "")}",
            PairState.Waiting => $"{name}: waiting for its turn",
            _ => $"{name}: frozen until a pair of its kind succeeds",
        };
    }

    private string RttText => Rtt is { } rtt ? $", {rtt.TotalMilliseconds:0} ms round trip" : "";

    private string Silence => Received > 0
        ? $"{Count(Sent)}, no answer, though the peer's checks arrive: its NAT or firewall lets nothing in from us"
        : $"{Count(Sent)}, no answer{(Remote.Address.Ip.IsPrivate ? "; the peer's address is private to its own network" : "; a NAT on the way likely filters by port")}";

    private static string Count(int sends) => sends == 1 ? "1 send" : $"{sends} sends";
}
