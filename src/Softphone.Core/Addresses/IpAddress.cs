using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Softphone.Core;

/// <summary>
/// An IPv4 or IPv6 address as a value: no allocation to copy, compare or hash. IPv4 stands in the low 32 bits. The scope is an
/// IPv6 link-local zone; it is kept for sending and never serialised into a message (RFC 8445 §6.1.2.2).
/// </summary>
public readonly struct IpAddress : IEquatable<IpAddress>
{
    // Two halves and not one UInt128: whatever holds a 128-bit integer is not compiled ahead of time, and an address is held everywhere.
    private readonly ulong _high;
    private readonly ulong _low;
    private readonly byte _version;
    private readonly uint _scope;

    private IpAddress(byte version, ulong high, ulong low, uint scope)
    {
        _version = version;
        _high = high;
        _low = low;
        _scope = scope;
    }

    /// <summary>0.0.0.0.</summary>
    public static IpAddress AnyV4 => new(4, 0, 0, 0);

    /// <summary>127.0.0.1.</summary>
    public static IpAddress LoopbackV4 => FromV4(0x7F000001);

    /// <summary>True for a constructed address, false for <c>default</c>.</summary>
    public bool IsValid => _version != 0;

    public bool IsV4 => _version == 4;

    public bool IsV6 => _version == 6;

    /// <summary>IPv6 zone index; 0 when there is none.</summary>
    public uint Scope => _scope;

    /// <summary>The four octets of an IPv4 address in host order.</summary>
    public uint V4 => (uint)_low;

    public bool IsUnspecified => IsValid && (_high | _low) == 0;

    public bool IsLoopback => IsV4 ? V4 >> 24 == 127 : IsV6 && _high == 0 && _low == 1;

    public bool IsMulticast => IsV4 ? V4 >> 28 == 0xE : IsV6 && _high >> 56 == 0xFF;

    public bool IsLinkLocal => IsV4 ? V4 >> 16 == 0xA9FE : IsV6 && _high >> 54 == 0xFE80 >> 6;

    /// <summary>RFC 1918, RFC 6598 (carrier NAT) or RFC 4193 (unique local): not reachable from the public internet.</summary>
    public bool IsPrivate => IsV4
        ? V4 >> 24 == 10 || V4 >> 20 == 0xAC1 || V4 >> 16 == 0xC0A8 || V4 >> 22 == 0x6440 >> 6
        : IsV6 && _high >> 57 == 0x7E;

    /// <summary>::ffff:0:0/96, an IPv4 address in IPv6 clothing.</summary>
    public bool IsV4Mapped => IsV6 && _high == 0 && _low >> 32 == 0xFFFF;

    public static IpAddress FromV4(uint hostOrder) => new(4, 0, hostOrder, 0);

    /// <summary>From 4 or 16 octets in network order.</summary>
    public static IpAddress FromBytes(ReadOnlySpan<byte> octets, uint scope = 0) => octets.Length switch
    {
        4 => FromV4(BinaryPrimitives.ReadUInt32BigEndian(octets)),
        16 => new(6, BinaryPrimitives.ReadUInt64BigEndian(octets), BinaryPrimitives.ReadUInt64BigEndian(octets[8..]), scope),
        _ => throw new ArgumentException("an IP address has 4 or 16 octets", nameof(octets)),
    };

    public static IpAddress From(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        Span<byte> octets = stackalloc byte[16];
        address.TryWriteBytes(octets, out var n);
        return FromBytes(octets[..n], address.AddressFamily == AddressFamily.InterNetworkV6 ? (uint)address.ScopeId : 0);
    }

    public static IpAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"not an IP address: {text}");

    /// <summary>Dotted-quad IPv4, or IPv6 with or without brackets. Shorthands such as "1" or "0x7f.1" are refused.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IpAddress address)
    {
        address = default;
        if (text.Length > 2 && text[0] == '[' && text[^1] == ']') text = text[1..^1];
        // The platform takes an address in brackets with a port behind it, and forgets the port.
        if (text.Length is < 2 or > 64 || text.ContainsAny('[', ']') || !IPAddress.TryParse(text, out var parsed)) return false;
        if (parsed.AddressFamily == AddressFamily.InterNetwork && (text.Count('.') != 3 || text.ContainsAny('x', 'X') || text.Contains(':')))
            return false;
        address = From(parsed);
        return true;
    }

    /// <summary>Writes 4 or 16 octets in network order and returns how many.</summary>
    public int WriteTo(Span<byte> octets)
    {
        if (IsV4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(octets, V4);
            return 4;
        }

        BinaryPrimitives.WriteUInt64BigEndian(octets, _high);
        BinaryPrimitives.WriteUInt64BigEndian(octets[8..], _low);
        return 16;
    }

    /// <summary>True when the first <paramref name="prefixLength"/> bits agree.</summary>
    public bool InSameNetwork(IpAddress other, int prefixLength)
    {
        if (_version != other._version) return false;
        if (prefixLength <= 0) return true;
        if (IsV4) return (V4 ^ other.V4) >> (32 - Math.Min(prefixLength, 32)) == 0;
        if (prefixLength <= 64) return (_high ^ other._high) >> (64 - prefixLength) == 0;
        return _high == other._high && (_low ^ other._low) >> (128 - Math.Min(prefixLength, 128)) == 0;
    }

    /// <summary>What one host has for itself: an IPv4 address, or the /64 of an IPv6 address. Whoever counts by source counts by this.</summary>
    public IpAddress Site => IsV6 ? new(6, _high, 0, 0) : this;

    /// <summary>The same address without its zone, as it may be written into a message.</summary>
    public IpAddress WithoutScope() => new(_version, _high, _low, 0);

    public IPAddress ToIPAddress()
    {
        Span<byte> octets = stackalloc byte[16];
        var n = WriteTo(octets);
        return IsV6 && _scope != 0 ? new IPAddress(octets[..n], _scope) : new IPAddress(octets[..n]);
    }

    public bool Equals(IpAddress other) => _version == other._version && _high == other._high && _low == other._low && _scope == other._scope;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is IpAddress other && Equals(other);

    public override int GetHashCode() => IsV4 ? HashCode.Combine(_low) : HashCode.Combine(_version, _high, _low, _scope);

    public static bool operator ==(IpAddress a, IpAddress b) => a.Equals(b);

    public static bool operator !=(IpAddress a, IpAddress b) => !a.Equals(b);

    /// <summary>Canonical text (RFC 5952 for IPv6), without brackets and without a zone.</summary>
    public override string ToString() => IsValid ? WithoutScope().ToIPAddress().ToString() : "-";
}
