using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// Which local addresses get a socket, best first (RFC 8445 §5.1.1.1, RFC 8421 §3): IPv6 and IPv4 interleaved with IPv6 first,
/// VPN, bridge and unknown interfaces behind all others.
/// </summary>
public static class InterfaceSelection
{
    /// <summary>Addresses used at most: each costs sockets and pairs.</summary>
    public const int Most = 8;

    /// <param name="interfaces">What is up.</param>
    /// <param name="skip">Globs of names that are never used.</param>
    /// <param name="useLoopback">Loopback counts too; it counts in any case when nothing else is up.</param>
    public static IReadOnlyList<LocalInterface> Choose(IReadOnlyList<LocalInterface> interfaces, IReadOnlyList<string> skip, bool useLoopback)
    {
        var wanted = interfaces.Where(i => !skip.Any(glob => Matches(glob, i.Name)) && IsUsable(i.Address)).ToList();
        var real = wanted.Where(i => !i.Address.IsLoopback).ToList();
        if (real.Count > 0 && !useLoopback) wanted = real;

        // Link-local addresses reach one link only and cannot be written with their zone: they cost pairs, and go where others are.
        if (wanted.Exists(i => !i.Address.IsLinkLocal)) wanted.RemoveAll(i => i.Address.IsLinkLocal);
        wanted.RemoveAll(i => i.IsDeprecated && wanted.Exists(o => o.Name == i.Name && o.Address.IsV6 && !o.IsDeprecated));

        // A temporary address stands for the stable ones of its interface, which would tell who we are.
        wanted.RemoveAll(i => i.Address.IsV6 && !i.IsTemporary && wanted.Exists(o => o.Name == i.Name && o.IsTemporary));
        var chosen = Interleave(wanted.Where(i => !IsLast(i.Kind))).Concat(Interleave(wanted.Where(i => IsLast(i.Kind))));
        return [.. chosen.Take(Most)];
    }

    /// <summary>A glob of * and ?, over the whole name.</summary>
    public static bool Matches(string glob, string name) => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(glob, name, false);

    /// <summary>After each Hi = (N4 + N6) / N4 - 1 IPv6 addresses comes one of IPv4 (RFC 8421 §4).</summary>
    private static IEnumerable<LocalInterface> Interleave(IEnumerable<LocalInterface> group)
    {
        var six = new Queue<LocalInterface>(group.Where(i => i.Address.IsV6));
        var four = new Queue<LocalInterface>(group.Where(i => i.Address.IsV4));
        var stride = four.Count == 0 ? int.MaxValue : Math.Max(1, (six.Count + four.Count) / four.Count - 1);
        while (six.Count + four.Count > 0)
        {
            for (var i = 0; i < stride && six.TryDequeue(out var v6); i++) yield return v6;
            if (four.TryDequeue(out var v4)) yield return v4;
        }
    }

    private static bool IsLast(InterfaceKind kind) => kind is InterfaceKind.Vpn or InterfaceKind.Bridge or InterfaceKind.Unknown or InterfaceKind.Loopback;

    /// <summary>Site-local (fec0::/10), IPv4-mapped and IPv4-compatible addresses are not candidates (RFC 8445 §5.1.1.1).</summary>
    private static bool IsUsable(IpAddress address)
    {
        if (!address.IsValid || address.IsUnspecified || address.IsMulticast || address.IsV4Mapped) return false;
        if (address.IsV4) return true;
        Span<byte> octets = stackalloc byte[16];
        address.WriteTo(octets);
        var isSiteLocal = octets[0] == 0xFE && (octets[1] & 0xC0) == 0xC0;
        return !isSiteLocal && (address.IsLoopback || octets[..12].ContainsAnyExcept((byte)0));
    }
}
