using Softphone.Core;

namespace Softphone.Lab.Tests;

/// <summary>A NAT behind a NAT: what the outside sees, and what comes back from a carrier's own inside.</summary>
public class NestedNatTests
{
    private readonly World _world = new(seed: 1, new Trace());

    public static TheoryData<string, string, bool, bool> Pairs()
    {
        var data = new TheoryData<string, string, bool, bool>();
        string[] cones = ["full-cone", "restricted-cone", "port-restricted"];
        foreach (var home in (string[])[.. cones, "symmetric"])
        {
            foreach (var carrier in (string[])[.. cones, "symmetric"])
            {
                // A stranger gets in only where both let everybody in.
                data.Add(home, carrier, home != "symmetric" && carrier != "symmetric", home == "full-cone" && carrier == "full-cone");
            }
        }

        return data;
    }

    [Theory, MemberData(nameof(Pairs))]
    [Rfc("3489", "10.1", Line = "D05")]
    public void DoubleNat_MapsAsTheWorstAndFiltersAsTheStrictest(string home, string carrier, bool isCone, bool letsStrangersIn)
    {
        var (a, _) = DoubleNat(NatBehavior.Named(home), NatBehavior.Named(carrier));
        var b = Bench.On(Bench.PublicHost(_world, "b", "203.0.113.2"), 7);
        var c = Bench.On(Bench.PublicHost(_world, "c", "203.0.113.3"), 7);
        a.Send(b.Bound, "x");
        _world.RunUntil(At(1));
        var outside = b.Probe.Received[0].From;
        c.Send(outside, "from a stranger");
        _world.RunUntil(At(2));
        Assert.Equal(letsStrangersIn ? 1 : 0, a.Probe.Received.Count);
        a.Send(c.Bound, "x");
        _world.RunUntil(At(3));
        Assert.Equal(isCone, c.Probe.Received[0].From == outside);
        Assert.Equal("203.0.113.77", outside.Ip.ToString());
    }

    [Theory]
    [InlineData(Hairpinning.Off)]
    [InlineData(Hairpinning.External)]
    [InlineData(Hairpinning.Internal)]
    [Rfc("4787", "6")]
    [Rfc("6888", "3")]
    public void CarrierNat_TwoHomesBehindIt_MeetOnlyByItsHairpin(Hairpinning hairpin)
    {
        var (a, carrier) = DoubleNat(NatBehavior.FullCone, NatBehavior.FullCone with { Hairpin = hairpin });
        var home = _world.AddLan("home2", IpAddress.Parse("192.168.1.0"), 24, NatBehavior.FullCone, carrier, null, IpAddress.Parse("100.64.0.10"));
        var b = Bench.On(_world.AddHost("b", home, IpAddress.Parse("192.168.1.2")));
        var server = Bench.On(Bench.PublicHost(_world, "s", "203.0.113.2"), 7);
        a.Send(server.Bound, "a");
        b.Send(server.Bound, "b");
        _world.RunUntil(At(1));
        var outside = server.Probe.Received.ToDictionary(r => r.Text, r => r.From);
        a.Send(outside["b"], "hello");
        _world.RunUntil(At(2));
        if (hairpin == Hairpinning.Off)
        {
            Assert.Empty(b.Probe.Received);
            Assert.Equal("1 not hairpinned at carrier", _world.Counters.DropsInWords);
            return;
        }

        // An internal source is what the carrier sees: the home's own outside address.
        var from = Assert.Single(b.Probe.Received).From;
        if (hairpin == Hairpinning.External) Assert.Equal(outside["a"], from);
        else Assert.Equal("100.64.0.9", from.Ip.ToString());
    }

    [Fact]
    public void CarrierThatIsolates_HomesCannotReachEachOther_ButTheWorld()
    {
        var (a, carrier) = DoubleNat(NatBehavior.FullCone, NatBehavior.FullCone);
        carrier.IsIsolated = true;
        var neighbour = Bench.On(_world.AddHost("neighbour", carrier, IpAddress.Parse("100.64.0.20")), 9);
        var server = Bench.On(Bench.PublicHost(_world, "s", "203.0.113.2"), 7);
        a.Send(neighbour.Bound, "x");
        a.Send(server.Bound, "x");
        _world.RunUntil(At(1));
        Assert.Empty(neighbour.Probe.Received);
        Assert.Single(server.Probe.Received);
        Assert.Equal("1 kept apart on carrier", _world.Counters.DropsInWords);
    }

    private (Bench Host, Segment Carrier) DoubleNat(NatBehavior home, NatBehavior carrier)
    {
        var outer = _world.AddLan("carrier", IpAddress.Parse("100.64.0.0"), 10, carrier, _world.Public, null, IpAddress.Parse("203.0.113.77"));
        var inner = _world.AddLan("home", IpAddress.Parse("192.168.1.0"), 24, home, outer, null, IpAddress.Parse("100.64.0.9"));
        return (Bench.On(_world.AddHost("a", inner, IpAddress.Parse("192.168.1.2"))), outer);
    }

    private static Instant At(int seconds) => Instant.Zero + TimeSpan.FromSeconds(seconds);
}
