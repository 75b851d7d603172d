using Softphone.Core;

namespace Softphone.Nat;

/// <summary>How RTP goes in a call without ICE, for a person who asks.</summary>
/// <param name="Local">What kind of address of ours it goes from.</param>
/// <param name="Signalled">Where the peer's description says that it is.</param>
/// <param name="Remote">Where it is sent.</param>
public sealed record PlainMedia(CandidateType Local, Address Signalled, Address Remote)
{
    /// <summary>Packets of sources that were not believed.</summary>
    public long Refused { get; init; }

    /// <summary>Packets of ours that were not let out, for nothing was heard from where they should have gone.</summary>
    public long HeldBack { get; init; }

    /// <summary>How often two strangers talked at once, so that neither was taken, and who did last.</summary>
    public int Contests { get; init; }

    public (Address First, Address Second) Rivals { get; init; }
}
