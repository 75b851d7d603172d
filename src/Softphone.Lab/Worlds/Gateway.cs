using Softphone.Core;

namespace Softphone.Lab;

/// <summary>
/// The box between a LAN and the network around it. Its <see cref="NatDevice"/> decides on every packet; one that does not translate
/// routes the LAN's prefix. Gateways nest: the network around may be a LAN itself.
/// </summary>
public sealed class Gateway
{
    internal Gateway(string name, NatDevice nat, Segment inside, Segment outside, Link wan)
    {
        Name = name;
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

    internal Plug InsidePlug { get; }

    internal Plug OutsidePlug { get; }

    public override string ToString() => Name;
}
