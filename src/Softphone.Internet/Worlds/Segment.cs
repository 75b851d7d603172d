using Softphone.Core;

namespace Softphone.Internet;

/// <summary>
/// One network whose members reach each other directly: the public internet (every address is on it) or a LAN (only those of its
/// prefix; everything else goes to its gateway).
/// </summary>
public sealed class Segment
{
    private readonly Dictionary<IpAddress, Plug> _members = [];
    private readonly List<(IpAddress Network, int Length, Plug Via)> _routes = [];
    private readonly List<(IpAddress Network, int Length)> _prefixes = [];
    private readonly List<Gateway> _gateways = [];

    internal Segment(World world, string name, IpAddress network, int prefixLength)
    {
        World = world;
        Name = name;
        Network = network;
        PrefixLength = prefixLength;
        if (network.IsValid) _prefixes.Add((network, prefixLength));
    }

    public World World { get; }

    public string Name { get; }

    /// <summary>The prefix; unset for the public internet.</summary>
    public IpAddress Network { get; }

    /// <summary>Length of the prefix in bits; 0 for the public internet.</summary>
    public int PrefixLength { get; }

    /// <summary>True: hosts here cannot reach each other directly, only the gateway (client isolation).</summary>
    public bool IsIsolated { get; set; }

    /// <summary>The gateway to the network around this one, the first of several; null for the public internet.</summary>
    public Gateway? Gateway => _gateways.Count == 0 ? null : _gateways[0];

    /// <summary>The gateway for this destination, by its address family and NAT64 prefix; null when there is none.</summary>
    public Gateway? GatewayFor(IpAddress destination)
    {
        foreach (var gateway in _gateways)
            if (gateway.Carries(destination)) return gateway;
        return null;
    }

    internal IpAddress Nat64Prefix
    {
        get
        {
            foreach (var gateway in _gateways)
                if (gateway.Nat64Prefix.IsValid) return gateway.Nat64Prefix;
            return default;
        }
    }

    /// <summary>A NAT64 is asked before the gateway that routes everything else.</summary>
    internal void AddNat64(Gateway gateway) => _gateways.Insert(0, gateway);

    internal void AddGateway(Gateway gateway, IpAddress network, int prefixLength)
    {
        _gateways.Add(gateway);
        if (!_prefixes.Contains((network, prefixLength))) _prefixes.Add((network, prefixLength));
    }

    internal int PrefixLengthFor(IpAddress address)
    {
        foreach (var prefix in _prefixes)
            if (prefix.Network.InSameNetwork(address, prefix.Length)) return prefix.Length;
        return address.IsV4 ? 24 : 64;
    }

    internal bool HasOnLink(IpAddress address)
    {
        if (!Network.IsValid) return true;
        foreach (var prefix in _prefixes)
            if (prefix.Network.InSameNetwork(address, prefix.Length)) return true;
        return false;
    }

    internal void Join(IpAddress address, Plug plug)
    {
        if (!_members.TryAdd(address, plug)) throw new ArgumentException($"{address} is taken on {Name}", nameof(address));
        plug.Addresses.Add(address);
    }

    internal void Leave(IpAddress address)
    {
        if (_members.Remove(address, out var plug)) plug.Addresses.Remove(address);
    }

    internal void AddRoute(IpAddress network, int length, Plug via) => _routes.Add((network, length, via));

    /// <summary>Who takes a packet to this destination here; null when nobody does.</summary>
    internal Plug? NextHop(IpAddress destination)
    {
        if (_members.TryGetValue(destination, out var member)) return member;
        foreach (var route in _routes)
            if (route.Network.InSameNetwork(destination, route.Length)) return route.Via;
        return HasOnLink(destination) ? null : GatewayFor(destination)?.InsidePlug;
    }

    public override string ToString() => Name;
}
