using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Servers;

/// <summary>Allocations: made, refreshed, ended (RFC 8656 §7, §8).</summary>
public sealed partial class TurnServer
{
    private const byte UdpProtocol = 17;
    private const byte FamilyV4 = 1;
    private const byte FamilyV6 = 2;
    private static readonly TimeSpan ReservationLifetime = TimeSpan.FromSeconds(30);

    private void OnAllocate(in StunReader request, in Asker asker, TurnAllocation? existing)
    {
        if (existing is not null)
        {
            // A retransmission gets its answer again; its first one may have been lost (§7.2).
            if (existing.Request == request.TransactionId) _out.Enqueue(asker.Path, asker.Client, existing.Response, StreamUse.Existing);
            else Refuse(request, asker, StunErrorCode.AllocationMismatch);
            return;
        }

        if (JudgeMobility(request, out var wantsTicket) is var mobility and not 0)
        {
            Refuse(request, asker, mobility);
            return;
        }

        if (!TryReadWish(request, out var wish, out var code)
            || !IsWithinQuota(asker.User!, out code)
            || !TryOpenRelays(wish, out var relays, out var reservation, out code))
        {
            Refuse(request, asker, code);
            return;
        }

        var allocation = new TurnAllocation(++_lastId, asker.Path, asker.Client, asker.User!, request.TransactionId);
        foreach (var relay in relays)
        {
            allocation.Relays.Add(relay);
            _relays.Add(relay.Path, allocation);
        }

        _allocations.Add((asker.Path, asker.Client), allocation);
        _byId.Add(allocation.Id, allocation);
        asker.User!.Allocations++;
        TotalAllocations++;
        var lifetime = Grant(request);
        Extend(allocation, lifetime);

        var writer = StunWriter.Reply(_buffer, request, StunClass.Success);
        foreach (var relay in relays) writer.AddAddress(StunAttributeType.XorRelayedAddress, relay.Bound);
        writer.AddUInt32(StunAttributeType.Lifetime, (uint)lifetime.TotalSeconds);
        if (reservation is { } token) writer.AddUInt64(StunAttributeType.ReservationToken, token);
        if (wish.BothFamilies && relays.Count == 1) AddAddressError(ref writer, relays[0].Bound.Ip.IsV4 ? FamilyV6 : FamilyV4);
        writer.AddAddress(StunAttributeType.XorMappedAddress, asker.Client);
        if (wantsTicket) IssueTicket(ref writer, allocation);
        Reply(ref writer, request, asker);
        allocation.Response = writer.Written.ToArray();
        if (_trace.IsOn) _trace.Emit(new TurnServerTrace.Allocated(_now, _name, asker.User.Name, asker.Client, relays[0].Bound));
    }

    private void OnRefresh(in StunReader request, in Asker asker, TurnAllocation allocation)
    {
        if (request.TryGet(StunAttributeType.RequestedAddressFamily, out var family)
            && (family.Length != 4 || !allocation.HasFamily(isV4: family[0] == FamilyV4)))
        {
            Refuse(request, asker, StunErrorCode.PeerAddressFamilyMismatch);
            return;
        }

        var lifetime = request.TryGetUInt32(StunAttributeType.Lifetime, out var wanted) && wanted == 0 ? TimeSpan.Zero : Grant(request);
        var writer = StunWriter.Reply(_buffer, request, StunClass.Success);
        writer.AddUInt32(StunAttributeType.Lifetime, (uint)lifetime.TotalSeconds);
        Reply(ref writer, request, asker);
        if (lifetime == TimeSpan.Zero) Release(allocation, "by its client");
        else Extend(allocation, lifetime);
    }

    private TimeSpan Grant(in StunReader request)
    {
        var wanted = request.TryGetUInt32(StunAttributeType.Lifetime, out var seconds) ? TimeSpan.FromSeconds(seconds) : _options.DefaultLifetime;
        return wanted < _options.DefaultLifetime ? _options.DefaultLifetime : wanted > _options.MaxLifetime ? _options.MaxLifetime : wanted;
    }

    private void Extend(TurnAllocation allocation, TimeSpan lifetime)
    {
        allocation.Expires = _now + lifetime;
        _timers.Set((false, (ulong)allocation.Id), allocation.Expires);
    }

    private bool IsWithinQuota(TurnUser user, out int code)
    {
        code = user.Allocations >= _options.UserQuota ? StunErrorCode.AllocationQuotaReached : StunErrorCode.InsufficientCapacity;
        return user.Allocations < _options.UserQuota && _byId.Count < _options.Capacity;
    }

    /// <summary>Reads what is wanted, and refuses what excludes each other (§7.2).</summary>
    private static bool TryReadWish(in StunReader request, out Wish wish, out int code)
    {
        wish = default;
        code = StunErrorCode.BadRequest;
        if (!request.TryGet(StunAttributeType.RequestedTransport, out var transport) || transport.Length != 4) return false;
        var hasFamily = request.TryGet(StunAttributeType.RequestedAddressFamily, out var family);
        var hasSecondFamily = request.TryGet(StunAttributeType.AdditionalAddressFamily, out var secondFamily);
        var hasEvenPort = request.TryGet(StunAttributeType.EvenPort, out var evenPort);
        var hasToken = request.TryGetUInt64(StunAttributeType.ReservationToken, out var token);
        if (hasToken != request.Has(StunAttributeType.ReservationToken)) return false;
        if ((hasFamily && family.Length != 4) || (hasEvenPort && evenPort.Length == 0)) return false;
        var reserves = hasEvenPort && (evenPort[0] & 0x80) != 0;
        if (hasFamily && hasSecondFamily) return false;
        if (hasSecondFamily && (reserves || secondFamily.Length != 4 || secondFamily[0] != FamilyV6)) return false;
        if (hasToken && (hasEvenPort || hasFamily || hasSecondFamily)) return false;
        if (transport[0] != UdpProtocol)
        {
            code = StunErrorCode.UnsupportedTransport;
            return false;
        }

        if (hasFamily && family[0] is not (FamilyV4 or FamilyV6))
        {
            code = StunErrorCode.AddressFamilyNotSupported;
            return false;
        }

        wish = new Wish(hasFamily && family[0] == FamilyV6, hasSecondFamily, hasEvenPort, reserves, hasToken ? token : null);
        return true;
    }

    private bool TryOpenRelays(Wish wish, out List<(PathId Path, Address Bound)> relays, out ulong? reservation, out int code)
    {
        relays = [];
        reservation = null;
        code = StunErrorCode.InsufficientCapacity;
        if (wish.Token is { } token)
        {
            if (!_reservations.Remove(token, out var reserved)) return false;
            _timers.Cancel((true, token));
            relays.Add(reserved);
            return true;
        }

        // Who names no family means IPv4 (§7.2).
        var relay = wish.IsV6 ? _options.RelayV6 : _options.RelayV4;
        if (!relay.IsValid)
        {
            code = StunErrorCode.AddressFamilyNotSupported;
            return false;
        }

        if (wish.ReservesNext) return TryOpenPair(relay, relays, out reservation);
        if (TryOpenOne(relay, wish.IsEven, out var opened)) relays.Add(opened);
        if (wish.BothFamilies && _options.RelayV6.IsValid && TryOpenOne(_options.RelayV6, wish.IsEven, out opened)) relays.Add(opened);
        return relays.Count > 0;
    }

    private bool TryOpenOne(IpAddress ip, bool isEven, out (PathId Path, Address Bound) relay)
    {
        for (var i = 0; i < 128; i++)
        {
            if (_network.TryOpen(Transport.Udp, ip, RandomPort(isEven), out var path, out var bound, out _))
            {
                relay = (path, bound);
                return true;
            }
        }

        relay = default;
        return false;
    }

    private bool TryOpenPair(IpAddress ip, List<(PathId Path, Address Bound)> relays, out ulong? reservation)
    {
        reservation = null;

        // A kept port is a socket that no quota counts: whoever allocates and gives back in a circle must not take them all.
        if (_reservations.Count >= _options.Capacity) return false;
        for (var i = 0; i < 128; i++)
        {
            if (!TryOpenOne(ip, isEven: true, out var even)) return false;
            if (even.Bound.Port < _options.LastRelayPort
                && _network.TryOpen(Transport.Udp, ip, (ushort)(even.Bound.Port + 1), out var path, out var odd, out _))
            {
                relays.Add(even);
                var token = _entropy.NextUInt64();
                _reservations.Add(token, (path, odd));
                _timers.Set((true, token), _now + ReservationLifetime);
                reservation = token;
                return true;
            }

            _network.Close(even.Path);
        }

        return false;
    }

    private ushort RandomPort(bool isEven)
    {
        var port = _options.FirstRelayPort + _entropy.NextInt(_options.LastRelayPort - _options.FirstRelayPort + 1);
        if (isEven && (port & 1) != 0) port = port == _options.FirstRelayPort ? port + 1 : port - 1;
        return (ushort)port;
    }

    /// <summary>ADDRESS-ERROR-CODE for the family that could not be had (§18.12).</summary>
    private void AddAddressError(ref StunWriter writer, byte family)
    {
        var code = family == FamilyV6 && !_options.RelayV6.IsValid ? StunErrorCode.AddressFamilyNotSupported : StunErrorCode.InsufficientCapacity;
        writer.AddUInt32(StunAttributeType.AddressErrorCode, (uint)(family << 24 | code / 100 << 8 | code % 100));
    }

    private readonly record struct Wish(bool IsV6, bool BothFamilies, bool IsEven, bool ReservesNext, ulong? Token);
}
