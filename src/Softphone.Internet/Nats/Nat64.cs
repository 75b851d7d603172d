using Softphone.Core;

namespace Softphone.Internet;

/// <summary>IPv4 addresses inside IPv6 ones (RFC 6052 §2).</summary>
public static class Nat64
{
    /// <summary>64:ff9b::/96.</summary>
    public static IpAddress WellKnownPrefix { get; } = IpAddress.Parse("64:ff9b::");

    /// <summary>The IPv6 address that stands for an IPv4 one.</summary>
    public static IpAddress Embed(this IpAddress v4, IpAddress prefix)
    {
        Span<byte> octets = stackalloc byte[16];
        prefix.WriteTo(octets);
        v4.WriteTo(octets[12..]);
        return IpAddress.FromBytes(octets);
    }

    /// <summary>The IPv4 address in the last 32 bits.</summary>
    public static IpAddress Embedded(this IpAddress v6)
    {
        Span<byte> octets = stackalloc byte[16];
        v6.WriteTo(octets);
        return IpAddress.FromBytes(octets[12..]);
    }
}
