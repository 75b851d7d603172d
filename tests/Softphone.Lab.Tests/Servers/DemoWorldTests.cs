using Softphone.Core;

namespace Softphone.Lab.Tests;

public class DemoWorldTests
{
    public static TheoryData<string> Names() => [.. NatBehavior.Names];

    [Theory, MemberData(nameof(Names))]
    public void Hosts_BehindEveryType_HaveTheirAddressesAndReachTheServers(string type)
    {
        var demo = new DemoWorld(new DemoOptions { NatA = NatBehavior.Named(type), NatB = NatBehavior.Named(type) });
        var translates = NatBehavior.Named(type).Translates;
        Assert.Equal(translates ? "10.0.1.2" : "198.51.100.2", demo.HostA.Interfaces[1].Address.ToString());
        Assert.Equal(translates ? "192.168.2.2" : "198.51.100.66", demo.HostB.Interfaces[1].Address.ToString());
        foreach (var host in new[] { demo.HostA, demo.HostB })
            Assert.Equal(200, new SipHand(demo, host, host == demo.HostA ? "alice" : "bob", Transport.Tcp).Register().Status);
        Assert.Equal((2, 0), (demo.Sip.Bindings, demo.Turn.Allocations));
    }

    [Fact]
    public void Latency_IsPaidOncePerLine()
    {
        var demo = new DemoWorld(new DemoOptions { NatA = NatBehavior.None, NatB = NatBehavior.None, Latency = TimeSpan.FromMilliseconds(30) });
        var a = Bench.On(demo.HostA);
        var b = Bench.On(demo.HostB, 7, echoes: true);
        a.Send(b.Bound, "x");
        demo.World.RunUntil(Instant.Zero + TimeSpan.FromSeconds(1));
        Assert.Equal(0.120, a.Probe.Received[0].At.Nanoseconds / 1e9);
    }

    [Fact]
    public void SameNat_BothHostsShareTheLan()
    {
        var demo = new DemoWorld(new DemoOptions { IsSameNat = true });
        var a = Bench.On(demo.HostA);
        var b = Bench.On(demo.HostB, 7);
        a.Send(b.Bound, "x");
        demo.World.RunUntil(Instant.Zero + TimeSpan.FromSeconds(1));
        Assert.Equal("10.0.1.2", Assert.Single(b.Probe.Received).From.Ip.ToString());
        Assert.Same(demo.GatewayA, demo.GatewayB);
    }

    [Fact]
    [Rfc("3263", "4.1")]
    public void Names_LeadToTheServers()
    {
        var names = new DemoWorld(new DemoOptions()).World.Names;
        var pointer = names.Answer(new NameQuery(1, DemoWorld.Domain, NameRecord.Naptr)).Pointers[0];
        var service = Assert.Single(names.Answer(new NameQuery(2, pointer.Replacement, NameRecord.Srv)).Services);
        var addresses = names.Answer(new NameQuery(3, service.Target, NameRecord.Address)).Addresses;
        Assert.Equal([DemoWorld.SipAddress, Address.Parse("[2001:db8::5]:5060")], addresses.Select(ip => new Address(ip, service.Port)));
    }
}
