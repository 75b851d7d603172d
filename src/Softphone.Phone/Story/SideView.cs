using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Phone;

/// <summary>What candidates and checks show of one side's network. What they do not show is not assumed.</summary>
internal sealed record SideView(UdpSeen Udp, MappingSeen Mapping)
{
    /// <summary>It named relays and nothing else, or our setting has it so.</summary>
    public bool RelaysOnly { get; init; }

    public bool HasRelay { get; init; }

    /// <summary>Servers are asked, by IPv6 alone, and the other side has IPv4 alone.</summary>
    public bool AsksV6Alone { get; init; }

    /// <summary>No address of its own that the other side could reach from outside.</summary>
    public bool IsHidden { get; init; }

    /// <summary>There is evidence for a NAT.</summary>
    public bool HasNat { get; init; }

    public bool HasV6 { get; init; }

    public static SideView OfOurs(IceSnapshot ice, NatFacts facts)
    {
        var own = ice.Local.Where(c => c.Transport == Transport.Udp && c.Address.IsValid).ToList();
        var hosts = InUse(own);

        // What is seen by IPv6 says nothing of the way to a peer that has IPv4 alone.
        var isV4Alone = ice.Remote.Any(c => c.Address.IsValid) && ice.Remote.All(c => !c.Address.IsValid || c.Address.Ip.IsV4);
        var isReflexive = own.Exists(c => (c.Address.Ip.IsV4 || !isV4Alone) && (c.Type == CandidateType.ServerReflexive || c is { Type: CandidateType.PeerReflexive, Path.IsRelay: false }));
        var isOpen = isReflexive || (isV4Alone ? ice.HasUdpAnswerV4 : ice.HasUdpAnswer)
            || own.Exists(c => c is { Type: CandidateType.Relayed, RelayedBy: Transport.Udp } && (c.Server.Ip.IsV4 || !isV4Alone))
            || ice.Pairs.Any(p => p is { Local: { Path.IsRelay: false, Transport: Transport.Udp } } && p.Answers + p.Received > 0);
        var isStreamed = own.Exists(c => c is { Type: CandidateType.Relayed, RelayedBy: not Transport.Udp });
        return new SideView(
            isOpen ? UdpSeen.Open : !facts.AsksByUdp || (isV4Alone && !ice.HasAskedV4) ? UdpSeen.NotAsked : isStreamed ? UdpSeen.Blocked : UdpSeen.Silent,
            Diagnosis.MapsPerDestination(ice.Local) ? MappingSeen.PerDestination
                : Diagnosis.MapsAlike(ice) ? MappingSeen.Alike
                : !isReflexive && HasPublic(hosts) ? MappingSeen.NoNat : MappingSeen.Untold)
        {
            RelaysOnly = facts.RelaysOnly,
            AsksV6Alone = facts.AsksByUdp && isV4Alone && !ice.HasAskedV4,
            HasRelay = own.Exists(c => c.Type == CandidateType.Relayed),
            IsHidden = !isReflexive && !HasPublic(hosts),
            HasNat = isReflexive || (hosts.Count > 0 && !HasPublic(hosts)),
            HasV6 = own.Exists(c => c.Address.Ip.IsV6 && !c.Address.Ip.IsPrivate),
        };
    }

    public static SideView OfPeer(IceSnapshot ice)
    {
        var told = ice.Remote.Where(c => c.Type != CandidateType.PeerReflexive && c.Address.IsValid).ToList();
        var own = told.Where(c => c.Transport == Transport.Udp).ToList();
        var hosts = InUse(own);
        var isReflexive = own.Exists(c => c.Type == CandidateType.ServerReflexive);
        var isOpen = isReflexive || ice.Pairs.Any(p => p.Received + p.Answers > 0 && p.Remote.Transport == Transport.Udp && !IsRelay(ice, p.Remote));
        var perDestination = Diagnosis.PeerMapsPerDestination(ice.Remote);
        var isStrange = ice.Remote.Any(c => c.Type == CandidateType.PeerReflexive && !IsRelay(ice, c) && !told.Exists(t => t.Address.Ip == c.Address.Ip));
        return new SideView(
            isOpen ? UdpSeen.Open : own.Exists(c => c.Type == CandidateType.Relayed) && !HasPublic(hosts) && hosts.Count > 0 ? UdpSeen.Blocked : UdpSeen.Untold,
            perDestination ? MappingSeen.PerDestination : !isReflexive && !isStrange && HasPublic(hosts) ? MappingSeen.NoNat : MappingSeen.Untold)
        {
            RelaysOnly = told.Count > 0 && told.TrueForAll(c => c.Type == CandidateType.Relayed),
            HasRelay = own.Exists(c => c.Type == CandidateType.Relayed),
            IsHidden = !isReflexive && !HasPublic(hosts),
            HasNat = isReflexive || isStrange,
            HasV6 = own.Exists(c => c.Address.Ip.IsV6 && !c.Address.Ip.IsPrivate),
        };
    }

    /// <summary>Host candidates of IPv4 where there are any: it is what NATs stand before.</summary>
    private static List<Candidate> InUse(List<Candidate> side)
    {
        var hosts = side.FindAll(c => c.Type == CandidateType.Host);
        return hosts.Exists(c => c.Address.Ip.IsV4) ? hosts.FindAll(c => c.Address.Ip.IsV4) : hosts;
    }

    private static bool HasPublic(List<Candidate> hosts) => hosts.Exists(c => !c.Address.Ip.IsPrivate && !c.Address.Ip.IsLoopback && !c.Address.Ip.IsLinkLocal);

    /// <summary>A relay of either side, told or only heard from: a relay's host is nobody's own address.</summary>
    private static bool IsRelay(IceSnapshot ice, Candidate candidate) =>
        candidate.IsThroughRelay || ice.Remote.Concat(ice.Local).Any(c => c.Type == CandidateType.Relayed && c.Address.Ip == candidate.Address.Ip);
}
