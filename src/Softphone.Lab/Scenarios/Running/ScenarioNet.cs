using System.Buffers.Binary;
using Softphone.Core;

namespace Softphone.Lab;

/// <summary>
/// The internet of a scenario, built from its description. Addresses are given out in the order of the file: outside addresses from
/// 203.0.113.101, LANs 10.0.1.0/24 and so on, routed ones 198.18.1.0/24, IPv6 2001:db8:1::/64.
/// </summary>
internal sealed class ScenarioNet
{
    private readonly World _world;
    private readonly Dictionary<string, Lan> _lans = [];
    private uint _lastOutside = 100;
    private uint _lastRouted;

    public ScenarioNet(World world, Scenario scenario)
    {
        _world = world;
        for (var i = 0; i < scenario.Networks.Count; i++) Add(scenario.Networks[i], (uint)i + 1);
    }

    public IReadOnlyList<Gateway> GatewaysOf(string network) => _lans[network].Gateways;

    /// <summary>No UDP passes, here or further out.</summary>
    public bool BlocksUdp(string network) =>
        _lans.TryGetValue(network, out var lan) && (lan.About.Nat.BlocksUdp || (lan.About.Behind is { } behind && BlocksUdp(behind)));

    /// <summary>Plugs a host into a network: one interface with an address of each family that the network has.</summary>
    public void Attach(VirtualHost host, string network, Link line)
    {
        if (!_lans.TryGetValue(network, out var lan))
        {
            host.Attach(_world.Public, NextPublic(), line, name: network);
            return;
        }

        var number = lan.Next++;
        if (lan.About.HasV4) host.Attach(lan.Segment, IpAddress.FromV4(lan.V4.V4 + number), line, lan.About.Kind, network);
        if (lan.About.V6 is not null) host.Attach(lan.Segment, V6(lan.Number, number), line, lan.About.Kind, network);
    }

    private void Add(ScenarioNetwork network, uint number)
    {
        var around = network.Behind is { } behind ? _lans[behind] : null;
        var segment = around?.Segment ?? _world.Public;
        var isRouted = !network.Nat.Translates && around is null;
        var (v4, length) = network.Prefix ?? (isRouted ? NextRouted() : IpAddress.FromV4(0x0A000000 + (number << 8)), 24);
        Segment lan;
        if (network.HasV4)
        {
            var outside = network.Nat.Translates ? Enumerable.Range(0, network.Outside).Select(_ => NextOutside(around)).ToArray() : [];
            lan = _world.AddLan(network.Name, v4, length, network.Nat, segment, network.Line, outside);
            lan.Gateway!.Failure = network.V4Failure;
            if (network.V6 is { } firewall)
            {
                var gateway = _world.AddGateway(lan, network.Name, V6(number, 0), 64, firewall, segment, network.Line);
                (gateway.IsUp, gateway.Failure) = (!network.IsV6Broken, network.V6Failure);
            }
        }
        else
        {
            lan = _world.AddLan(network.Name, V6(number, 0), 64, network.V6!, segment, network.Line);
        }

        if (network.Nat64 is { } nat64) _world.AddNat64(lan, network.Name, nat64, segment, network.Line, NextOutside(around));
        lan.IsIsolated = network.IsIsolated;
        _lans.Add(network.Name, new Lan(network, number, v4, lan, [.. _world.Gateways.Where(g => g.Inside == lan)]));
    }

    private IpAddress NextOutside(Lan? around) => around is null ? NextPublic() : IpAddress.FromV4(around.V4.V4 + around.Next++);

    private IpAddress NextPublic() => IpAddress.FromV4(0xCB007100 + ++_lastOutside);

    private IpAddress NextRouted() => IpAddress.FromV4(0xC6120000 + (++_lastRouted << 8));

    private static IpAddress V6(uint network, uint host)
    {
        Span<byte> octets = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(octets, 0x2001_0DB8_0000_0000 | ((ulong)network << 16));
        BinaryPrimitives.WriteUInt32BigEndian(octets[12..], host);
        return IpAddress.FromBytes(octets);
    }

    private sealed record Lan(ScenarioNetwork About, uint Number, IpAddress V4, Segment Segment, IReadOnlyList<Gateway> Gateways)
    {
        /// <summary>The number of the next host; 1 is the gateway's.</summary>
        public uint Next { get; set; } = 2;
    }
}
