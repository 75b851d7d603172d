using Softphone.Lab;
using Softphone.Phone;

namespace Softphone.Scenarios;

public sealed class DeterminismTests
{
    [Fact]
    [Rfc("8445", "6.1", Line = "I80")]
    public void SameSeed_LossyCall_SameTraceToTheLastLetter()
    {
        var first = Play(7);
        Assert.Equal(first, Play(7));
        Assert.NotEqual(first, Play(8));
    }

    private static string Play(ulong seed)
    {
        using var bench = new CallBench(new DemoOptions
        {
            NatA = NatBehavior.Symmetric,
            NatB = NatBehavior.PortRestricted,
            Loss = 0.05,
            Jitter = TimeSpan.FromMilliseconds(10),
            Seed = seed,
        });
        bench.Register().Dial(new CallOptions { Duration = TimeSpan.FromSeconds(6), Dtmf = "12#" });
        bench.UntilEnded(60);
        bench.Alice.Do((m, now) => m.Shutdown(now));
        bench.Bob.Do((m, now) => m.Shutdown(now));
        bench.Run(5);
        return Transcript.Whole(bench);
    }
}
