using Softphone.Core;

namespace Softphone.Lab.Tests;

/// <summary>The tests of RFC 5780 §4.3 and §4.4, and of RFC 3489 §10.1, done by hand through each NAT of the lab.</summary>
public class DiscoveryThroughNatTests
{
    private static readonly Address P1 = StunBench.Server;
    private static readonly Address A1 = new(StunBench.Alternate, 3478);
    private static readonly Address A2 = new(StunBench.Alternate, 3479);

    public static TheoryData<MappingRule, FilteringRule, Hairpinning> Grid()
    {
        var data = new TheoryData<MappingRule, FilteringRule, Hairpinning>();
        foreach (var mapping in Enum.GetValues<MappingRule>())
            foreach (var filtering in Enum.GetValues<FilteringRule>())
                foreach (var hairpin in new[] { Hairpinning.Off, Hairpinning.External }) data.Add(mapping, filtering, hairpin);
        return data;
    }

    [Theory, MemberData(nameof(Grid))]
    [Rfc("5780", "4.3", Line = "D16")]
    [Rfc("5780", "4.4", Line = "D16")]
    public void Nat_EveryBehaviour_IsFoundAsConfigured(MappingRule mapping, FilteringRule filtering, Hairpinning hairpin)
    {
        var bench = new StunBench();
        var host = Bench.NattedHost(bench.World, new NatBehavior { Mapping = mapping, Filtering = filtering, Hairpin = hairpin });
        Assert.Equal(filtering, Filtering(bench, Bench.On(host)));
        Assert.Equal(mapping, Mapping(bench, Bench.On(host)));
        // The receiving socket has not sent to its own outside address, so only a filter that asks for nothing lets the packet back in.
        Assert.Equal(hairpin != Hairpinning.Off && filtering == FilteringRule.EndpointIndependent, Hairpins(bench, Bench.On(host), host));
    }

    [Theory]
    [InlineData("none", true, "open")]
    [InlineData("firewall", true, "symmetric firewall")]
    [InlineData("full-cone", false, "full cone")]
    [InlineData("restricted-cone", false, "restricted cone")]
    [InlineData("port-restricted", false, "port-restricted cone")]
    [InlineData("symmetric", false, "symmetric")]
    [InlineData("udp-blocked", false, "UDP blocked")]
    [Rfc("3489", "10.1", Line = "D04")]
    [Rfc("3489", "10.1", Line = "D05")]
    public void Preset_ByTheClassicTests_HasItsClassicName(string type, bool isMappedToItself, string classic)
    {
        var bench = new StunBench();
        var client = Bench.On(Bench.NattedHost(bench.World, type));
        if (bench.AnswerFrom(client, P1, 0) is null)
        {
            Assert.Equal("UDP blocked", classic);
            Assert.True(bench.World.Counters.DroppedFor(DropReason.UdpBlocked) > 0);
            return;
        }

        var changed = bench.AnswerFrom(client, P1, 6) is not null;
        var mapped = bench.Mapped(client, P1);
        Assert.Equal(isMappedToItself, mapped == client.Bound);
        var found = isMappedToItself ? changed ? "open" : "symmetric firewall"
            : changed ? "full cone"
            : bench.Mapped(client, A2) != mapped ? "symmetric"
            : bench.AnswerFrom(client, P1, 2) is not null ? "restricted cone" : "port-restricted cone";
        Assert.Equal(classic, found);
    }

    private static FilteringRule Filtering(StunBench bench, Bench client) =>
        bench.AnswerFrom(client, P1, 6) is not null ? FilteringRule.EndpointIndependent
        : bench.AnswerFrom(client, P1, 2) is not null ? FilteringRule.AddressDependent
        : FilteringRule.AddressAndPortDependent;

    private static MappingRule Mapping(StunBench bench, Bench client)
    {
        var first = bench.Mapped(client, P1);
        var second = bench.Mapped(client, A1);
        if (second == first) return MappingRule.EndpointIndependent;
        return bench.Mapped(client, A2) == second ? MappingRule.AddressDependent : MappingRule.AddressAndPortDependent;
    }

    private static bool Hairpins(StunBench bench, Bench client, VirtualHost host)
    {
        var mapped = bench.Mapped(client, P1);
        host.TryOpen(Transport.Udp, client.Bound.Ip, 0, out var second, out _, out _);
        client.Probe.Send(second, mapped, "hairpin");
        host.Settle();
        bench.World.RunUntil(bench.World.Now + TimeSpan.FromSeconds(1));
        return client.Probe.Received.Exists(r => r.Path == client.Path && r.Text == "hairpin" && r.From.Ip == mapped.Ip);
    }
}
