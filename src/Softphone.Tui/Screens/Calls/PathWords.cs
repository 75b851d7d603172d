using Softphone.Nat;

namespace Softphone.Tui;

/// <summary>An end of a path in words.</summary>
internal static class PathWords
{
    public static string Ours(Candidate candidate) => candidate.Type switch
    {
        CandidateType.Host => "our own address",
        CandidateType.ServerReflexive => $"our NAT's, of {candidate.Base}",
        CandidateType.PeerReflexive => $"our NAT's as the peer sees it, of {candidate.Base}",
        _ => $"our relay at {candidate.Server} by {candidate.RelayedBy.ToString().ToUpperInvariant()}",
    };

    public static string Theirs(Candidate candidate) => candidate.Type switch
    {
        CandidateType.Host => "the peer's own address",
        CandidateType.ServerReflexive => "the peer's NAT's",
        CandidateType.PeerReflexive => "the peer's NAT's, learned from its checks",
        _ => "the peer's relay",
    };
}
