using Softphone.Core;

namespace Softphone.Lab.Tests;

public class NatDeviceTests
{
    private static readonly Address Inside = Address.Parse("10.0.1.2:5000");
    private static readonly Address PeerA1 = Address.Parse("203.0.113.10:3478");
    private static readonly Address PeerA2 = Address.Parse("203.0.113.10:3479");
    private static readonly Address PeerB1 = Address.Parse("203.0.113.11:3478");
    private static readonly IpAddress Wan = IpAddress.Parse("203.0.113.101");

    public static TheoryData<MappingRule, FilteringRule> Grid()
    {
        var data = new TheoryData<MappingRule, FilteringRule>();
        foreach (var mapping in Enum.GetValues<MappingRule>())
            foreach (var filtering in Enum.GetValues<FilteringRule>()) data.Add(mapping, filtering);
        return data;
    }

    [Theory, MemberData(nameof(Grid))]
    [Rfc("4787", "4.1")]
    [Rfc("5780", "4.3", Line = "D16")]
    public void Outbound_EveryMappingRule_SharesOutsidePortsAsItSays(MappingRule mapping, FilteringRule filtering)
    {
        var nat = Nat(new NatBehavior { Mapping = mapping, Filtering = filtering });
        var toA1 = nat.Outbound(Inside, PeerA1, At(0)).Source;
        var toA2 = nat.Outbound(Inside, PeerA2, At(0)).Source;
        var toB1 = nat.Outbound(Inside, PeerB1, At(0)).Source;

        Assert.Equal(toA1, nat.Outbound(Inside, PeerA1, At(1)).Source);
        Assert.Equal(mapping != MappingRule.AddressAndPortDependent, toA1 == toA2);
        Assert.Equal(mapping == MappingRule.EndpointIndependent, toA1 == toB1);
        Assert.Equal(Wan, toA1.Ip);
    }

    [Theory, MemberData(nameof(Grid))]
    [Rfc("4787", "5")]
    [Rfc("5780", "4.4", Line = "D16")]
    public void Inbound_EveryFilteringRule_LetsInWhomItSays(MappingRule mapping, FilteringRule filtering)
    {
        var nat = Nat(new NatBehavior { Mapping = mapping, Filtering = filtering });
        var outside = nat.Outbound(Inside, PeerA1, At(0)).Source;

        Assert.Equal(NatVerdict.Forward(PeerA1, Inside), nat.Inbound(PeerA1, outside, At(1)));
        Assert.Equal(filtering == FilteringRule.AddressAndPortDependent, nat.Inbound(PeerA2, outside, At(1)).Reason == DropReason.Filtered);
        Assert.Equal(filtering != FilteringRule.EndpointIndependent, nat.Inbound(PeerB1, outside, At(1)).Reason == DropReason.Filtered);
    }

    [Theory]
    [InlineData("none", "same", "pass", "pass", "pass")]
    [InlineData("firewall", "same", "drop", "drop", "pass")]
    [InlineData("full-cone", "one", "pass", "pass", "pass")]
    [InlineData("restricted-cone", "one", "drop", "pass", "pass")]
    [InlineData("port-restricted", "one", "drop", "drop", "pass")]
    [InlineData("symmetric", "each", "drop", "drop", "pass")]
    [InlineData("udp-blocked", "blocked", "drop", "drop", "drop")]
    [Rfc("3489", "5")]
    public void Named_EachPreset_BehavesAsItsName(string name, string mapping, string fromStranger, string fromOtherPort, string fromPeer)
    {
        var nat = Nat(NatBehavior.Named(name));
        var first = nat.Outbound(Inside, PeerA1, At(0));
        var second = nat.Outbound(Inside, Address.Parse("198.51.100.9:9"), At(0));

        Assert.Equal(mapping == "blocked", first.IsDropped);
        if (mapping != "blocked")
        {
            Assert.Equal(mapping == "same", first.Source == Inside);
            Assert.Equal(mapping != "each", first.Source == second.Source);
        }

        var to = first.IsDropped ? new Address(Wan, 40_000) : first.Source;
        Assert.Equal(fromStranger == "drop", nat.Inbound(PeerB1, to, At(1)).IsDropped);
        Assert.Equal(fromOtherPort == "drop", nat.Inbound(PeerA2, to, At(1)).IsDropped);
        Assert.Equal(fromPeer == "drop", nat.Inbound(PeerA1, to, At(1)).IsDropped);
        Assert.False(nat.Outbound(Inside, PeerA1, At(1), Transport.Tcp).IsDropped);
    }

    [Fact]
    public void Named_UnknownName_ThrowsWithTheKnownOnes() =>
        Assert.Contains("full-cone", Assert.Throws<ArgumentException>(() => NatBehavior.Named("cone")).Message);

    [Theory]
    [InlineData(119, false)]
    [InlineData(120, true)]
    [Rfc("4787", "4.3")]
    public void Inbound_MappingOlderThanItsLifetime_HasNoMapping(int seconds, bool dead)
    {
        var nat = Nat(NatBehavior.FullCone);
        var outside = nat.Outbound(Inside, PeerA1, At(0)).Source;
        Assert.Equal(dead ? DropReason.NoMapping : DropReason.None, nat.Inbound(PeerA1, outside, At(seconds)).Reason);
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, false, true)]
    [InlineData(false, true, false)]
    [Rfc("4787", "4.3")]
    public void Mapping_RefreshedByDirection_LivesOnlyAsConfigured(bool outgoing, bool inboundRefreshes, bool dead)
    {
        var nat = Nat(NatBehavior.FullCone with { InboundRefreshes = inboundRefreshes });
        var outside = nat.Outbound(Inside, PeerA1, At(0)).Source;
        if (outgoing) nat.Outbound(Inside, PeerA1, At(100));
        else nat.Inbound(PeerA1, outside, At(100));
        Assert.Equal(dead, nat.Inbound(PeerA1, outside, At(130)).IsDropped);
    }

    [Fact]
    [Rfc("4787", "5")]
    public void Inbound_PermitOfOnePeerExpired_OthersStillPass()
    {
        var nat = Nat(NatBehavior.PortRestricted);
        var outside = nat.Outbound(Inside, PeerA1, At(0)).Source;
        nat.Outbound(Inside, PeerB1, At(100));
        Assert.Equal(DropReason.Filtered, nat.Inbound(PeerA1, outside, At(130)).Reason);
        Assert.False(nat.Inbound(PeerB1, outside, At(130)).IsDropped);
    }

    [Theory]
    [InlineData(Hairpinning.Off)]
    [InlineData(Hairpinning.External)]
    [InlineData(Hairpinning.Internal)]
    [Rfc("4787", "6")]
    public void Outbound_ToOwnOutsideAddress_HairpinsAsConfigured(Hairpinning hairpin)
    {
        var nat = Nat(NatBehavior.FullCone with { Hairpin = hairpin });
        var other = Address.Parse("10.0.1.3:6000");
        var otherOutside = nat.Outbound(other, PeerA1, At(0)).Source;
        var mine = nat.Outbound(Inside, PeerA1, At(0)).Source;
        var verdict = nat.Outbound(Inside, otherOutside, At(1));

        Assert.Equal(hairpin == Hairpinning.Off ? DropReason.NoHairpin : DropReason.None, verdict.Reason);
        if (hairpin == Hairpinning.Off) return;
        Assert.Equal(new NatVerdict(NatRoute.Hairpin, hairpin == Hairpinning.External ? mine : Inside, other, DropReason.None), verdict);
    }

    [Fact]
    [Rfc("4787", "4.2.1")]
    public void Outbound_PreservingPortTaken_GetsAnotherPort()
    {
        var nat = Nat(NatBehavior.FullCone with { Ports = PortAllocation.Preserve });
        Assert.Equal(5000, nat.Outbound(Inside, PeerA1, At(0)).Source.Port);
        Assert.NotEqual(5000, nat.Outbound(Address.Parse("10.0.1.3:5000"), PeerA1, At(0)).Source.Port);
    }

    [Theory]
    [InlineData(5000)]
    [InlineData(5001)]
    [Rfc("4787", "4.2.2")]
    public void Outbound_PreservingParity_KeepsOddAndEven(ushort port)
    {
        var nat = Nat(NatBehavior.FullCone with { PreservesParity = true });
        for (uint host = 2; host < 40; host++)
        {
            var inside = new Address(IpAddress.FromV4(0x0A000100 + host), port);
            Assert.Equal(port % 2, nat.Outbound(inside, PeerA1, At(0)).Source.Port % 2);
        }
    }

    [Theory]
    [InlineData(AddressPooling.Paired, 1)]
    [InlineData(AddressPooling.Arbitrary, 2)]
    [Rfc("4787", "4.1")]
    public void Outbound_SeveralOutsideAddresses_PoolsAsConfigured(AddressPooling pooling, int addresses)
    {
        var nat = new NatDevice(NatBehavior.FullCone with { Pooling = pooling }, new SeededEntropy(1), Wan, IpAddress.Parse("203.0.113.102"));
        var seen = Enumerable.Range(0, 32).Select(i => nat.Outbound(Inside with { Port = (ushort)(5000 + i) }, PeerA1, At(0)).Source.Ip).Distinct();
        Assert.Equal(addresses, seen.Count());
    }

    [Fact]
    public void Outbound_Full_DropsUntilMappingsDie()
    {
        var nat = Nat(NatBehavior.Symmetric with { Capacity = 2 });
        nat.Outbound(Inside, PeerA1, At(0));
        nat.Outbound(Inside, PeerA2, At(0));
        Assert.Equal(DropReason.NatFull, nat.Outbound(Inside, PeerB1, At(1)).Reason);
        Assert.False(nat.Outbound(Inside, PeerB1, At(121)).IsDropped);
    }

    [Fact]
    public void Restart_ForgetsMappings()
    {
        var nat = Nat(NatBehavior.FullCone);
        var outside = nat.Outbound(Inside, PeerA1, At(0)).Source;
        nat.Restart();
        Assert.Equal(DropReason.NoMapping, nat.Inbound(PeerA1, outside, At(1)).Reason);
        Assert.Empty(nat.MappingsAt(At(1)));
    }

    [Fact]
    public void SameSeed_SameQuestions_SameVerdicts()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            var first = Questions(seed);
            Assert.True(first.SequenceEqual(Questions(seed)), $"seed {seed}");
            Assert.False(first.SequenceEqual(Questions(seed + 1)), $"seed {seed}");
        }
    }

    /// <summary>Whatever is asked, no two live mappings share an outside socket, and what comes in reaches the socket that opened it.</summary>
    [Fact]
    [Rfc("4787", "4.2.1")]
    public void RandomTraffic_OutsidePortsAreNeverShared()
    {
        for (ulong seed = 0; seed < 30; seed++)
        {
            var entropy = new SeededEntropy(seed);
            var nat = new NatDevice(
                new NatBehavior { Mapping = (MappingRule)entropy.NextInt(3), Filtering = (FilteringRule)entropy.NextInt(3), Ports = (PortAllocation)entropy.NextInt(3) },
                entropy.Fork(),
                Wan);
            var now = 0;
            for (var i = 0; i < 500; i++)
            {
                now += entropy.NextInt(3);
                var inside = new Address(IpAddress.FromV4(0x0A000102 + (uint)entropy.NextInt(4)), (ushort)(5000 + entropy.NextInt(4)));
                var peer = new Address(IpAddress.FromV4(0xCB007100 + (uint)entropy.NextInt(4)), (ushort)(3478 + entropy.NextInt(3)));
                var verdict = nat.Outbound(inside, peer, At(now));
                Assert.True(nat.Inbound(peer, verdict.Source, At(now)) == NatVerdict.Forward(peer, inside), $"seed {seed}");
            }

            var live = nat.MappingsAt(At(now)).ToList();
            Assert.True(live.Count == live.Select(m => m.Outside).Distinct().Count(), $"seed {seed}");
        }
    }

    private static List<NatVerdict> Questions(ulong seed)
    {
        var nat = new NatDevice(NatBehavior.Symmetric, new SeededEntropy(seed), Wan);
        return [.. Enumerable.Range(0, 16).Select(i => nat.Outbound(Inside, PeerA1 with { Port = (ushort)(1000 + i) }, At(i)))];
    }

    private static NatDevice Nat(NatBehavior behavior) => new(behavior, new SeededEntropy(7), Wan);

    private static Instant At(int seconds) => Instant.Zero + TimeSpan.FromSeconds(seconds);
}
