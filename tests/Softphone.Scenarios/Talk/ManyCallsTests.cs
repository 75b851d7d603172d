using Softphone.Lab;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>Runs while nothing else does: it measures the memory of the process.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>A phone that is used all day.</summary>
[Collection(nameof(Alone))]
public sealed class ManyCallsTests
{
    [Fact]
    public void HundredCallsInARow_MemoryDoesNotGrowAndIdsAreNew()
    {
        using var bench = new CallBench(new DemoOptions { NatA = NatBehavior.None, NatB = NatBehavior.Symmetric }, new BenchOptions { TraceBound = 10 });
        bench.Register();
        var ids = new HashSet<CallId>();
        long after20 = 0;
        for (var i = 0; i < 100; i++)
        {
            bench.Dial(new CallOptions { Duration = TimeSpan.FromMilliseconds(300) });
            Assert.True(ids.Add(bench.Call), "an id was used again");
            var target = i + 1;
            bench.Until(() => bench.Alice.Events.OfType<PhoneEvent.CallEnded>().Count() == target && bench.Bob.Events.OfType<PhoneEvent.CallEnded>().Count() == target, 20, $"call {target} is over");
            bench.Run(35);
            Assert.Equal((0, 0), (bench.Alice.Machine.ActiveCalls, bench.Bob.Machine.ActiveCalls));
            if (i == 19) after20 = Live(bench);
        }

        var grown = Live(bench) - after20;
        bench.That(bench.Alice.Events.OfType<PhoneEvent.CallEnded>().All(e => e.Summary is { Status: 200, Audio: AudioOutcome.TwoWay }), "every call had audio both ways");
        bench.That(bench.Demo.HostA.OpenSockets <= 2 && bench.Demo.HostB.OpenSockets <= 2 && bench.Demo.Turn.Allocations == 0, "sockets or allocations left");
        Assert.True(grown < 4_000_000, $"grew by {grown} octets over 80 calls");
        bench.ShutDown();
    }

    private static long Live(CallBench bench)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
