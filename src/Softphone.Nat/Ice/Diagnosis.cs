using Softphone.Core;

namespace Softphone.Nat;

/// <summary>What the checks of an agent show, and nothing that they do not show.</summary>
public static class Diagnosis
{
    /// <summary>The fault of an agent that found no path: what happened. What would help is for those who know the settings too.</summary>
    public static Fault Of(IceSnapshot ice) => new(Layer.Ice, KindOf(ice) switch
    {
        IceFailure.NoLocalCandidate => "no local address to send from",
        IceFailure.NoRemoteCandidate => "the peer offered no candidate that can be used",
        IceFailure.NoPair => "no candidate of ours fits one of the peer's (address families differ)",
        IceFailure.Unverified =>
            $"answers came to our checks ({ice.Forged}), but their integrity does not fit the a=ice-pwd of the peer's description: something changed the one or the other",
        IceFailure.Unauthenticated =>
            $"the peer refused our checks as not authenticated ({ice.Unauthenticated} times): the a=ice-ufrag or a=ice-pwd of its description is not what it goes by",
        _ when PeerArrived(ice) => $"none of {ice.Pairs.Count} pairs answered, though checks of the peer arrived",
        _ => $"none of {ice.Pairs.Count} pairs answered, and no check of the peer arrived",
    });

    public static IceFailure KindOf(IceSnapshot ice) => ice switch
    {
        { Local.Count: 0 } => IceFailure.NoLocalCandidate,
        { Remote.Count: 0 } => IceFailure.NoRemoteCandidate,
        { Pairs.Count: 0 } => IceFailure.NoPair,
        _ when ice.Pairs.Any(p => p.Answers > 0) => IceFailure.NoAnswer,
        { Forged: > 0 } => IceFailure.Unverified,
        { Unauthenticated: > 0 } => IceFailure.Unauthenticated,
        _ => IceFailure.NoAnswer,
    };

    /// <summary>A check of the peer arrived.</summary>
    public static bool PeerArrived(IceSnapshot ice) => ice.Pairs.Any(p => p.Received > 0);

    /// <summary>
    /// Two servers, or a peer, saw one socket as different addresses. Of what one of them saw only the last counts: a NAT that forgot a
    /// mapping shows another one to everybody.
    /// </summary>
    public static bool MapsPerDestination(IReadOnlyList<Candidate> local) => local
        .Where(c => c.Type is CandidateType.ServerReflexive or CandidateType.PeerReflexive && c.Path.Value > 0)
        .GroupBy(c => c.Path)
        .Any(socket => socket.GroupBy(c => c.Server).Select(seen => seen.Last().Address).Distinct().Skip(1).Any());

    /// <summary>
    /// Two hosts with different addresses saw one socket of ours as the same: servers that were asked from it, or the peer that is reached
    /// from it. Two ports of one host prove nothing, since a mapping may depend on addresses alone.
    /// </summary>
    public static bool MapsAlike(IceSnapshot ice)
    {
        if (MapsPerDestination(ice.Local)) return false;
        var seen = ice.Local.Where(c => c.Type == CandidateType.ServerReflexive).Select(c => (By: c.Server.Ip, As: c.Address))
            .Concat(ice.Local.Where(c => c is { Type: CandidateType.Relayed, RelayedBy: Transport.Udp }).Select(c => (By: c.Server.Ip, As: c.RelatedAddress)))
            .Concat(ice.Pairs.Where(p => p is { IsValid: true, Local.Type: CandidateType.ServerReflexive }).Select(p => (By: p.Remote.Address.Ip, As: p.Local.Address)));
        return seen.GroupBy(s => s.As).Any(same => same.Key.IsValid && same.Select(s => s.By).Distinct().Skip(1).Any());
    }

    /// <summary>Checks came from the address that a server saw of the peer, and from another port of it.</summary>
    public static bool PeerMapsPerDestination(IReadOnlyList<Candidate> remote) => remote.Any(learned =>
        learned.Type == CandidateType.PeerReflexive
        && remote.Any(c => c.Type == CandidateType.ServerReflexive && c.Address.Ip == learned.Address.Ip && c.Address.Port != learned.Address.Port));
}
