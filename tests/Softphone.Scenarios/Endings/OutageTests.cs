using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>Servers and peers that are not there: the call goes on without them, or says which one was missing.</summary>
public sealed class OutageTests
{
    [Fact]
    [Rfc("3261", "17.1.1.2")]
    public void Server_SilentOnUdp_CallEndsAndSaysNoAnswer()
    {
        using var bench = new CallBench(new DemoOptions(), new BenchOptions { Adjust = (_, o) => o with { SipTransports = SipTransports.Udp } });
        bench.Register();
        bench.World.Hosts.Single(h => h.Name == "sip").Detach(DemoWorld.SipAddress.Ip);
        bench.Dial();
        var alice = bench.UntilAliceEnded(40);
        bench.That(alice is { Status: 408 or 503, Cause: CallEndCause.Error, Fault: { Layer: Layer.Sip or Layer.Transport, Remedy.Length: > 5 } }, alice.ToString());
        bench.That(alice.Explanation.Contains("INVITE", StringComparison.Ordinal) || alice.Explanation.Contains("reach", StringComparison.Ordinal), alice.Explanation);
        Down(bench);
    }

    [Fact]
    [Rfc("8767", "4")]
    public void Dns_DiesAfterRegistration_CallsGoOnByTheServerKnown()
    {
        using var bench = new CallBench(new DemoOptions());
        bench.Register();
        bench.World.Names.IsDead = true;
        bench.Dial();
        bench.Until(() => CallBench.States(bench.Alice).Contains(CallState.Connected), 4, "connected without DNS");
        bench.Run(2);
        bench.HangUp();
        var (alice, bob) = bench.UntilEnded(3);
        bench.That(alice is { Status: 200, Fault: null, Audio: AudioOutcome.TwoWay } && bob.Fault is null, alice.ToString());
        bench.ShutDown();
    }

    [Fact]
    public void Server_RefusesTcp_CallEndsAtOnceAndSaysRefused()
    {
        using var bench = new CallBench(new DemoOptions(), new BenchOptions { Adjust = (_, o) => o with { SipTransports = SipTransports.Tcp } });
        bench.Demo.Sip.Stop();
        bench.Alice.Do((m, now) => m.Start(now));
        bench.Dial();
        var alice = bench.UntilAliceEnded(10);
        bench.That(alice is { Status: 503, Cause: CallEndCause.Error, Fault: { Layer: Layer.Transport, Remedy.Length: > 5 } }, alice.ToString());
        bench.That(alice.Explanation.Contains("refused", StringComparison.Ordinal), alice.Explanation);
        Down(bench);
    }

    [Fact]
    public void Server_Down_RegistrationFailsAndIsTriedAgain()
    {
        using var bench = new CallBench(new DemoOptions(), new BenchOptions { Adjust = (_, o) => o with { SipTransports = SipTransports.Udp } });
        var sip = bench.World.Hosts.Single(h => h.Name == "sip");
        sip.Detach(DemoWorld.SipAddress.Ip);
        bench.Alice.Do((m, now) => m.Start(now));
        bench.Alice.Do((m, now) => m.Register(now, bench.AliceAccount));
        bench.Until(() => bench.Alice.Events.OfType<PhoneEvent.Registration>().Any(r => r.State == RegistrationState.Failed), 40, "the registration failed");
        var failed = bench.Alice.Events.OfType<PhoneEvent.Registration>().First(r => r.State == RegistrationState.Failed);
        bench.That(failed is { WillRetry: true, Fault: { Layer: Layer.Sip or Layer.Transport, Remedy.Length: > 5 } }, failed.ToString());
        sip.Attach(bench.World.Public, DemoWorld.SipAddress.Ip);
        bench.Until(() => bench.Alice.Events.OfType<PhoneEvent.Registration>().Any(r => r.State == RegistrationState.Registered), 300, "registered once the server is back");
        Down(bench);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("8445", "5.1.1", Line = "I05")]
    public void StunServer_Dead_CallStartsWithinTwoSecondsAndWorks(bool detached)
    {
        using var bench = new CallBench(new DemoOptions { NatA = NatBehavior.None, NatB = NatBehavior.None });
        bench.Register();
        var host = bench.World.Hosts.Single(h => h.Name == "turn");
        if (detached) host.Detach(DemoWorld.StunAddress.Ip);
        else host.Stop();
        var dialled = bench.Now;
        bench.Dial(new CallOptions { Duration = TimeSpan.FromSeconds(2) });
        bench.Until(() => bench.Bob.Events.OfType<PhoneEvent.IncomingCall>().Any(), 2, "bob is called");
        bench.Until(() => CallBench.States(bench.Alice).Contains(CallState.Connected), 3, $"connected; dialled at {dialled}");
        var (alice, bob) = bench.UntilEnded(20);
        bench.That(alice is { Status: 200, Audio: AudioOutcome.TwoWay, Fault: null } && bob.Audio == AudioOutcome.TwoWay, $"{alice}");
        bench.That(alice.Explanation.Contains(DemoWorld.StunAddress.ToString(), StringComparison.Ordinal), $"the dead server is not told: {alice.Explanation}");
        Down(bench);
    }

    [Fact]
    public void StunServerName_Unknown_CallWorksAndTheNameIsTold()
    {
        using var bench = new CallBench(new DemoOptions { NatA = NatBehavior.None, NatB = NatBehavior.None }, new BenchOptions
        {
            Adjust = (_, o) => o with { Nat = o.Nat with { StunServers = [new ServerName("stun.nowhere.test", 3478)], TurnServers = [] } },
        });
        bench.Register().Dial(new CallOptions { Duration = TimeSpan.FromSeconds(2) });
        var (alice, _) = bench.UntilEnded(20);
        bench.That(alice is { Status: 200, Audio: AudioOutcome.TwoWay, Fault: null }, $"{alice}");
        bench.That(alice.Explanation.Contains("stun.nowhere.test", StringComparison.Ordinal), alice.Explanation);
        bench.ShutDown();
    }

    [Fact]
    [Rfc("8656", "7.4")]
    public void TurnCredentials_Wrong_DirectPathWorksAndTheFaultIsTold()
    {
        using var bench = new CallBench(new DemoOptions(), new BenchOptions { TurnPassword = "wrong" });
        bench.Register().Dial(new CallOptions { Duration = TimeSpan.FromSeconds(2) });
        var (alice, bob) = bench.UntilEnded(20);
        bench.That(alice is { Status: 200, Audio: AudioOutcome.TwoWay, Fault: null, Path: "srflx" or "prflx" }, alice.ToString());
        foreach (var text in new[] { alice.Explanation, bob.Explanation })
            bench.That(text.Contains("TURN", StringComparison.OrdinalIgnoreCase) && text.Contains("password", StringComparison.Ordinal), text);
        bench.ShutDown();
    }

    [Fact]
    [Rfc("8445", "8.1.2")]
    public void TurnCredentials_WrongAndRelayNeeded_IceFaultNamesTurn()
    {
        using var bench = new CallBench(new DemoOptions { NatA = NatBehavior.Symmetric, NatB = NatBehavior.Symmetric }, new BenchOptions { TurnPassword = "wrong" });
        bench.Register().Dial(new CallOptions { Duration = TimeSpan.FromSeconds(90) });
        var (alice, bob) = bench.UntilEnded(80);
        foreach (var side in new[] { alice, bob })
        {
            bench.That(side.Fault is { Layer: Layer.Ice }, side.ToString());
            bench.That(side.Fault!.Remedy.Contains("password", StringComparison.Ordinal), side.Explanation);
        }
        bench.ShutDown();
    }

    [Theory]
    [InlineData("cut", true)]
    [InlineData("stop", true)]
    [InlineData("cut", false)]
    [Rfc("7675", "5.1", Line = "I73")]
    public void Peer_VanishesInMidCall_CallEndsWithin40SecondsWithAFault(string how, bool ice)
    {
        using var bench = new CallBench(
            new DemoOptions { NatA = ice ? NatBehavior.PortRestricted : NatBehavior.None, NatB = ice ? NatBehavior.PortRestricted : NatBehavior.None },
            new BenchOptions { Adjust = (_, o) => ice ? o : o with { Nat = o.Nat with { Mode = NatMode.None }, SilenceLimit = TimeSpan.FromSeconds(30) } });
        bench.Connect();
        bench.Run(5);
        if (how == "cut") bench.Demo.GatewayB.IsUp = false;
        else bench.Demo.HostB.Stop();
        var lost = bench.Now;
        var alice = bench.UntilAliceEnded(45);
        bench.That(bench.Now - lost < TimeSpan.FromSeconds(40), $"after {bench.Now - lost}");
        bench.That(alice is { Cause: CallEndCause.Error, Fault: { Layer: Layer.Ice or Layer.Media, Remedy.Length: > 5 }, Audio: AudioOutcome.TwoWay }, alice.ToString());
        bench.Alice.Do((m, now) => m.Shutdown(now));
        bench.Until(() => CallBench.IsDown(bench.Alice), 4, "alice is shut down");
    }

    private static void Down(CallBench bench)
    {
        bench.Alice.Do((m, now) => m.Shutdown(now));
        bench.Until(() => CallBench.IsDown(bench.Alice), 4, "alice is shut down");
        bench.That(bench.Demo.HostA.OpenSockets == 0 && bench.Alice.Machine.NextTimeout is null, $"{bench.Demo.HostA.OpenSockets} sockets, next {bench.Alice.Machine.NextTimeout}");
    }
}
