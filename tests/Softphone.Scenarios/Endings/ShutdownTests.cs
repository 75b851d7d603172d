using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>Shutdown at any moment ends in ShutDown within about two seconds of virtual time, with nothing left.</summary>
public sealed class ShutdownTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(150)]
    [InlineData(300)]
    [InlineData(600)]
    [InlineData(900)]
    [InlineData(1500)]
    [InlineData(4000)]
    [Rfc("8656", "8", Line = "T44")]
    [Rfc("8445", "8.3", Line = "I79")]
    public void Shutdown_AtAnyMomentOfACall_LeavesNothing(int milliseconds)
    {
        foreach (var nat in new[] { NatBehavior.PortRestricted, NatBehavior.Symmetric })
        {
            using var bench = new CallBench(new DemoOptions { NatA = nat, NatB = nat }, new BenchOptions { Ringing = TimeSpan.FromMilliseconds(400) });
            bench.Register().Dial();
            bench.Run(milliseconds / 1000.0);
            bench.ShutDown();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(150)]
    [InlineData(600)]
    [InlineData(3000)]
    public void Shutdown_OfTheCalleeAlone_CallerIsTold(int milliseconds)
    {
        using var bench = new CallBench(new DemoOptions(), new BenchOptions { Ringing = TimeSpan.FromMilliseconds(400) });
        bench.Register().Dial();
        bench.Run(milliseconds / 1000.0);
        bench.Bob.Do((m, now) => m.Shutdown(now));
        bench.Until(() => CallBench.IsDown(bench.Bob), 3, "bob is shut down");
        bench.UntilAliceEnded(10);
        bench.ShutDown();
    }

    [Fact]
    public void Shutdown_BeforeStart_Ends()
    {
        using var bench = new CallBench(new DemoOptions());
        bench.ShutDown();
    }

    [Fact]
    public void Shutdown_WhileRegistering_Ends()
    {
        using var bench = new CallBench(new DemoOptions());
        foreach (var (phone, account) in new[] { (bench.Alice, bench.AliceAccount), (bench.Bob, bench.BobAccount) })
        {
            phone.Do((m, now) => m.Start(now));
            phone.Do((m, now) => m.Register(now, account));
        }

        bench.Run(0.05);
        bench.ShutDown();
    }

    [Fact]
    public void Shutdown_ServersGone_EndsAllTheSame()
    {
        using var bench = new CallBench(new DemoOptions { NatA = NatBehavior.Symmetric, NatB = NatBehavior.Symmetric });
        bench.Connect();
        bench.Demo.GatewayA.IsUp = false;
        bench.Demo.GatewayB.IsUp = false;
        bench.Alice.Do((m, now) => m.Shutdown(now));
        bench.Bob.Do((m, now) => m.Shutdown(now));
        bench.Until(() => CallBench.IsDown(bench.Alice) && CallBench.IsDown(bench.Bob), 3, "both are shut down");
        bench.That(bench.Demo.HostA.OpenSockets + bench.Demo.HostB.OpenSockets == 0, "sockets left");
    }

    [Fact]
    public void Call_AfterShutdown_IsRefused()
    {
        using var bench = new CallBench(new DemoOptions());
        bench.Register();
        bench.ShutDown();
        bench.Dial();
        bench.Run(3);
        bench.That(bench.Demo.HostA.OpenSockets == 0, "a socket was opened after the end");
        bench.That(CallBench.Summary(bench.Alice) is { Cause: not CallEndCause.Remote }, "the call has no end");
    }
}
