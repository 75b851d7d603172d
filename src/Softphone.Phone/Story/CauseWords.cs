using Softphone.Core;

namespace Softphone.Phone;

/// <summary>Why media took no better way, or found none, in words: a sentence after that of the route, and half a sentence after a fault.</summary>
internal static class CauseWords
{
    private const string Symmetric = "(another outer port for every destination)";

    public static string Of(Explanation told)
    {
        var isFault = told.Fault is not null;
        return told.Cause switch
        {
            Cause.Network e => Sentence(isFault, WasTried(e) ? "No direct path worked: " : "No direct path was tried: ", Network(e, told.Servers)),
            Cause.SameNat e => Sentence(isFault, "No direct path worked: ", $"both sides are behind the NAT {e.Outside}, which does not lead back inside, and their network keeps them apart"),
            Cause.Families e => Sentence(isFault, "No direct path worked: ", Families(e)),
            Cause.NominatedEarly => Sentence(isFault, "", "A direct path works too: the peer, which chooses, took this one before it was found"),
            Cause.PrivateAddresses { Ours: { } ours, Peer: { } theirs } => $" {ours} (ours) and {theirs} (the peer's) are private addresses, which nothing reaches from outside.",
            Cause.PrivateAddresses { Ours: { } ours } => $" {ours} (ours) is a private address, which nothing reaches from outside.",
            Cause.PrivateAddresses { Peer: { } theirs } => $" {theirs} (the peer's) is a private address, which nothing reaches from outside.",
            Cause.NatByV4 e => $" By IPv4 our NAT{(e.MapsPerDestination ? $", which is symmetric {Symmetric}," : "")} would stand between.",
            _ => "",
        };
    }

    public static string Families(Cause.Families e) => $"we have {Family(e.WeHaveV4)} alone and the peer {Family(!e.WeHaveV4)} alone, and only a relay has both";

    private static string Sentence(bool isFault, string opening, string text) => isFault ? text : $" {opening}{text}.";

    private static bool WasTried(Cause.Network e) => !(e.Ours | e.Peer).HasFlag(Hindrances.RelaySetting);

    private static string Network(Cause.Network e, IReadOnlyList<Fault> servers)
    {
        if ((e.Ours | e.Peer) == Hindrances.None) return "what stands before each side did not let the other's packets in; one of the NATs likely is symmetric " + Symmetric;
        var likely = e.IsDeduced ? "likely " : "";
        if (e is { Ours: Hindrances.PerDestination, Peer: Hindrances.PerDestination }) return $"both NATs are {likely}symmetric {Symmetric}";
        var parts = new List<string>();
        if (e.Ours.HasFlag(Hindrances.RelaySetting)) parts.Add("our setting allows relays only (--nat relay, or nat.mode in the profile)");
        if (e.Peer.HasFlag(Hindrances.RelaySetting)) parts.Add("the peer named relays only, as it does when a setting says so");
        if (e.Ours.HasFlag(Hindrances.UdpBlocked)) parts.Add("no UDP gets out of our network, whose servers answer by TCP or TLS alone");
        if (e.Ours.HasFlag(Hindrances.ServersSilent)) parts.Add($"{Silent(servers)}, or no UDP gets out of our network");
        if (e.Ours.HasFlag(Hindrances.NotAsked)) parts.Add($"no STUN server {(e.AsksV6Alone ? "with IPv4 " : "")}is configured here, so that the peer knows our private address alone");
        if (e.Peer.HasFlag(Hindrances.UdpBlocked)) parts.Add("no UDP seems to get out of the peer's network");
        if (e.Peer.HasFlag(Hindrances.NoPublicAddress)) parts.Add("the peer named private addresses alone, as where no STUN server is asked or no UDP gets out");
        if (e.Peer.HasFlag(Hindrances.NothingArrived)) parts.Add("nothing came from the public address that the peer named");
        if (e.Ours.HasFlag(Hindrances.PerDestination)) parts.Add($"our NAT is {likely}symmetric {Symmetric}");
        if (e.Peer.HasFlag(Hindrances.PerDestination)) parts.Add($"the peer's NAT is {likely}symmetric {Symmetric}");
        if (e.Ours.HasFlag(Hindrances.Filter)) parts.Add($"our {(e.WeHaveNat ? "NAT" : "firewall")} lets in only what it has sent to");
        if (e.Peer.HasFlag(Hindrances.Filter)) parts.Add($"the peer's {(e.PeerHasNat ? "NAT" : "firewall")} lets in only what it has sent to");
        return string.Join(", and ", parts);
    }

    /// <summary>Which servers are down, if they are.</summary>
    private static string Silent(IReadOnlyList<Fault> servers)
    {
        var silent = servers.Where(s => s.Layer is Layer.Stun or Layer.Turn).Select(s => s.What).Distinct().Take(2).ToList();
        return silent.Count == 0 ? "no STUN or TURN server answered us: they are down" : $"{string.Join(", ", silent)}: {(silent.Count == 1 ? "it is" : "they are")} down";
    }

    private static string Family(bool isV4) => isV4 ? "IPv4" : "IPv6";
}
