using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Softphone.Sockets;

/// <summary>The network interfaces of this machine that are up, and which of their addresses leads where.</summary>
public static class SystemInterfaces
{
    private const int DeprecatedFlag = 0x20;
    private const int TentativeFlags = 0x48;
    private const int TemporaryFlag = 0x01;

    private static volatile IReadOnlyList<LocalInterface> _last = [];

    /// <summary>Every usable address, loopback included, in the order of the system; the last ones known when it cannot tell.</summary>
    public static IReadOnlyList<LocalInterface> List()
    {
        TryList(out var found, out _);
        return found;
    }

    /// <summary>The same; false with the reason when the system cannot tell now, and what was found is what it said last.</summary>
    public static bool TryList(out IReadOnlyList<LocalInterface> found, [NotNullWhen(false)] out Fault? fault) => TryList(Read, out found, out fault);

    internal static bool TryList(Func<IReadOnlyList<LocalInterface>> read, out IReadOnlyList<LocalInterface> found, [NotNullWhen(false)] out Fault? fault)
    {
        try
        {
            found = _last = read();
            fault = null;
            return true;
        }
        catch (Exception e)
        {
            // Interfaces that come and go while they are read make .NET throw whatever its parsers throw (FormatException,
            // ArgumentException, IOException without descriptors): none of them is worth a call.
            found = _last;
            fault = new Fault(Layer.Transport, $"the system's network interfaces cannot be listed now ({e.GetType().Name}: {e.Message})", "the last ones known are used; they are looked at again");
            return false;
        }
    }

    /// <summary>What the system says now. Throws whatever it throws.</summary>
    internal static IReadOnlyList<LocalInterface> Read()
    {
        var found = new List<LocalInterface>();
        var flags = OperatingSystem.IsLinux() ? Ipv6Flags.Read() : [];
        foreach (var nic in NetworkInterface.GetAllNetworkInterfaces())
        {
            // A tunnel's operational state is often "unknown" although it carries packets.
            if (nic.OperationalStatus is not (OperationalStatus.Up or OperationalStatus.Unknown)) continue;
            var kind = KindOf(nic);
            foreach (var unicast in nic.GetIPProperties().UnicastAddresses)
            {
                if (unicast.Address.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)) continue;
                var ip = IpAddress.From(unicast.Address);
                flags.TryGetValue(ip.WithoutScope(), out var flag);
                if ((flag & TentativeFlags) != 0) continue;
                found.Add(new LocalInterface(
                    nic.Name,
                    ip.IsLinkLocal ? ip : ip.WithoutScope(),
                    unicast.PrefixLength,
                    kind,
                    (flag & TemporaryFlag) != 0 || IsTemporary(unicast),
                    (flag & DeprecatedFlag) != 0 || IsDeprecated(unicast)));
            }
        }

        return found;
    }

    /// <summary>The address that the system would send from: the local end of a UDP socket connected to the remote. Sends nothing.</summary>
    public static bool TryRoute(IpAddress remote, out IpAddress local)
    {
        local = default;
        if (!remote.IsValid) return false;
        try
        {
            using var socket = new Socket(SocketAddresses.FamilyOf(remote), SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(new Address(remote, 9).ToEndPoint());
            local = socket.LocalEndPoint.ToAddress().Ip;
            if (!local.IsLinkLocal) local = local.WithoutScope();
            return local.IsValid && !local.IsUnspecified;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    internal static InterfaceKind KindOf(string name, NetworkInterfaceType type) => type switch
    {
        NetworkInterfaceType.Loopback => InterfaceKind.Loopback,
        NetworkInterfaceType.Wireless80211 => InterfaceKind.Wireless,
        NetworkInterfaceType.Wwanpp or NetworkInterfaceType.Wwanpp2 => InterfaceKind.Cellular,
        NetworkInterfaceType.Ppp or NetworkInterfaceType.Tunnel => InterfaceKind.Vpn,
        _ => KindOf(name),
    };

    private static InterfaceKind KindOf(NetworkInterface nic)
    {
        var sys = $"/sys/class/net/{nic.Name}";
        if (!OperatingSystem.IsLinux()) return KindOf(nic.Name, nic.NetworkInterfaceType);
        if (Directory.Exists($"{sys}/wireless") || Directory.Exists($"{sys}/phy80211")) return InterfaceKind.Wireless;
        if (Directory.Exists($"{sys}/bridge")) return InterfaceKind.Bridge;
        if (File.Exists($"{sys}/tun_flags")) return InterfaceKind.Vpn;
        return KindOf(nic.Name, nic.NetworkInterfaceType);
    }

    private static InterfaceKind KindOf(string name)
    {
        if (StartsWithAny(name, "tun", "tap", "wg", "ppp", "utun", "ipsec", "tailscale", "zt", "nordlynx", "proton")) return InterfaceKind.Vpn;
        if (StartsWithAny(name, "docker", "br-", "virbr", "veth", "vmnet", "bridge", "cni", "podman", "lxc")) return InterfaceKind.Bridge;
        if (StartsWithAny(name, "wlan", "wl", "ath")) return InterfaceKind.Wireless;
        if (StartsWithAny(name, "wwan", "rmnet", "usbmodem")) return InterfaceKind.Cellular;
        return StartsWithAny(name, "eth", "en", "em", "Ethernet", "bond", "team") ? InterfaceKind.Wired : InterfaceKind.Unknown;
    }

    private static bool StartsWithAny(string name, params ReadOnlySpan<string> prefixes)
    {
        foreach (var prefix in prefixes)
            if (name.StartsWith(prefix, StringComparison.Ordinal)) return true;
        return false;
    }

    private static bool IsTemporary(UnicastIPAddressInformation unicast) =>
        OperatingSystem.IsWindows() && unicast.Address.AddressFamily == AddressFamily.InterNetworkV6
            && unicast.SuffixOrigin == SuffixOrigin.Random;

    private static bool IsDeprecated(UnicastIPAddressInformation unicast) =>
        OperatingSystem.IsWindows() && unicast.DuplicateAddressDetectionState == DuplicateAddressDetectionState.Deprecated;
}
