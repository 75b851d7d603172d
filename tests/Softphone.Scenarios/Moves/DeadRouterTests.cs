using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>A router that carries nothing any more while the link to it stays up, and a second interface: the phone goes there by itself.</summary>
public sealed class DeadRouterTests
{
    private static readonly IpAddress Cellular = IpAddress.Parse("172.20.0.2");

    [Theory]
    [InlineData(SipTransports.Udp, 3, 1, GatewayFailure.BlackHole)]
    [InlineData(SipTransports.Udp, 0.01, 8, GatewayFailure.BlackHole)]
    [InlineData(SipTransports.Udp, 100.5, 2, GatewayFailure.BlackHole)]
    [InlineData(SipTransports.Tcp, 41, 3, GatewayFailure.BlackHole)]
    [InlineData(SipTransports.Tls, 20, 4, GatewayFailure.BlackHole)]
    [InlineData(SipTransports.UdpAndTcp, 7, 5, GatewayFailure.Rejects)]
    public void Idle_TheRouterDies_PhoneRingsByTheOtherInterface(SipTransports transports, double after, ulong seed, GatewayFailure failure)
    {
        using var move = Bench(transports, seed);
        var bench = move.Bench;
        bench.Register().Run(after);
        bench.Demo.GatewayB.Failure = failure;
        // One keepalive, and a few seconds.
        bench.Run(22);
        Rings(bench);
        var told = bench.Bob.Events.OfType<PhoneEvent.WayChanged>().ToList();
        bench.That(told is [{ From: "eth0", To: "eth1" }], $"told {string.Join(", ", told)}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void InACall_TheRouterDies_TheCallGoesOnByTheOtherInterface(ulong seed)
    {
        using var move = Bench(SipTransports.UdpAndTcp, seed);
        var bench = move.Talk().Bench;
        var silence = move.SilenceAfter(() => bench.Demo.GatewayB.Failure = GatewayFailure.BlackHole);
        bench.That(silence < TimeSpan.FromSeconds(14), $"silent for {silence}");
        bench.Run(20);
        bench.That(bench.Alice.Machine.ActiveCalls == 1 && bench.Bob.Machine.ActiveCalls == 1, "one call each");
        bench.That(bench.Bob.Events.OfType<PhoneEvent.WayChanged>().Count() == 1, "it is told once");
        move.Both(2);
        move.End();
    }

    [Fact]
    public void RouterIsBack_PhoneGoesHomeBetweenCalls_AndDoesNotFlap()
    {
        using var move = Bench(SipTransports.Udp, 9);
        var bench = move.Bench;
        bench.Register().Run(5);
        bench.Demo.GatewayB.Failure = GatewayFailure.BlackHole;
        bench.Run(60);
        bench.That(Home(bench, Cellular), "not by the second interface");
        bench.Demo.GatewayB.Failure = GatewayFailure.None;
        bench.Run(100);
        bench.That(Home(bench, MoveBench.BobHome), "not home");
        var before = Registers(bench);
        Rings(bench);
        // A router that dies every now and then is trusted less each time.
        for (var i = 0; i < 20; i++)
        {
            bench.Demo.GatewayB.Failure = i % 2 == 0 ? GatewayFailure.BlackHole : GatewayFailure.None;
            bench.Run(90);
        }

        bench.That(bench.Bob.Events.OfType<PhoneEvent.WayChanged>().Count() <= 6, $"{bench.Bob.Events.OfType<PhoneEvent.WayChanged>().Count()} moves");
        bench.That(Registers(bench) - before <= 60, $"{Registers(bench) - before} REGISTERs in half an hour");
    }

    /// <summary>What is silent is the server: nobody moves, and there is no storm.</summary>
    [Theory]
    [InlineData(SipTransports.Udp, 5)]
    [InlineData(SipTransports.Tcp, 6)]
    public void ServerDies_NoInterfaceIsLeft(SipTransports transports, ulong seed)
    {
        using var move = Bench(transports, seed);
        var bench = move.Bench;
        bench.Register().Run(20);
        var before = Registers(bench);
        bench.Demo.RestartSip(TimeSpan.FromSeconds(300));
        bench.Run(300);
        bench.That(!bench.Bob.Events.OfType<PhoneEvent.WayChanged>().Any(), "it moved");
        bench.That(Registers(bench) - before <= 90, $"{Registers(bench) - before} REGISTERs");
        bench.Run(150);
        Rings(bench);
    }

    /// <summary>The server is back just as it is asked by the other interface, and answers there first: it answers by the one in use as well.</summary>
    [Theory]
    [InlineData(SipTransports.Udp, 4.8, 1)]
    [InlineData(SipTransports.Udp, 9.3, 2)]
    [InlineData(SipTransports.UdpAndTcp, 7, 3)]
    [InlineData(SipTransports.Tcp, 5.5, 4)]
    [InlineData(SipTransports.Tcp, 12, 5)]
    public void ServerRestarts_InACall_NoInterfaceIsLeft(SipTransports transports, double down, ulong seed)
    {
        for (var later = 0; later < 5; later++)
        {
            using var move = Bench(transports, seed);
            var bench = move.Talk().Bench;
            bench.Run(10 + later);
            bench.Demo.RestartSip(TimeSpan.FromSeconds(down + later * 0.4));
            bench.Run(50);
            bench.That(!bench.Bob.Events.OfType<PhoneEvent.WayChanged>().Any(), $"it moved, {later}");
            move.Both(2);
        }
    }

    /// <summary>A VPN is not left unasked, though nothing comes by it.</summary>
    [Fact]
    public void VpnDies_PhoneStaysInIt()
    {
        using var move = Bench(SipTransports.Udp, 7, home: InterfaceKind.Vpn, second: InterfaceKind.Unknown);
        var bench = move.Bench;
        bench.Register().Run(20);
        bench.Demo.GatewayB.Failure = GatewayFailure.BlackHole;
        bench.Run(120);
        bench.That(!bench.Bob.Events.OfType<PhoneEvent.WayChanged>().Any(), "it moved");
    }

    private static MoveBench Bench(SipTransports transports, ulong seed, InterfaceKind home = InterfaceKind.Wired, InterfaceKind second = InterfaceKind.Cellular)
    {
        var move = new MoveBench(seed: seed, how: new BenchOptions { Adjust = (name, o) => name == "bob" ? o with { SipTransports = transports } : o });
        var host = move.Bench.Demo.HostB;
        if (home != InterfaceKind.Wired)
        {
            var lan = host.SegmentOf(MoveBench.BobHome)!;
            host.Detach(MoveBench.BobHome);
            host.Attach(lan, MoveBench.BobHome, kind: home, name: "eth0");
        }

        host.Attach(move.LanC, Cellular, kind: second);
        return move;
    }

    private static bool Home(CallBench bench, IpAddress address) =>
        bench.Bob.Machine.Trace.Entries.OfType<SipTrace.Message>().Last(m => m.IsSent && m.StartLine.StartsWith(SipMethod.Register, StringComparison.Ordinal)).Local.Ip == address;

    private static int Registers(CallBench bench) =>
        bench.Bob.Machine.Trace.Entries.OfType<SipTrace.Message>().Count(m => m.IsSent && m.StartLine.StartsWith(SipMethod.Register, StringComparison.Ordinal));

    private static void Rings(CallBench bench)
    {
        bench.Dial();
        bench.Until(() => CallBench.States(bench.Bob).Contains(CallState.Connected), 8, "bob answered");
        bench.HangUp();
        bench.Run(3);
    }
}
