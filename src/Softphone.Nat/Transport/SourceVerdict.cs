namespace Softphone.Nat;

/// <summary>What <see cref="SourceLearning"/> makes of a packet.</summary>
public enum SourceVerdict
{
    /// <summary>Not the peer's, or not yet known to be.</summary>
    Refused,

    /// <summary>The peer's; where ours go stays.</summary>
    Taken,

    /// <summary>The peer's, and ours go to where it came from, from now on.</summary>
    Followed,

    /// <summary>From the signalled address: ours go there again.</summary>
    Returned,

    /// <summary>Refused: two strangers talk at once. Told once, until one of them is believed or the signalled address speaks.</summary>
    Contested,
}
