namespace Softphone.Core;

/// <summary>What kind of link an interface is, for ordering candidates (RFC 8421 §3: VPN and unknown ones last).</summary>
public enum InterfaceKind
{
    Wired,
    Wireless,
    Cellular,
    Vpn,
    Bridge,
    Loopback,
    Unknown,
}

/// <summary>One address of one network interface that is up.</summary>
/// <param name="Name">The system's name of it, "eth0".</param>
/// <param name="Address">The address; an IPv6 link-local one carries its scope.</param>
/// <param name="PrefixLength">Length of the network prefix in bits.</param>
/// <param name="Kind">What it is.</param>
/// <param name="IsTemporary">An IPv6 privacy address (RFC 8981), preferred over the stable one.</param>
/// <param name="IsDeprecated">An IPv6 address that new flows must not use.</param>
public readonly record struct LocalInterface(
    string Name,
    IpAddress Address,
    int PrefixLength,
    InterfaceKind Kind = InterfaceKind.Wired,
    bool IsTemporary = false,
    bool IsDeprecated = false);
