using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// What c=, m= and a=rtcp say: the candidate most likely to work for a peer without ICE, relayed before server-reflexive before host
/// (RFC 8839 §4.2.1.2), of equals one that has an RTCP mate, and for RTCP the mate.
/// </summary>
public static class DefaultCandidates
{
    /// <summary>The default of RTP; null when there is no candidate.</summary>
    public static Candidate? Rtp(IReadOnlyList<Candidate> candidates) => candidates
        .Where(c => c.Component == 1 && c.Transport == Transport.Udp && !c.Address.Ip.IsLinkLocal)
        .OrderByDescending(c => c.Address.Ip.IsV4)
        .ThenByDescending(Reach)
        .ThenByDescending(c => candidates.Any(other => other.Component == 2 && other.Foundation == c.Foundation))
        .ThenByDescending(c => c.Priority)
        .FirstOrDefault()
        ?? candidates.FirstOrDefault(c => c.Component == 1 && c.Transport == Transport.Udp);

    /// <summary>The default of RTCP that goes with it: same type, base and server where there is one.</summary>
    public static Candidate? Rtcp(IReadOnlyList<Candidate> candidates, Candidate rtp) => candidates
        .Where(c => c.Component == 2 && c.Transport == Transport.Udp && c.Address.Ip.IsV4 == rtp.Address.Ip.IsV4)
        .OrderByDescending(c => c.Foundation == rtp.Foundation)
        .ThenByDescending(c => c.Type == rtp.Type)
        .ThenByDescending(Reach)
        .ThenByDescending(c => c.Priority)
        .FirstOrDefault();

    private static int Reach(Candidate candidate) => candidate.Type switch
    {
        CandidateType.Relayed => 2,
        CandidateType.ServerReflexive => 1,
        _ => 0,
    };
}
