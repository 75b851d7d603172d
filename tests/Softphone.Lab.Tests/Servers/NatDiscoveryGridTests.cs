using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Lab.Tests;

/// <summary>The phone's own discovery through every NAT of the lab, on good lines and on bad ones.</summary>
public class NatDiscoveryGridTests
{
    public static TheoryData<MappingRule, FilteringRule, Hairpinning> Grid()
    {
        var data = new TheoryData<MappingRule, FilteringRule, Hairpinning>();
        foreach (var mapping in Enum.GetValues<MappingRule>())
            foreach (var filtering in Enum.GetValues<FilteringRule>())
                foreach (var hairpin in Enum.GetValues<Hairpinning>()) data.Add(mapping, filtering, hairpin);
        return data;
    }

    [Theory, MemberData(nameof(Grid))]
    [Rfc("5780", "4.3", Line = "D16")]
    [Rfc("5780", "4.4", Line = "D16")]
    [Rfc("5780", "3.4", Line = "D12")]
    public void Discovery_ThroughEveryNat_FindsWhatIsConfigured(MappingRule mapping, FilteringRule filtering, Hairpinning hairpin)
    {
        var bench = new StunBench();
        var found = Discover(bench, Bench.NattedHost(bench.World, new NatBehavior { Mapping = mapping, Filtering = filtering, Hairpin = hairpin }), 4);
        Assert.Equal((mapping.ToString(), filtering.ToString()), (found.Mapping.ToString(), found.Filtering.ToString()));
        Assert.Equal((true, (bool?)false, (bool?)true), (found.IsTranslated, found.RewritesPayloads, found.Fragments));

        // Where the mapping follows the destination and the filter asks who sends, no packet can come back in, hairpin or not.
        var isVisible = mapping == MappingRule.EndpointIndependent || filtering == FilteringRule.EndpointIndependent;
        Assert.Equal(isVisible ? hairpin != Hairpinning.Off : null, found.Hairpin);
        if (found.Hairpin == true)
            Assert.Contains(found.Evidence, e => e.Contains(hairpin == Hairpinning.External ? "an outer address" : "the inner address", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("none", "open")]
    [InlineData("firewall", "symmetric firewall")]
    [InlineData("full-cone", "full cone")]
    [InlineData("restricted-cone", "restricted cone")]
    [InlineData("port-restricted", "port-restricted cone")]
    [InlineData("symmetric", "symmetric")]
    [InlineData("udp-blocked", "UDP blocked")]
    [Rfc("3489", "5", Line = "D05")]
    [Rfc("3489", "10.1", Line = "D04")]
    public void Discovery_ThroughEveryPreset_GivesItsClassicName(string type, string classic)
    {
        var bench = new StunBench();
        Assert.Equal(classic, Discover(bench, Bench.NattedHost(bench.World, type), 4).Classic);
    }

    [Theory, MemberData(nameof(Grid))]
    [Rfc("5780", "4.1", Line = "D15")]
    [Rfc("5780", "4.1", Line = "D16")]
    public void Discovery_OverALineThatLosesATenth_IsNeverWrong(MappingRule mapping, FilteringRule filtering, Hairpinning hairpin)
    {
        var unknown = 0;
        for (ulong seed = 1; seed <= 200; seed++)
        {
            var bench = new StunBench(seed: seed);
            var nat = new NatBehavior { Mapping = mapping, Filtering = filtering, Hairpin = hairpin };
            var found = Discover(bench, Bench.NattedHost(bench.World, nat, Link.OfMilliseconds(20, jitter: 10, loss: 0.1)), seed);
            Assert.True(found.Mapping == Dependence.Unknown || found.Mapping.ToString() == mapping.ToString(), $"seed {seed}: {found}");
            Assert.True(found.Filtering == Dependence.Unknown || found.Filtering.ToString() == filtering.ToString(), $"seed {seed}: {found}");
            Assert.True(found.Hairpin is null || found.Hairpin == (hairpin != Hairpinning.Off), $"seed {seed}: {found}");
            Assert.True(found.Fragments != false, $"seed {seed}: {found}");
            if (found.Mapping == Dependence.Unknown || found.Filtering == Dependence.Unknown) unknown++;
        }

        Assert.InRange(unknown, 0, 4);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.6)]
    [Rfc("5780", "4.1", Line = "D15")]
    public void Discovery_OverAWretchedLine_SaysUnknownRatherThanAWrongWord(double loss)
    {
        for (ulong seed = 1; seed <= 200; seed++)
        {
            var bench = new StunBench(seed: seed);
            var found = Discover(bench, Bench.NattedHost(bench.World, NatBehavior.FullCone, Link.OfMilliseconds(20, loss: loss)), seed);
            Assert.True(found.Classic is "full cone" or "unknown" or "UDP blocked", $"seed {seed}: {found.Classic}");
            Assert.True(found.Filtering is Dependence.Unknown or Dependence.EndpointIndependent, $"seed {seed}: {found}");
        }
    }

    [Fact]
    [Rfc("4787", "11", Line = "D14")]
    public void Discovery_ThroughANatThatDropsFragments_SaysSo()
    {
        var bench = new StunBench();
        var found = Discover(bench, Bench.NattedHost(bench.World, NatBehavior.PortRestricted with { DropsFragments = true }), 4);
        Assert.Equal(((bool?)false, "port-restricted cone"), (found.Fragments, found.Classic));
    }

    private static NatFinding Discover(StunBench bench, VirtualHost host, ulong seed)
    {
        NatFinding? found = null;
        var discovery = new NatDiscovery(host, new SeededEntropy(seed), StunBench.Server);
        host.Run(discovery, _ =>
        {
            while (discovery.TryEvent(out var completed)) found = completed.Behaviour;
        });
        host.Post(() => Assert.True(discovery.TryStart(bench.World.Now, out _)));
        Assert.True(bench.World.RunUntil(() => found is not null, Instant.Zero + TimeSpan.FromSeconds(60)));
        Assert.InRange((bench.World.Now - Instant.Zero).TotalSeconds, 0, 40);
        discovery.Close();
        return found!;
    }
}
