using Softphone.Core;

namespace Softphone.Internet;

/// <summary>
/// A NAT or firewall as a value with two verbs, <see cref="Outbound"/> and <see cref="Inbound"/>, along the axes of RFC 4787. It knows
/// no network and no clock: whoever forwards a packet asks it, and the same seed and questions give the same answers. Mappings die
/// when nothing refreshed them for their lifetime (§4.3); within a mapping each permitted source dies by the same rule.
/// </summary>
public sealed class NatDevice
{
    private const int MaxPermits = 4096;
    private const int LowestPort = 10_000;

    private readonly IpAddress[] _outside;
    private readonly IEntropy _entropy;
    private readonly Dictionary<Key, Mapping> _byInside = [];
    private readonly Dictionary<(bool Stream, Address Outside), Mapping> _byOutside = [];
    private readonly Dictionary<IpAddress, IpAddress> _paired = [];
    private ushort _lastPort = LowestPort;
    private int _open;

    /// <param name="behavior">How it behaves; may be changed later by <see cref="Behavior"/>.</param>
    /// <param name="entropy">Where random ports and addresses come from.</param>
    /// <param name="outside">Its outside addresses; none for one that does not translate.</param>
    public NatDevice(NatBehavior behavior, IEntropy entropy, params ReadOnlySpan<IpAddress> outside)
    {
        if (behavior.Translates && outside.IsEmpty) throw new ArgumentException("a NAT that translates needs an outside address", nameof(outside));
        Behavior = behavior;
        _entropy = entropy;
        _outside = outside.ToArray();
    }

    /// <summary>How it behaves. A change holds for new mappings and, for filtering, at once.</summary>
    public NatBehavior Behavior { get; set; }

    /// <summary>Mappings that live now.</summary>
    public IEnumerable<NatMapping> MappingsAt(Instant now) =>
        _byInside.Values.Where(m => !IsDead(m, now)).Select(m =>
            new NatMapping(m.Key.Stream ? Transport.Tcp : Transport.Udp, m.Key.Inside, m.Outside, m.Key.Destination, m.Refreshed + LifetimeOf(m.Key.Stream)));

    /// <summary>Forgets every mapping, as a restart does; a forwarded port is part of the configuration and stays.</summary>
    public void Restart()
    {
        foreach (var mapping in _byInside.Values)
            if (!mapping.IsPermanent) Remove(mapping);
        _paired.Clear();
    }

    /// <summary>
    /// Opens a port for everybody: whatever comes to it goes to the inside socket, and what that sends leaves from it. A permanent one
    /// is a forwarded port; one that is not lives as long as other mappings.
    /// </summary>
    /// <param name="inside">The inside socket.</param>
    /// <param name="now">When.</param>
    /// <param name="outside">What stands for it outside.</param>
    /// <param name="port">The outside port; 0 lets the NAT choose.</param>
    /// <param name="isPermanent">It never dies.</param>
    /// <returns>False when the port is taken or there is no room.</returns>
    public bool TryForward(Address inside, Instant now, out Address outside, ushort port = 0, bool isPermanent = false)
    {
        outside = default;
        if (!Behavior.Translates) return false;
        var key = new Key(false, inside, default);
        if (!_byInside.TryGetValue(key, out var mapping) || IsDead(mapping, now) || (port != 0 && mapping.Outside.Port != port))
        {
            if (mapping is not null) Remove(mapping);
            outside = new Address(OutsideIpFor(inside.Ip), port);
            if (port == 0 ? !TryAllocate(key, now, out outside) : !IsFree(false, outside, now)) return false;
            Add(mapping = new Mapping(key, outside) { Refreshed = now });
        }

        if (!mapping.IsOpen) _open++;
        mapping.IsOpen = true;
        mapping.IsPermanent |= isPermanent;
        outside = mapping.Outside;
        return true;
    }

    /// <summary>A packet from the inside: creates or refreshes its mapping and says how it goes on.</summary>
    /// <param name="source">The inside socket.</param>
    /// <param name="destination">Where it is sent to.</param>
    /// <param name="now">When it passes.</param>
    /// <param name="transport">UDP, or TCP (TLS counts as TCP).</param>
    public NatVerdict Outbound(Address source, Address destination, Instant now, Transport transport = Transport.Udp)
    {
        var stream = transport != Transport.Udp;
        if (Behavior.BlocksUdp && !stream) return NatVerdict.Drop(DropReason.UdpBlocked);
        if (Behavior is { Translates: false, Filters: false }) return NatVerdict.Forward(source, destination);

        var hairpin = Behavior.Translates && Array.IndexOf(_outside, destination.Ip) >= 0;
        if (hairpin && Behavior.Hairpin == Hairpinning.Off) return NatVerdict.Drop(DropReason.NoHairpin);
        if (!TryMap(new Key(stream, source, Scope(destination)), now, out var mapping) || !TryPermit(mapping, destination, now))
            return NatVerdict.Drop(DropReason.NatFull);
        mapping.Refreshed = now;
        if (!hairpin) return NatVerdict.Forward(mapping.Outside, destination);

        var back = Inbound(mapping.Outside, destination, now, transport);
        return back.IsDropped
            ? back
            : new NatVerdict(NatRoute.Hairpin, Behavior.Hairpin == Hairpinning.Internal ? source : mapping.Outside, back.Destination, DropReason.None);
    }

    /// <summary>A packet from outside: says which inside socket gets it, or why it is refused.</summary>
    /// <param name="source">Who sent it.</param>
    /// <param name="destination">The outside address and port it was sent to.</param>
    /// <param name="now">When it passes.</param>
    /// <param name="transport">UDP, or TCP (TLS counts as TCP).</param>
    public NatVerdict Inbound(Address source, Address destination, Instant now, Transport transport = Transport.Udp)
    {
        var stream = transport != Transport.Udp;
        if (Behavior.BlocksUdp && !stream) return NatVerdict.Drop(DropReason.UdpBlocked);
        if (Behavior is { Translates: false, Filters: false }) return NatVerdict.Forward(source, destination);
        if (!_byOutside.TryGetValue((stream, destination), out var mapping) || IsDead(mapping, now))
            return NatVerdict.Drop(Behavior.Translates ? DropReason.NoMapping : DropReason.Filtered);
        if (!Permits(mapping, source, now)) return NatVerdict.Drop(DropReason.Filtered);
        if (Behavior.InboundRefreshes)
        {
            mapping.Refreshed = now;
            if (Behavior.Filtering != FilteringRule.EndpointIndependent && !mapping.IsOpen) mapping.Permits[FilterKey(source)] = now;
        }

        return NatVerdict.Forward(source, mapping.Key.Inside);
    }

    /// <summary>An ICMP error about a packet that left from this outside address: the inside socket it is for (RFC 5508 REQ-4). No filter applies.</summary>
    public bool TryInboundError(Address outside, Instant now, Transport transport, out Address inside)
    {
        if (Behavior is { Translates: false })
        {
            inside = outside;
            return true;
        }

        var found = _byOutside.TryGetValue((transport != Transport.Udp, outside), out var mapping) && !IsDead(mapping, now);
        inside = found ? mapping!.Key.Inside : default;
        return found;
    }

    private Address Scope(Address destination) => Behavior.Mapping switch
    {
        MappingRule.EndpointIndependent => default,
        MappingRule.AddressDependent => new Address(destination.Ip, 0),
        _ => destination,
    };

    private TimeSpan LifetimeOf(bool stream) => stream ? Behavior.TcpLifetime : Behavior.UdpLifetime;

    private bool IsDead(Mapping mapping, Instant now) => !mapping.IsPermanent && now >= mapping.Refreshed + LifetimeOf(mapping.Key.Stream);

    private bool TryMap(Key key, Instant now, out Mapping mapping)
    {
        if (_open > 0 && !key.Stream && _byInside.TryGetValue(key with { Destination = default }, out mapping!) && mapping.IsOpen && !IsDead(mapping, now)) return true;
        if (_byInside.TryGetValue(key, out mapping!))
        {
            if (!IsDead(mapping, now)) return true;
            Remove(mapping);
        }

        if (_byInside.Count >= Behavior.Capacity) Prune(now);
        if (_byInside.Count >= Behavior.Capacity || !TryAllocate(key, now, out var outside)) return false;
        mapping = new Mapping(key, outside) { Refreshed = now };
        Add(mapping);
        return true;
    }

    private void Add(Mapping mapping)
    {
        _byInside.Add(mapping.Key, mapping);
        _byOutside.Add((mapping.Key.Stream, mapping.Outside), mapping);
    }

    private bool TryAllocate(Key key, Instant now, out Address outside)
    {
        outside = key.Inside;
        if (!Behavior.Translates) return IsFree(key.Stream, outside, now);
        var ip = OutsideIpFor(key.Inside.Ip);
        if (Behavior.Ports == PortAllocation.Preserve && IsFree(key.Stream, outside = new Address(ip, key.Inside.Port), now)) return true;
        for (var i = 0; i < 65_536; i++)
        {
            var port = Behavior.Ports == PortAllocation.Sequential || i >= 256 ? NextPort() : LowestPort + _entropy.NextInt(65_536 - LowestPort);
            if (Behavior.PreservesParity) port = (port & ~1) | (key.Inside.Port & 1);
            if (IsFree(key.Stream, outside = new Address(ip, (ushort)port), now)) return true;
        }

        return false;
    }

    private int NextPort() => _lastPort = _lastPort == ushort.MaxValue ? (ushort)LowestPort : (ushort)(_lastPort + 1);

    private IpAddress OutsideIpFor(IpAddress inside)
    {
        if (_outside.Length == 1) return _outside[0];
        if (Behavior.Pooling == AddressPooling.Arbitrary) return _outside[_entropy.NextInt(_outside.Length)];
        if (!_paired.TryGetValue(inside, out var ip)) _paired[inside] = ip = _outside[_paired.Count % _outside.Length];
        return ip;
    }

    private bool IsFree(bool stream, Address outside, Instant now)
    {
        if (!_byOutside.TryGetValue((stream, outside), out var holder)) return true;
        if (!IsDead(holder, now)) return false;
        Remove(holder);
        return true;
    }

    private bool Permits(Mapping mapping, Address source, Instant now)
    {
        if (Behavior.Filtering == FilteringRule.EndpointIndependent || mapping.IsOpen) return true;
        return mapping.Permits.TryGetValue(FilterKey(source), out var refreshed) && now < refreshed + LifetimeOf(mapping.Key.Stream);
    }

    private bool TryPermit(Mapping mapping, Address destination, Instant now)
    {
        // Kept for both address rules, so that a later change of the filtering rule finds them.
        mapping.Permits[new Address(destination.Ip, 0)] = now;
        mapping.Permits[destination] = now;
        if (mapping.Permits.Count < MaxPermits) return true;
        var lifetime = LifetimeOf(mapping.Key.Stream);
        foreach (var (peer, refreshed) in mapping.Permits)
            if (now >= refreshed + lifetime) mapping.Permits.Remove(peer);
        return mapping.Permits.Count < MaxPermits;
    }

    private Address FilterKey(Address source) =>
        Behavior.Filtering == FilteringRule.AddressDependent ? new Address(source.Ip, 0) : source;

    private void Prune(Instant now)
    {
        foreach (var mapping in _byInside.Values)
            if (IsDead(mapping, now)) Remove(mapping);
    }

    private void Remove(Mapping mapping)
    {
        if (mapping.IsOpen) _open--;
        _byInside.Remove(mapping.Key);
        _byOutside.Remove((mapping.Key.Stream, mapping.Outside));
    }

    private readonly record struct Key(bool Stream, Address Inside, Address Destination);

    private sealed class Mapping(Key key, Address outside)
    {
        public Key Key { get; } = key;

        public Address Outside { get; } = outside;

        public Instant Refreshed { get; set; }

        /// <summary>Everybody may send to it.</summary>
        public bool IsOpen { get; set; }

        public bool IsPermanent { get; set; }

        public Dictionary<Address, Instant> Permits { get; } = [];
    }
}
