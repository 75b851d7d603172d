using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>The server of a relayed call restarts, or is away for a while: relays are allocated anew, and the call goes on.</summary>
public sealed class RelayLostTests
{
    [Theory]
    [InlineData(8, 1)]
    [InlineData(8, 2)]
    [InlineData(2, 1)]
    [InlineData(20, 1)]
    [InlineData(25, 3)]
    [Rfc("8656", "7.3")]
    public void Server_RestartsInARelayedCall_TheCallGoesOnByNewRelays(double seconds, ulong seed)
    {
        using var bench = new CallBench(
            new DemoOptions { NatA = NatBehavior.Symmetric, NatB = NatBehavior.Symmetric, Seed = seed },
            new BenchOptions { Adjust = (_, o) => o with { Nat = o.Nat with { Mode = NatMode.Relay } } });
        bench.Connect();
        bench.Run(4);
        bench.Demo.RestartTurn(TimeSpan.FromSeconds(seconds));
        bench.Run(seconds);
        var (alice, bob) = (Heard(bench, bench.Alice, bench.Call), Heard(bench, bench.Bob, bench.BobsCall()));
        bench.Until(
            () => Heard(bench, bench.Alice, bench.Call) > alice + 50 && Heard(bench, bench.Bob, bench.BobsCall()) > bob + 50, 8, $"both hear each other by new relays");
        bench.Run(10);
        bench.That(CallBench.Summary(bench.Alice) is null && CallBench.Summary(bench.Bob) is null, "the call is over");
        bench.HangUp();
        bench.UntilEnded(5);
        bench.ShutDown();
    }

    private static long Heard(CallBench bench, VirtualPhone phone, CallId call) => phone.Machine.Snapshot(bench.Now, call)?.Media?.Rx.Packets ?? 0;
}
