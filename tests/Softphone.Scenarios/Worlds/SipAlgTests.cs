using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>A router that rewrites SIP is told as such, and nothing else is.</summary>
public sealed class SipAlgTests
{
    [Theory]
    [InlineData("port-restricted", SipAlgMode.Rewrites, true)]
    [InlineData("symmetric", SipAlgMode.Rewrites, true)]
    [InlineData("full-cone", SipAlgMode.Breaks, true)]
    [InlineData("port-restricted", SipAlgMode.Breaks, true)]
    [InlineData("port-restricted", SipAlgMode.Off, false)]
    [InlineData("symmetric", SipAlgMode.Off, false)]
    [InlineData("none", SipAlgMode.Off, false)]
    [InlineData("firewall", SipAlgMode.Off, false)]
    [Rfc("3261", "18.1.2")]
    public void Probe_TellsWhetherViaIsRewritten(string nat, SipAlgMode mode, bool rewrites)
    {
        var demo = new DemoWorld(new DemoOptions { NatA = NatBehavior.Named(nat) with { SipAlg = mode } });
        Assert.Equal(rewrites, Probe(demo, DemoWorld.SipAddress).Rewrites);
    }

    [Theory]
    [InlineData("port-restricted", "203.0.113.77:5060")]
    [InlineData("none", "203.0.113.5:5099")]
    public void Probe_WithoutAnAnswer_SaysNothing(string nat, string server)
    {
        var demo = new DemoWorld(new DemoOptions { NatA = NatBehavior.Named(nat) });
        Assert.Null(Probe(demo, Address.Parse(server)).Rewrites);
        Assert.Equal(0, demo.HostA.OpenSockets);
    }

    [Theory]
    [InlineData("port-restricted", SipAlgMode.Rewrites, SipTransports.Udp, true)]
    [InlineData("symmetric", SipAlgMode.Rewrites, SipTransports.Udp, true)]
    [InlineData("port-restricted", SipAlgMode.Breaks, SipTransports.Udp, true)]
    [InlineData("port-restricted", SipAlgMode.Off, SipTransports.Udp, false)]
    [InlineData("symmetric", SipAlgMode.Off, SipTransports.Udp, false)]
    [InlineData("full-cone", SipAlgMode.Off, SipTransports.UdpAndTcp, false)]
    [InlineData("none", SipAlgMode.Off, SipTransports.Udp, false)]
    [InlineData("port-restricted", SipAlgMode.Rewrites, SipTransports.Tcp, false)]
    [InlineData("port-restricted", SipAlgMode.Breaks, SipTransports.Tls, false)]
    public void Phone_TellsIt_OnceItSeesItsOwnMessageRewritten(string nat, SipAlgMode mode, SipTransports transports, bool isTold)
    {
        var behavior = NatBehavior.Named(nat) with { SipAlg = mode };
        using var bench = new CallBench(
            new DemoOptions { NatA = behavior, NatB = NatBehavior.None }, new BenchOptions { Adjust = (name, o) => name == "alice" ? o with { SipTransports = transports } : o });
        bench.Alice.Do((m, now) => m.Start(now));
        bench.Alice.Do((m, now) => m.Register(now, bench.AliceAccount));
        bench.Run(20);
        bench.Demo.GatewayA.Rebind();
        bench.Run(400);
        var told = bench.Alice.Events.OfType<PhoneEvent.Rewritten>().ToList();
        bench.That(told.Count == (isTold ? 1 : 0), $"told {told.Count} times: {string.Join(", ", told)}");
        if (isTold) bench.That(told[0].Fault.What.Contains("10.0.1.2", StringComparison.Ordinal) && told[0].Fault.Remedy.Contains("TLS", StringComparison.Ordinal), $"{told[0].Fault}");
    }

    private static AlgVerdict Probe(DemoWorld demo, Address server)
    {
        var probe = new AlgProbe(demo.HostA, demo.World.NewEntropy(), server, DemoWorld.Domain);
        Assert.True(probe.TryStart(demo.World.Now));
        AlgVerdict? verdict = null;
        demo.HostA.Run(probe, _ =>
        {
            if (probe.TryEvent(out var happened)) verdict = happened;
        });
        demo.World.RunUntil(demo.World.Now + TimeSpan.FromSeconds(20));
        Assert.NotNull(verdict);
        return verdict;
    }
}
