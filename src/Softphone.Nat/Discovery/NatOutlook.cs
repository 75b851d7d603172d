namespace Softphone.Nat;

/// <summary>
/// What calls to expect from behind one kind of NAT, by the kind that the peer is behind: what ICE finds where both sides have UDP and a
/// TURN server (RFC 8445 with the filters of RFC 4787).
/// </summary>
public static class NatOutlook
{
    /// <summary>The kinds of peer that are told apart, mildest first.</summary>
    public static IReadOnlyList<string> Peers { get; } = ["open", "full cone", "restricted cone", "port-restricted cone", "symmetric", "symmetric firewall", "UDP blocked"];

    /// <summary>How media goes to such a peer; null when one of the two kinds is not known.</summary>
    /// <param name="own">A name of <see cref="NatFinding.Classic"/>.</param>
    /// <param name="peer">Likewise.</param>
    public static NatPath? Between(string own, string peer) =>
        !Peers.Contains(own) || !Peers.Contains(peer) ? null
        : own == "UDP blocked" || peer == "UDP blocked" ? NatPath.RelayOverTcp
        // A port that nobody can predict passes no filter that asks for the port.
        : (own == "symmetric" && FiltersPorts(peer)) || (peer == "symmetric" && FiltersPorts(own)) ? NatPath.Relay
        : NatPath.Direct;

    /// <summary>In a sentence or two, for a person.</summary>
    public static string Describe(NatFinding found)
    {
        if (found.Classic == "UDP blocked") return "No UDP leaves this network: every call goes over a TURN server that is reached by TCP or TLS.";
        if (Between(found.Classic, "open") is null)
        {
            return found.Mapping == Dependence.EndpointIndependent
                ? "The NAT keeps one mapping for a socket, so calls go directly at least with peers whose NAT does so too. Its filter is not known; ask a server that supports RFC 5780."
                : "The NAT could not be told from this server; ask one that supports RFC 5780.";
        }

        var relayed = Peers.Where(p => p != "UDP blocked" && Between(found.Classic, p) == NatPath.Relay).Select(Behind).ToList();
        var direct = relayed.Count == 0
            ? "Calls go directly with every peer that has UDP."
            : $"Calls go directly with every peer but those behind {Join(relayed)}: with them media needs one relay, so configure a TURN server.";
        var slow = found.Classic == "restricted cone" ? " With a symmetric peer that answers, the direct path may take half a second longer, for its first packet opens the way for the second." : "";
        var hairpin = found.Hairpin == false ? " Two phones behind this NAT reach each other by their inner addresses only." : "";
        var fragments = found.Fragments == false ? " Fragments do not pass: SIP over UDP must stay small, so use TCP or TLS for it." : "";
        var alg = found.RewritesPayloads == true ? " Something rewrites addresses inside packets: switch off the SIP helper (ALG) of the router, or use TLS." : "";
        return direct + slow + hairpin + fragments + alg;
    }

    private static bool FiltersPorts(string kind) => kind is "port-restricted cone" or "symmetric" or "symmetric firewall";

    private static string Behind(string kind) => kind == "symmetric firewall" ? "a strict firewall" : $"a {kind} NAT".Replace("cone NAT", "NAT", StringComparison.Ordinal);

    private static string Join(List<string> items) => items.Count == 1 ? items[0] : $"{string.Join(", ", items[..^1])} or {items[^1]}";
}
