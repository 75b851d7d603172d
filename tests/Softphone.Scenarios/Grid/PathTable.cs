namespace Softphone.Scenarios;

/// <summary>Which path two NAT types allow (RFC 8445's algorithm over RFC 4787's behaviours; the checklist's section 5).</summary>
internal static class PathTable
{
    /// <summary>direct, relay, or fail.</summary>
    public static string Expected(string a, string b, bool turn)
    {
        if (a == "udp-blocked" || b == "udp-blocked") return turn ? "relay" : "fail";
        return !NeedsRelay(a, b) && !NeedsRelay(b, a) ? "direct" : turn ? "relay" : "fail";
    }

    // A stateful firewall is the filter of a port-restricted NAT without the translation.
    private static bool NeedsRelay(string a, string b) => a == "symmetric" && b is ("symmetric" or "port-restricted" or "firewall");
}
