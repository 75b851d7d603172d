using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>A NAT in fifty lines: mapping per socket or per destination; filtering by nothing, address, or address and port.</summary>
internal sealed class TinyNat(NatKind kind, IpAddress outside)
{
    private readonly Dictionary<(Address Inside, Address Destination), Mapping> _byInside = [];
    private readonly Dictionary<ushort, Mapping> _byPort = [];
    private ushort _next = 40_000;

    public IpAddress Outside { get; } = outside;

    public Address Outbound(Address inside, Address destination)
    {
        var key = (inside, kind == NatKind.Symmetric ? destination : default);
        if (!_byInside.TryGetValue(key, out var mapping))
        {
            _byInside[key] = mapping = new Mapping(inside, new Address(Outside, _next));
            _byPort[_next] = mapping;
            _next += 7;
        }

        mapping.Contacted.Add(destination);
        return mapping.Outside;
    }

    public bool TryInbound(Address outside, Address source, out Address inside)
    {
        inside = default;
        if (!_byPort.TryGetValue(outside.Port, out var mapping)) return false;
        inside = mapping.Inside;
        return kind switch
        {
            NatKind.FullCone => true,
            NatKind.Restricted => mapping.Contacted.Any(c => c.Ip == source.Ip),
            _ => mapping.Contacted.Contains(source),
        };
    }

    private sealed record Mapping(Address Inside, Address Outside)
    {
        public HashSet<Address> Contacted { get; } = [];
    }
}
