using System.Globalization;
using Softphone.Core;
using YamlDotNet.RepresentationModel;

namespace Softphone.Lab;

/// <summary>Reads one network of a scenario file.</summary>
internal static class NetworkReader
{
    private static readonly Dictionary<string, InterfaceKind> Kinds = new()
    {
        ["wired"] = InterfaceKind.Wired,
        ["wifi"] = InterfaceKind.Wireless,
        ["cellular"] = InterfaceKind.Cellular,
        ["vpn"] = InterfaceKind.Vpn,
    };

    private static readonly Dictionary<string, MappingRule> Mappings = new()
    {
        ["endpoint-independent"] = MappingRule.EndpointIndependent,
        ["address-dependent"] = MappingRule.AddressDependent,
        ["address-and-port-dependent"] = MappingRule.AddressAndPortDependent,
    };

    private static readonly Dictionary<string, FilteringRule> Filterings = new()
    {
        ["endpoint-independent"] = FilteringRule.EndpointIndependent,
        ["address-dependent"] = FilteringRule.AddressDependent,
        ["address-and-port-dependent"] = FilteringRule.AddressAndPortDependent,
    };

    private static readonly Dictionary<string, PortAllocation> Allocations = new()
    {
        ["preserve"] = PortAllocation.Preserve,
        ["random"] = PortAllocation.Random,
        ["sequential"] = PortAllocation.Sequential,
    };

    private static readonly Dictionary<string, Hairpinning> Hairpins = new()
    {
        ["off"] = Hairpinning.Off,
        ["external"] = Hairpinning.External,
        ["internal"] = Hairpinning.Internal,
    };

    private static readonly Dictionary<string, AddressPooling> Poolings = new() { ["paired"] = AddressPooling.Paired, ["arbitrary"] = AddressPooling.Arbitrary };

    private static readonly Dictionary<string, SipAlgMode> Algs = new() { ["off"] = SipAlgMode.Off, ["rewrites"] = SipAlgMode.Rewrites, ["breaks"] = SipAlgMode.Breaks };

    private static readonly Dictionary<string, GatewayFailure> Failures = new() { ["black-hole"] = GatewayFailure.BlackHole, ["rejected"] = GatewayFailure.Rejects };

    private static readonly Dictionary<string, (bool Has, GatewayFailure Failure)> V4 = new()
    {
        ["true"] = (true, default),
        ["false"] = (false, default),
        ["black-hole"] = (true, GatewayFailure.BlackHole),
        ["rejected"] = (true, GatewayFailure.Rejects),
    };

    private static readonly Dictionary<string, IpFamilies> Families = new()
    {
        ["true"] = IpFamilies.Both,
        ["false"] = IpFamilies.V4,
        ["only"] = IpFamilies.V6,
    };

    public static ScenarioNetwork Read(string name, YamlSection section, string? behind)
    {
        var usual = new ScenarioNetwork(name);
        var (v6, isV6Alone, isV6Broken, v6Failure) = V6(section);
        var (hasV4, v4Failure) = section.Choice("ipv4", V4) ?? (true, default);
        var network = usual with
        {
            Nat = Nat(section),
            Behind = behind,
            Line = Line(section, "line", usual.Line),
            Prefix = section.Value<(IpAddress, int)>("prefix", TryPrefix, "an IPv4 prefix such as 10.0.1.0/24, of 8 to 28 bits"),
            Outside = section.Number("outside", 1, 16) ?? usual.Outside,
            IsIsolated = section.Flag("isolated") ?? false,
            HasV4 = hasV4 && !isV6Alone,
            V4Failure = v4Failure,
            V6 = v6,
            IsV6Broken = isV6Broken,
            V6Failure = v6Failure,
            Nat64 = Preset(section, "nat64", [.. NatBehavior.Names.Where(n => NatBehavior.Named(n).Translates)]),
            Kind = section.Choice("kind", Kinds) ?? usual.Kind,
        };
        if (!network.HasV4 && (network.V6 is null || network.IsV6Broken)) section.Report(section.Node("ipv4")!, $"{section.Path} has neither IPv4 nor IPv6");
        if (network.Nat64 is not null && network.V6 is null) section.Report(section.Node("nat64")!, $"{section.Within("nat64")} needs ipv6");
        section.Done();
        return network;
    }

    /// <summary>A server's section: its line, and the kinds of addresses that it has.</summary>
    public static (Link Line, IpFamilies Families) Server(YamlSection? servers, string key)
    {
        if (servers?.Section(key) is not { } section) return (Link.Perfect, IpFamilies.Both);
        var families = section.Choice("ipv6", Families) ?? IpFamilies.Both;
        var line = Line(section, Link.Perfect);
        section.Done();
        return (line, families);
    }

    /// <summary>A line: those of its properties that the file names, over the usual ones.</summary>
    public static Link Line(YamlSection parent, string key, Link usual)
    {
        if (parent.Section(key) is not { } section) return usual;
        var line = Line(section, usual);
        section.Done();
        return line;
    }

    private static Link Line(YamlSection section, Link usual)
    {
        var line = usual;
        foreach (var property in LinkText.Keys)
        {
            if (section.Text(property) is not { } value) continue;
            if (LinkText.Read(property, value) is { } change) line = change(line);
            else section.Report(section.Node(property)!, $"{section.Within(property)} \"{value}\" is not allowed: {LinkText.Allowed(property)}");
        }

        return line;
    }

    private static NatBehavior Nat(YamlSection network)
    {
        if (network.Node("nat") is YamlScalarNode) return Preset(network, "nat", NatBehavior.Names) ?? NatBehavior.PortRestricted;
        if (network.Section("nat") is not { } nat) return NatBehavior.PortRestricted;
        var type = Preset(nat, "type", NatBehavior.Names) ?? NatBehavior.PortRestricted;
        var behavior = type with
        {
            Mapping = nat.Choice("mapping", Mappings) ?? type.Mapping,
            Filtering = nat.Choice("filtering", Filterings) ?? type.Filtering,
            Ports = nat.Choice("ports", Allocations) ?? type.Ports,
            PreservesParity = nat.Flag("parity") ?? type.PreservesParity,
            Pooling = nat.Choice("pooling", Poolings) ?? type.Pooling,
            Hairpin = nat.Choice("hairpin", Hairpins) ?? type.Hairpin,
            UdpLifetime = nat.Time("lifetime") ?? type.UdpLifetime,
            TcpLifetime = nat.Time("tcp-lifetime") ?? type.TcpLifetime,
            InboundRefreshes = nat.Flag("inbound-refresh") ?? type.InboundRefreshes,
            SipAlg = nat.Choice("alg", Algs) ?? type.SipAlg,
            DropsFragments = nat.Flag("drop-fragments") ?? type.DropsFragments,
            BlocksUdp = nat.Flag("block-udp") ?? type.BlocksUdp,
            Capacity = nat.Number("capacity", 1, 65_535) ?? type.Capacity,
        };
        nat.Done();
        return behavior;
    }

    /// <summary>What stands before IPv6, whether the network has nothing else, whether its line is cut, and how its gateway fails.</summary>
    private static (NatBehavior? Before, bool IsAlone, bool IsBroken, GatewayFailure Failure) V6(YamlSection section) => section.Node("ipv6") switch
    {
        null or YamlScalarNode { Value: "off" or "false" } => (null, false, false, default),
        YamlScalarNode { Value: "true" or "firewall" } => (NatBehavior.Firewall, false, false, default),
        YamlScalarNode { Value: "only" } => (NatBehavior.Firewall, true, false, default),
        YamlScalarNode { Value: "broken" } => (NatBehavior.Firewall, false, true, default),
        YamlScalarNode { Value: { } word } when Failures.TryGetValue(word, out var failure) => (NatBehavior.Firewall, false, false, failure),
        YamlScalarNode { Value: "none" } => (NatBehavior.None, false, false, default),
        _ => (Preset(section, "ipv6", ["true", "false", "only", "broken", "none", "firewall", .. Failures.Keys]), false, false, default),
    };

    private static NatBehavior? Preset(YamlSection section, string key, IReadOnlyList<string> names)
    {
        if (section.Text(key) is not { } name || name == "off") return null;
        if (names.Contains(name)) return NatBehavior.Named(name);
        section.Report(section.Node(key)!, $"{section.Within(key)} \"{name}\" is not allowed: {string.Join(", ", names)}");
        return null;
    }

    private static bool TryPrefix(string text, out (IpAddress Network, int Length) prefix)
    {
        prefix = default;
        var slash = text.IndexOf('/');
        if (slash < 0 || !IpAddress.TryParse(text.AsSpan(0, slash), out var ip) || !ip.IsV4
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length is < 8 or > 28) return false;
        prefix = (IpAddress.FromV4(ip.V4 >> (32 - length) << (32 - length)), length);
        return true;
    }
}
