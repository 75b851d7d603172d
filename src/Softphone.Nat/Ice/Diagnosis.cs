using Softphone.Core;

namespace Softphone.Nat;

/// <summary>Why no path was found, in words that lead to a remedy.</summary>
public static class Diagnosis
{
    public static Fault Of(IceSnapshot ice)
    {
        var relayed = ice.Local.Any(c => c.Type == CandidateType.Relayed) || ice.Remote.Any(c => c.Type == CandidateType.Relayed);
        var remedy = relayed ? "check that the TURN server lets these peers through" : "configure a TURN server";
        if (ice.Local.Count == 0) return new Fault(Layer.Ice, "no local address to send from", "check that an interface is up");
        if (ice.Remote.Count == 0) return new Fault(Layer.Ice, "the peer offered no candidate that can be used", "ask its side for host or relayed candidates of our address family");
        if (ice.Pairs.Count == 0) return new Fault(Layer.Ice, "no candidate of ours fits one of the peer's (address families differ)", remedy);
        const string Rewriter = "look for what rewrites descriptions or STUN between us: a SIP ALG, a session border controller, or a peer that mixes its calls up";
        if (ice.Pairs.All(p => p.Answers == 0) && ice.Forged > 0)
        {
            return new Fault(
                Layer.Ice, $"answers came to our checks ({ice.Forged}), but their integrity does not fit the a=ice-pwd of the peer's description: something changed the one or the other", Rewriter);
        }

        if (ice.Pairs.All(p => p.Answers == 0) && ice.Unauthenticated > 0)
        {
            return new Fault(
                Layer.Ice, $"the peer refused our checks as not authenticated ({ice.Unauthenticated} times): the a=ice-ufrag or a=ice-pwd of its description is not what it goes by", Rewriter);
        }

        var ours = MapsPerDestination(ice.Local);
        var theirs = PeerMapsPerDestination(ice.Remote);
        var what = ice.Pairs.Sum(p => p.Received) == 0
            ? $"none of {ice.Pairs.Count} pairs answered, and no check of the peer arrived"
            : $"none of {ice.Pairs.Count} pairs answered, though checks of the peer arrived";
        var why = (ours, theirs) switch
        {
            (true, true) => "; both NATs map per destination",
            (true, false) => "; our NAT maps per destination and the peer's filters by port",
            (false, true) => "; the peer's NAT maps per destination and ours filters by port",
            _ when IsBehindNat(ice.Local) && IsBehindNat(ice.Remote) => "; both sides are behind NATs, of which at least one likely maps per destination",
            _ => "",
        };
        if (ours || theirs) return new Fault(Layer.Ice, what + why, remedy);
        return (IsHidden(ice.Local), IsHidden(ice.Remote)) switch
        {
            (true, true) => new Fault(Layer.Ice, $"{what}; both sides know private addresses of their own only", "let UDP through to a STUN and TURN server on both sides"),
            (true, false) => new Fault(Layer.Ice, $"{what}; we know private addresses of ours only, as where a firewall blocks UDP", "let UDP out of this network, to a STUN and TURN server"),
            (false, true) => new Fault(
                Layer.Ice, $"{what}; the peer named private addresses only, as where a firewall blocks UDP", "let UDP out of the peer's network, to a STUN and TURN server"),
            _ => new Fault(Layer.Ice, what + why, remedy),
        };
    }

    private static bool IsBehindNat(IReadOnlyList<Candidate> candidates) => candidates.Any(c => c.Type == CandidateType.ServerReflexive);

    /// <summary>
    /// Two servers, or a peer, saw one socket as different addresses. Of what one of them saw only the last counts: a NAT that forgot a
    /// mapping shows another one to everybody.
    /// </summary>
    public static bool MapsPerDestination(IReadOnlyList<Candidate> local) => local
        .Where(c => c.Type is CandidateType.ServerReflexive or CandidateType.PeerReflexive && c.Path.Value > 0)
        .GroupBy(c => c.Path)
        .Any(socket => socket.GroupBy(c => c.Server).Select(seen => seen.Last().Address).Distinct().Skip(1).Any());

    /// <summary>Nothing but private host addresses, which nobody outside can reach.</summary>
    private static bool IsHidden(IReadOnlyList<Candidate> candidates) => candidates.All(c => c.Type == CandidateType.Host && c.Address.Ip.IsPrivate);

    private static bool PeerMapsPerDestination(IReadOnlyList<Candidate> remote) => remote.Any(learned =>
        learned.Type == CandidateType.PeerReflexive
        && remote.Any(c => c.Type == CandidateType.ServerReflexive && c.Address.Ip == learned.Address.Ip && c.Address.Port != learned.Address.Port));
}
