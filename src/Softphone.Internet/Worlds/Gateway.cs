using Softphone.Core;

namespace Softphone.Internet;

/// <summary>
/// The box between a LAN and the network around it. Its <see cref="NatDevice"/> decides on every packet; one that does not translate
/// routes the LAN's prefix. Gateways nest: the network around may be a LAN itself. A LAN with both address families has a gateway for each.
/// </summary>
public sealed class Gateway
{
    internal Gateway(string name, NatDevice nat, Segment inside, Segment outside, Link wan, bool isV4)
    {
        Name = name;
        IsV4 = isV4;
        Nat = nat;
        InsidePlug = new Plug(inside, Link.Perfect) { Gateway = this, IsInside = true };
        OutsidePlug = new Plug(outside, wan) { Gateway = this };
    }

    public string Name { get; }

    public NatDevice Nat { get; }

    public Segment Inside => InsidePlug.Segment;

    public Segment Outside => OutsidePlug.Segment;

    /// <summary>The line to the network around.</summary>
    public Link Wan
    {
        get => OutsidePlug.Link;
        set => OutsidePlug.Link = value;
    }

    /// <summary>False: the line is cut.</summary>
    public bool IsUp
    {
        get => OutsidePlug.IsUp;
        set => OutsidePlug.IsUp = value;
    }

    /// <summary>What becomes of all that it is to carry.</summary>
    public GatewayFailure Failure { get; set; }

    /// <summary>Forgets every mapping, as a restart or a new address from the provider does: what flows gets other ports.</summary>
    public void Rebind() => Nat.Restart();

    /// <summary>Its LAN is IPv4; false: IPv6.</summary>
    public bool IsV4 { get; }

    /// <summary>Of a NAT64: the prefix whose addresses stand for IPv4 ones (RFC 6052); unset for others.</summary>
    internal IpAddress Nat64Prefix { get; init; }

    internal bool Carries(IpAddress destination) =>
        Nat64Prefix.IsValid ? Nat64Prefix.InSameNetwork(destination, 96) : IsV4 == destination.IsV4;

    internal Plug InsidePlug { get; }

    internal Plug OutsidePlug { get; }

    public override string ToString() => Name;
}
