using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>What our server knows of a call goes by the connection that set it up, and that may end while the talk goes on: the end of the call arrives all the same.</summary>
public sealed class LostConnectionTests
{
    /// <summary>
    /// The INVITE was too long for a datagram, so that the call is known by a connection while the account is registered by UDP, and nothing on the way
    /// carries that connection any more.
    /// </summary>
    [Theory]
    [InlineData(true, SipTransports.UdpAndTcp, 4, 1)]
    [InlineData(true, SipTransports.UdpAndTcp, 61, 2)]
    [InlineData(true, SipTransports.Tcp, 9, 3)]
    [InlineData(false, SipTransports.Tcp, 13, 4)]
    [InlineData(false, SipTransports.Tls, 7, 5)]
    [Rfc("5626", "4.4.1")]
    public void InACall_TheConnectionDiesWithoutAWord_ThePeersHangUpArrives(bool hasV6, SipTransports transports, double after, ulong seed)
    {
        using var bench = Bench(hasV6, transports, seed);
        bench.Connect().Run(after);
        bench.Demo.HostA.CutOffStreams();
        bench.Run(30);
        HangUp(bench, isAlice: false);
    }

    /// <summary>The server loses its power and has no connection afterwards; nobody tells, and nothing is sent by the connection until somebody hangs up.</summary>
    [Theory]
    [InlineData(true, true, 5, 3, 1)]
    [InlineData(true, false, 5, 20, 2)]
    [InlineData(false, true, 3, 40, 3)]
    [InlineData(true, true, 1, 0.2, 4)]
    [Rfc("5626", "4.4.1")]
    public void InACall_TheServerRestarts_TheHangUpArrives(bool hasV6, bool isAlice, double outage, double after, ulong seed)
    {
        using var bench = Bench(hasV6, SipTransports.UdpAndTcp, seed);
        bench.Connect().Run(6);
        bench.Demo.RestartSip(TimeSpan.FromSeconds(outage), remembers: true);
        bench.Run(outage + after);
        HangUp(bench, isAlice);
    }

    /// <summary>The server wrote an address of one family into the route of the dialog, and the network is left with the other.</summary>
    [Theory]
    [InlineData(true, SipTransports.Tcp, 1)]
    [InlineData(false, SipTransports.Tcp, 2)]
    [InlineData(false, SipTransports.Udp, 3)]
    [Rfc("3263", "4.2")]
    public void InACall_TheNetworkHasTheOtherFamilyAlone_TheHangUpArrives(bool isAlice, SipTransports transports, ulong seed)
    {
        using var bench = Bench(true, transports, seed);
        bench.Connect().Run(5);
        bench.Demo.HostA.Detach(IpAddress.Parse("2001:db8:1::2"));
        bench.Run(15);
        HangUp(bench, isAlice);
    }

    /// <summary>The family that carried the call is back in favour for the registration, and the NAT of the other forgets soon who is silent.</summary>
    [Theory]
    [InlineData(22, 40, 1)]
    [InlineData(28, 75, 2)]
    [Rfc("5626", "4.4.2")]
    public void InACall_ByAnotherFamilyThanTheRegistration_TheNatForgetsNothing(int lifetime, double after, ulong seed)
    {
        using var bench = new CallBench(
            new DemoOptions { HasV6 = true, Seed = seed, NatA = NatBehavior.PortRestricted with { UdpLifetime = TimeSpan.FromSeconds(lifetime) } },
            new BenchOptions { Adjust = (name, options) => name == "alice" ? options with { SipTransports = SipTransports.Udp } : options });
        var v6 = IpAddress.Parse("2001:db8:1::2");
        bench.Connect().Run(5);
        var lan = bench.Demo.HostA.SegmentOf(v6)!;
        bench.Demo.HostA.Detach(v6);
        bench.Run(15);
        bench.Demo.HostA.Attach(lan, v6);
        bench.Run(after);
        HangUp(bench, isAlice: false);
    }

    private static CallBench Bench(bool hasV6, SipTransports transports, ulong seed) => new(
        new DemoOptions { HasV6 = hasV6, Seed = seed }, new BenchOptions { Adjust = (name, options) => name == "alice" ? options with { SipTransports = transports } : options });

    private static void HangUp(CallBench bench, bool isAlice)
    {
        if (isAlice) bench.HangUp();
        else bench.Bob.Do((m, now) => m.Hangup(now, bench.BobsCall()));
        var (alice, bob) = bench.UntilEnded(3);
        bench.That(alice.Fault is null && bob.Fault is null, $"ended by {alice.Fault ?? bob.Fault}");
    }
}
