namespace Softphone.Interop;

/// <summary>Which class of path must be chosen between two NATs when a relay is at hand: the classic hole-punching table, with firewalls.</summary>
internal static class Matrix
{
    /// <summary>Those that let UDP out.</summary>
    public static readonly string[] Types = ["full-cone", "restricted-cone", "port-restricted", "symmetric", "none"];

    /// <summary>All seven.</summary>
    public static readonly string[] AllTypes = [.. Types, "firewall", "udp-blocked"];

    /// <summary>
    /// Only an endpoint-dependent mapping against a filter by port leaves no direct path; a stateful firewall filters by port. Who may
    /// send no UDP has TURN over a stream and nothing else.
    /// </summary>
    public static bool NeedsRelay(string a, string b) =>
        IsBlocked(a) || IsBlocked(b) || (a == "symmetric" && FiltersByPort(b)) || (b == "symmetric" && FiltersByPort(a));

    public static bool IsBlocked(string type) => type == "udp-blocked";

    private static bool FiltersByPort(string type) => type is "symmetric" or "port-restricted" or "firewall";
}
