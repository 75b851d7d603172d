using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Phone;

/// <summary>
/// Why a call with ICE went by a relay or found no path, and what would help, from what both sides' candidates and checks show. What must
/// help and what may is told apart: the laboratory holds every word of it against the networks it knows.
/// </summary>
internal static class PathReasoning
{
    private const Hindrances Hard = ~(Hindrances.PerDestination | Hindrances.Filter | Hindrances.NothingArrived);

    private static readonly IpAddress WellKnownNat64 = IpAddress.Parse("64:ff9b::");

    /// <summary>Of a selected pair.</summary>
    public static (Cause Cause, IReadOnlyList<Remedy> Remedies) Of(CandidatePair pair, IceSnapshot ice, NatFacts facts)
    {
        if (pair.RelayLegs > 0) return Relayed(pair, ice, facts);
        if (pair.Local.Address.Ip.IsV6 && ice.Local.Any(c => c.Type == CandidateType.ServerReflexive && c.Address.Ip.IsV4))
            return (new Cause.NatByV4(Diagnosis.MapsPerDestination(ice.Local)), []);
        var ours = pair.Local.Type == CandidateType.Host ? null : Private(ice.Local);
        var theirs = pair.Remote.Type == CandidateType.Host ? null : Private(ice.Remote);
        return (ours is null && theirs is null ? new Cause.Nothing() : new Cause.PrivateAddresses(ours, theirs), []);
    }

    /// <summary>Of checks that found nothing; without an agent nothing could be gathered.</summary>
    public static (Cause Cause, IReadOnlyList<Remedy> Remedies) OfFailure(IceSnapshot? ice, NatFacts facts)
    {
        if (ice is null or { Local.Count: 0 })
        {
            if (!facts.RelaysOnly) return (new Cause.NoCandidate(Side.Ours), [One(RemedyKind.Interface, Side.Ours, Promise.Connected, false)]);
            return (new Cause.Network(Hindrances.RelaySetting, Hindrances.None),
            [
                One(RemedyKind.Relay, Side.Both, Promise.Connected, !facts.AsksRelay),
                One(RemedyKind.Relay, Side.Ours, Promise.Connected, false),
                One(RemedyKind.AllowDirect, Side.Ours, Promise.Direct, false),
            ]);
        }

        switch (Diagnosis.KindOf(ice))
        {
            case IceFailure.NoRemoteCandidate:
                return (new Cause.NoCandidate(Side.Peer), [One(RemedyKind.NameCandidates, Side.Peer, Promise.Connected, false)]);
            case IceFailure.Unverified:
                return (new Cause.Unverified(ice.Forged), [One(RemedyKind.FindRewriter, Side.Both, Promise.Connected, false)]);
            case IceFailure.Unauthenticated:
                return (new Cause.Unauthenticated(ice.Unauthenticated), [One(RemedyKind.FindRewriter, Side.Both, Promise.Connected, false)]);
        }

        var (ours, theirs) = (SideView.OfOurs(ice, facts), SideView.OfPeer(ice));
        var (cause, remedies) = Hindered(ice, ours, theirs);
        return (cause, [.. Relays(ours, theirs, facts.AsksRelay).Concat(remedies).OrderByDescending(r => r.IsCertain)]);
    }

    private static (Cause Cause, IReadOnlyList<Remedy> Remedies) Relayed(CandidatePair pair, IceSnapshot ice, NatFacts facts)
    {
        if (ice.Role == IceRole.Controlled && ice.Pairs.Any(p => p is { IsValid: true, RelayLegs: 0 } && p.Component == pair.Component))
            return (new Cause.NominatedEarly(), [One(RemedyKind.CallFromHere, Side.Ours, Promise.Direct, true)]);
        return Hindered(ice, SideView.OfOurs(ice, facts), SideView.OfPeer(ice));
    }

    private static (Cause Cause, IReadOnlyList<Remedy> Remedies) Hindered(IceSnapshot ice, SideView ours, SideView theirs)
    {
        if (Apart(ice) is { } apart) return apart;

        var (here, there) = (OfOurs(ours), OfPeer(theirs, ours.HasRelay));
        if ((here | there) == 0 && Public(ice.Local) is { } outside && outside == Public(ice.Remote))
        {
            return (new Cause.SameNat(outside),
            [
                One(RemedyKind.LetClientsMeet, Side.Both, Promise.Direct, false),
                One(RemedyKind.Hairpin, Side.Both, Promise.Direct, false),
            ]);
        }

        if (ours.Mapping == MappingSeen.PerDestination) here |= Hindrances.PerDestination;
        if (theirs.Mapping == MappingSeen.PerDestination) there |= Hindrances.PerDestination;
        var isDeduced = false;
        if ((here | there) is var all && (all & Hard) == 0 && !all.HasFlag(Hindrances.NothingArrived)) isDeduced = Soften(ours, theirs, ref here, ref there);
        var cause = new Cause.Network(here, there) { IsDeduced = isDeduced, AsksV6Alone = ours.AsksV6Alone, WeHaveNat = ours.HasNat, PeerHasNat = theirs.HasNat };
        return (cause, ((here | there) & Hard) != 0 ? Open(here, there) : there.HasFlag(Hindrances.NothingArrived) ? Hear(ours) : Map(ours, theirs, here, there));
    }

    /// <summary>One side has IPv4 alone and the other IPv6, as their candidates show; null where they do not.</summary>
    private static (Cause Cause, IReadOnlyList<Remedy> Remedies)? Apart(IceSnapshot ice)
    {
        if (Family(ice.Local) is not { } own || Family(ice.Remote) is not { } other || own == other) return null;
        return (new Cause.Families(own),
        [
            One(RemedyKind.Ipv6, own ? Side.Ours : Side.Peer, Promise.Direct, false),
            One(RemedyKind.Ipv4, own ? Side.Peer : Side.Ours, Promise.Direct, false),
        ]);
    }

    /// <summary>Of a call that was over before its checks were: what its candidates show already.</summary>
    public static (Cause Cause, IReadOnlyList<Remedy> Remedies) OfHaste(IceSnapshot? ice, NatFacts facts)
    {
        if (ice is null || Apart(ice) is not { } apart) return (new Cause.OverBeforePath(), []);
        return (apart.Cause, [.. Relays(SideView.OfOurs(ice, facts), SideView.OfPeer(ice), facts.AsksRelay).Concat(apart.Remedies).OrderByDescending(r => r.IsCertain)]);
    }

    private static Hindrances OfOurs(SideView side)
    {
        var found = side.RelaysOnly ? Hindrances.RelaySetting : Hindrances.None;
        return side switch
        {
            { Udp: UdpSeen.Blocked } => found | Hindrances.UdpBlocked,
            { Udp: UdpSeen.Silent } => found | Hindrances.ServersSilent,
            { Udp: UdpSeen.NotAsked, IsHidden: true, RelaysOnly: false } => found | Hindrances.NotAsked,
            _ => found,
        };
    }

    /// <summary>A relay of ours hears whatever gets out of the peer's network, since the peer checks it too.</summary>
    private static Hindrances OfPeer(SideView side, bool weHaveRelay) => side switch
    {
        { RelaysOnly: true } => Hindrances.RelaySetting,
        { Udp: UdpSeen.Blocked } => Hindrances.UdpBlocked,
        { Udp: UdpSeen.Untold, IsHidden: true } => Hindrances.NoPublicAddress,
        { Udp: UdpSeen.Untold } => weHaveRelay ? Hindrances.UdpBlocked : Hindrances.NothingArrived,
        _ => Hindrances.None,
    };

    /// <summary>
    /// Two addresses that can be reached from outside, and no packet got in. Two NATs that map alike always meet, whatever they filter, since
    /// each side's first check opens its own: so one of them does not. True when which one only follows.
    /// </summary>
    private static bool Soften(SideView ours, SideView theirs, ref Hindrances here, ref Hindrances there)
    {
        var isSeen = (here | there) != 0;
        if (!isSeen && IsAlike(ours) && !IsAlike(theirs)) there |= Hindrances.PerDestination;
        else if (!isSeen && IsAlike(theirs) && !IsAlike(ours)) here |= Hindrances.PerDestination;
        if (here == Hindrances.PerDestination && there == 0) there = Hindrances.Filter;
        else if (there == Hindrances.PerDestination && here == 0) here = Hindrances.Filter;
        return !isSeen && (here | there) != 0;
    }

    private static bool IsAlike(SideView side) => side.Mapping is MappingSeen.NoNat or MappingSeen.Alike;

    /// <summary>What opens a network shows another one, of which nothing is known yet.</summary>
    private static IReadOnlyList<Remedy> Open(Hindrances here, Hindrances there) =>
        [new Remedy(Promise.Direct, false)
        {
            Steps = [.. Steps(here, Side.Ours).Concat(Steps(there, Side.Peer)).GroupBy(s => s.Kind).Select(g => new RemedyStep(g.Key, g.Count() > 1 ? Side.Both : g.First().Side))],
        }];

    private static IEnumerable<RemedyStep> Steps(Hindrances side, Side whose)
    {
        if (side.HasFlag(Hindrances.RelaySetting)) yield return new RemedyStep(RemedyKind.AllowDirect, whose);
        if ((side & (Hindrances.UdpBlocked | Hindrances.ServersSilent | Hindrances.NothingArrived)) != 0) yield return new RemedyStep(RemedyKind.LetUdpOut, whose);
        if ((side & (Hindrances.NotAsked | Hindrances.NoPublicAddress)) != 0) yield return new RemedyStep(RemedyKind.AskStun, whose);
        if (side.HasFlag(Hindrances.PerDestination)) yield return new RemedyStep(RemedyKind.MapAlike, whose);
    }

    /// <summary>A peer without a NAT that is not heard: its UDP does not get out, or its firewall drops ours, which comes from another port than it was told.</summary>
    private static IReadOnlyList<Remedy> Hear(SideView ours)
    {
        var heard = new RemedyStep(RemedyKind.LetUdpOut, ours.Udp == UdpSeen.Open ? Side.Peer : Side.Both);
        if (IsAlike(ours)) return [new Remedy(Promise.Direct, true) { Steps = [heard] }];
        var alike = new RemedyStep(RemedyKind.MapAlike, Side.Ours);
        var both = new Remedy(Promise.Direct, true) { Steps = [alike, heard] };
        return ours.Mapping == MappingSeen.PerDestination ? [both] : [both, new Remedy(Promise.Direct, false) { Steps = [alike] }, new Remedy(Promise.Direct, false) { Steps = [heard] }];
    }

    private static IReadOnlyList<Remedy> Map(SideView ours, SideView theirs, Hindrances here, Hindrances there)
    {
        var remedies = new List<Remedy>();
        var (we, they) = (ours.Mapping != MappingSeen.NoNat, theirs.Mapping != MappingSeen.NoNat);
        if (we && IsAlike(theirs)) remedies.Add(One(RemedyKind.MapAlike, Side.Ours, Promise.Direct, true));
        else if (they && IsAlike(ours)) remedies.Add(One(RemedyKind.MapAlike, Side.Peer, Promise.Direct, true));
        else if (we && they) remedies.Add(One(RemedyKind.MapAlike, Side.Both, Promise.Direct, true));
        if (!ours.HasV6 && !theirs.HasV6) remedies.Add(One(RemedyKind.Ipv6, Side.Both, Promise.Direct, true));
        if (we && they && !IsAlike(ours) && !IsAlike(theirs))
        {
            if (here == Hindrances.PerDestination && there == Hindrances.Filter) remedies.Add(One(RemedyKind.MapAlike, Side.Ours, Promise.Direct, false));
            if (there == Hindrances.PerDestination && here == Hindrances.Filter) remedies.Add(One(RemedyKind.MapAlike, Side.Peer, Promise.Direct, false));
        }

        if (here == Hindrances.Filter && !we) remedies.Add(One(RemedyKind.LetUdpIn, Side.Ours, Promise.Direct, true));
        if (there == Hindrances.Filter && !they) remedies.Add(One(RemedyKind.LetUdpIn, Side.Peer, Promise.Direct, true));
        return [.. remedies.OrderByDescending(r => r.IsCertain)];
    }

    /// <summary>Relays for a call that found no path. One side's is enough where UDP is known to get out of the other's network, for then the other reaches it.</summary>
    private static IEnumerable<Remedy> Relays(SideView ours, SideView theirs, bool isAsked)
    {
        switch (ours.HasRelay, theirs.HasRelay)
        {
            case (true, true):
                yield return One(RemedyKind.PermitRelay, Side.Both, Promise.Connected, false);
                break;
            case (true, false):
                yield return One(RemedyKind.Relay, Side.Peer, Promise.Connected, true);
                break;
            case (false, true):
                yield return One(RemedyKind.Relay, Side.Ours, Promise.Connected, !isAsked);
                break;
            default:
                var isOurs = theirs.Udp == UdpSeen.Open;
                var isPeers = ours.Udp == UdpSeen.Open;
                if (!isOurs) yield return One(RemedyKind.Relay, isPeers ? Side.Peer : Side.Both, Promise.Connected, isPeers || !isAsked);

                // A relay lets in the addresses that it was told (RFC 8656 §9): a peer that named none from which it comes is kept out. One that a
                // direct path would have found does not get out at all.
                var isShut = theirs.Udp == UdpSeen.Untold && isPeers && IsAlike(ours);
                if (!theirs.IsHidden && !isShut) yield return One(RemedyKind.Relay, Side.Ours, Promise.Connected, isOurs && !isAsked);
                break;
        }
    }

    private static Remedy One(RemedyKind kind, Side side, Promise promise, bool isCertain) => new(promise, isCertain) { Steps = [new RemedyStep(kind, side)] };

    /// <summary>True for IPv4, false for IPv6 where a side's own addresses are of that family alone; null when there are both or none. Those made for a NAT64 are not its own.</summary>
    private static bool? Family(IReadOnlyList<Candidate> side)
    {
        var own = side.Where(c => c.Type is CandidateType.Host or CandidateType.ServerReflexive && c.Address.IsValid && !c.Address.Ip.InSameNetwork(WellKnownNat64, 96)).ToList();
        return own.Count == 0 || own.Exists(c => c.Address.Ip.IsV4 != own[0].Address.Ip.IsV4) ? null : own[0].Address.Ip.IsV4;
    }

    private static IpAddress? Private(IReadOnlyList<Candidate> side) =>
        side.FirstOrDefault(c => c.Type == CandidateType.Host && c.Address.Ip.IsPrivate) is { } host ? host.Address.Ip : null;

    private static IpAddress? Public(IReadOnlyList<Candidate> side) =>
        side.FirstOrDefault(c => c.Type == CandidateType.ServerReflexive) is { } reflexive ? reflexive.Address.Ip : null;
}
