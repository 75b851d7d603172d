using Softphone.Core;

namespace Softphone.Lab;

/// <summary>
/// The addresses of a <see cref="CallPlan"/>: its LANs from the outside in, the two hosts and the servers. The world and the oracle are
/// both made from it, and share nothing else.
/// </summary>
internal sealed class Topology
{
    private static readonly uint[] Homes = [0xC0A80000, 0xC0A80100, 0x0A000000, 0xAC100500];
    private readonly List<Lan> _lans = [];

    public Topology(CallPlan plan)
    {
        var common = -1;
        for (var j = plan.Common.Count - 1; j >= 0; j--) common = Add(plan.Common[j], $"common{j}", common, 0x64400000 + ((uint)j << 16), 0xC6130000 + ((uint)j << 8), 180);
        CommonLan = common;
        A = Host(plan.A, 0, plan.A.IsAway ? -1 : common);
        B = Host(plan.B, 1, plan.B.IsAway ? -1 : common);
        for (var i = 0; i < plan.Servers.Count; i++) Servers.Add(IpAddress.FromV4(0xCB00710A + (uint)(10 * i)));
    }

    /// <summary>A parent always comes before its children.</summary>
    public IReadOnlyList<Lan> Lans => _lans;

    /// <summary>The innermost LAN that both sides are behind; -1 for the internet.</summary>
    public int CommonLan { get; }

    public Place A { get; }

    public Place B { get; }

    public List<IpAddress> Servers { get; } = [];

    private Place Host(SidePlan side, int index, int around)
    {
        var shared = around;
        for (var k = side.Nats.Count - 1; k >= 0; k--)
        {
            var nat = side.Nats[k];
            var inner = !nat.Behavior.Translates ? 0x0AC80000 + ((uint)index << 20) + ((uint)k << 8) : k == 0 ? Homes[side.Home] : 0x0A320000 + ((uint)k << 16);
            var name = $"{(side.IsAway ? "spare" : "nat")}{(index == 0 ? 'A' : 'B')}{k}";
            around = Add(nat, name, around, inner, 0xC6120000 + ((uint)(index * 8 + k + (side.IsAway ? 4 : 0)) << 8), 100 + 20 * index + (side.IsAway ? 10 : 0));
        }

        if (around < 0) return new Place(-1, IpAddress.FromV4(0xC633640A + (uint)index));
        var number = side.HostNumber + (around == shared ? 10 * index : 0);
        return new Place(around, IpAddress.FromV4(_lans[around].Network.V4 + (uint)number));
    }

    private int Add(NatPlan nat, string name, int parent, uint inner, uint routed, int firstOutside)
    {
        var isPublic = !nat.Behavior.Translates && (parent < 0 || _lans[parent].IsPublic);
        var around = parent < 0 ? 0xCB007100 : _lans[parent].Network.V4;
        var outside = Enumerable.Range(0, nat.Outside).Select(i => IpAddress.FromV4(around + (uint)(firstOutside + i))).ToArray();
        _lans.Add(new Lan(name, IpAddress.FromV4(isPublic ? routed : inner), nat, parent, outside, isPublic));
        return _lans.Count - 1;
    }

    /// <summary>One LAN and its gateway.</summary>
    /// <param name="Name">Of both.</param>
    /// <param name="Network">Its prefix, 24 bits long.</param>
    /// <param name="Nat">The gateway.</param>
    /// <param name="Parent">The LAN around; -1 for the internet.</param>
    /// <param name="Outside">The gateway's addresses there.</param>
    /// <param name="IsPublic">Its addresses are reached from the internet without translation.</param>
    public sealed record Lan(string Name, IpAddress Network, NatPlan Nat, int Parent, IpAddress[] Outside, bool IsPublic);

    /// <summary>Where a host is.</summary>
    public readonly record struct Place(int Lan, IpAddress Address);
}
