namespace Softphone.Interop;

/// <summary>Which class of path must be chosen between two NATs when a relay is at hand: the classic hole-punching table.</summary>
internal static class Matrix
{
    public static readonly string[] Types = ["full-cone", "restricted-cone", "port-restricted", "symmetric", "none"];

    /// <summary>Only an endpoint-dependent mapping against a filter by port leaves no direct path.</summary>
    public static bool NeedsRelay(string a, string b) => (a, b) is
        ("symmetric", "symmetric") or ("symmetric", "port-restricted") or ("port-restricted", "symmetric");
}
