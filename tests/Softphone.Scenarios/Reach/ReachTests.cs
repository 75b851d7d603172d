using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>A registered phone stays one that can be called, whatever the network forgets meanwhile.</summary>
public sealed class ReachTests
{
    [Theory]
    [InlineData("port-restricted", 20, 120, 1)]
    [InlineData("symmetric", 20, 120, 2)]
    [InlineData("full-cone", 16, 200, 3)]
    [InlineData("firewall", 20, 90, 4)]
    [InlineData("restricted-cone", 25, 610, 5)]
    [Rfc("5626", "4.4.2")]
    public void NatForgetsSoon_PhoneThatWasIdle_Rings(string nat, int lifetime, double idle, ulong seed)
    {
        using var bench = Bench(nat, SipTransports.Udp, seed, lifetime);
        bench.Register().Run(idle);
        Rings(bench);
    }

    [Theory]
    [InlineData("port-restricted", 0.5, 1)]
    [InlineData("port-restricted", 77, 2)]
    [InlineData("symmetric", 31, 3)]
    [InlineData("full-cone", 140.3, 4)]
    [Rfc("5626", "4.4.2")]
    public void NatIsFlushed_PhoneRingsWithin20Seconds(string nat, double after, ulong seed)
    {
        using var bench = Bench(nat, SipTransports.Udp, seed);
        bench.Register().Run(after);
        var before = Registers(bench);
        bench.Demo.GatewayB.Rebind();
        bench.Run(20);
        bench.That(Registers(bench) - before <= 2, $"{Registers(bench) - before} REGISTERs");
        Rings(bench);
    }

    [Theory]
    [InlineData("port-restricted", 10, 1)]
    [InlineData("symmetric", 60, 2)]
    public void NatIsFlushed_WithTcp_PhoneRingsWithin20Seconds(string nat, double after, ulong seed)
    {
        using var bench = Bench(nat, SipTransports.Tcp, seed);
        bench.Register().Run(after);
        bench.Demo.GatewayB.Rebind();
        bench.Run(20);
        Rings(bench);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(14, 2)]
    [InlineData(200, 3)]
    [Rfc("5626", "4.4.1")]
    public void ConnectionDiesWithoutAWord_PhoneRingsWithin30Seconds(double after, ulong seed)
    {
        using var bench = Bench("port-restricted", SipTransports.Tcp, seed);
        bench.Register().Run(after);
        var before = Registers(bench);
        bench.Demo.HostB.CutOffStreams();
        bench.Run(30);
        bench.That(Registers(bench) - before <= 4, $"{Registers(bench) - before} REGISTERs");
        Rings(bench);
    }

    [Theory]
    [InlineData(SipTransports.Tcp, 1, 1)]
    [InlineData(SipTransports.Tcp, 3, 2)]
    [InlineData(SipTransports.Tcp, 2.5, 3)]
    [Rfc("5626", "4.5")]
    public void ServerRestartsWithoutMemory_PhoneIsRegisteredAgainWithin10Seconds(SipTransports transports, double outage, ulong seed)
    {
        using var bench = Bench("port-restricted", transports, seed);
        bench.Register().Run(40);
        var before = Registers(bench);
        bench.Demo.Sip.Stop();
        bench.Demo.RestartSip(TimeSpan.FromSeconds(outage));
        bench.Run(10);
        bench.That(Registers(bench) - before is >= 1 and <= 6, $"{Registers(bench) - before} REGISTERs");
        Rings(bench);
    }

    /// <summary>
    /// A restart that no keepalive meets cannot be seen by UDP: nobody tells, and STUN is answered by who has forgotten us. One that a keepalive meets is.
    /// </summary>
    [Theory]
    [InlineData(9, 6)]
    [InlineData(11, 8)]
    public void ServerRestartsWithoutMemory_WithUdp_AKeepaliveThatMeetsItFindsOut(double outage, int least)
    {
        var found = 0;
        for (var i = 0; i < 13; i++)
        {
            using var bench = Bench("port-restricted", SipTransports.Udp, (ulong)i + 1);
            bench.Register().Run(40 + i);
            var before = Registers(bench);
            bench.Demo.RestartSip(TimeSpan.FromSeconds(outage));
            bench.Run(outage + 20);
            bench.That(Registers(bench) - before <= 4, $"{Registers(bench) - before} REGISTERs");
            if (bench.Demo.Sip.Bindings > 0) found++;
        }

        Assert.True(found >= least, $"{found} of 13 found out");
    }

    /// <summary>On a line that loses much, late answers are many, and what is sent for them is not.</summary>
    [Theory]
    [InlineData(0.3, 1)]
    [InlineData(0.45, 2)]
    public void LossyLine_LateKeepalives_MakeNoStorm(double loss, ulong seed)
    {
        using var bench = new CallBench(new DemoOptions { Seed = seed }, new BenchOptions { Adjust = (_, options) => options with { SipTransports = SipTransports.Udp } });
        bench.Register();
        bench.Demo.GatewayB.Wan = bench.Demo.GatewayB.Wan with { Loss = loss };
        var before = Registers(bench);
        bench.Run(1800);
        // Repetitions and challenges counted, and the refreshes that are due anyway.
        bench.That(Registers(bench) - before <= 250, $"{Registers(bench) - before} REGISTERs in half an hour");
    }

    [Theory]
    [InlineData(16, 1)]
    [InlineData(100, 2)]
    [Rfc("5626", "4.4.2")]
    public void ServerIsDownForAPause_WithUdp_PhoneIsRegisteredAgain(double outage, ulong seed)
    {
        using var bench = Bench("port-restricted", SipTransports.Udp, seed);
        bench.Register().Run(40);
        var before = Registers(bench);
        bench.Demo.RestartSip(TimeSpan.FromSeconds(outage));
        // The back-off may have grown to two minutes by then (RFC 5626 §4.5).
        bench.Run(outage + 125);
        bench.That(Registers(bench) - before is >= 1 and <= 16, $"{Registers(bench) - before} REGISTERs");
        Rings(bench);
    }

    [Theory]
    [InlineData(SipTransports.Tcp, 1)]
    [InlineData(SipTransports.Tls, 2)]
    [Rfc("3261", "8.1.1.8")]
    public void ConnectionIsLost_WithoutNat_TheNextRegisterIsRightAtOnce(SipTransports transports, ulong seed)
    {
        using var bench = Bench("none", transports, seed);
        bench.Register().Run(5);
        var before = Registers(bench);
        bench.Demo.Sip.Stop();
        bench.Demo.RestartSip();
        bench.Run(9);
        // One without credentials, since the server has forgotten its nonce, and one with.
        bench.That(Registers(bench) - before <= 2, $"{Registers(bench) - before} REGISTERs");
        Rings(bench);
    }

    private static CallBench Bench(string nat, SipTransports transports, ulong seed, int lifetime = 120) => new(
        new DemoOptions { NatB = NatBehavior.Named(nat) with { UdpLifetime = TimeSpan.FromSeconds(lifetime) }, Seed = seed },
        new BenchOptions { Adjust = (name, options) => name == "bob" ? options with { SipTransports = transports } : options });

    /// <summary>REGISTERs that bob has sent, repetitions counted too.</summary>
    private static int Registers(CallBench bench) => bench.Bob.Machine.Trace.Entries.OfType<SipTrace.Message>().Count(m => m.IsSent && m.StartLine.StartsWith(SipMethod.Register, StringComparison.Ordinal));

    private static void Rings(CallBench bench)
    {
        bench.Dial();
        bench.Until(() => CallBench.States(bench.Bob).Contains(CallState.Connected), 8, "bob answered");
    }
}
