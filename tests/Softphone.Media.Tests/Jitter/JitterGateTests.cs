using Softphone.Core;

namespace Softphone.Media.Tests;

/// <summary>How much is concealed at which delay on recorded conditions: the bar that other phones' jitter buffers set.</summary>
public sealed class JitterGateTests(ITestOutputHelper output)
{
    private static readonly JitterOptions Options = new(TimeSpan.FromMilliseconds(15), TimeSpan.FromMilliseconds(250));

    [Theory]
    [InlineData("lan", "none", false, 0, 30)]
    [InlineData("wifi", "none", false, 0.6, 60)]
    [InlineData("lte", "none", false, 2.3, 120)]
    [InlineData("bloat", "none", false, 0.1, 145)]
    [InlineData("pareto_reorder", "none", true, 0.1, 115)]
    [InlineData("step", "none", false, 0.15, 65)]
    [InlineData("drift200", "none", false, 0.05, 45)]
    [InlineData("lan", "r5", true, 1.1, 35)]
    [InlineData("wifi", "b10", true, 6.7, 200)]
    public void Trace_Played_StaysWithinItsGate(string trace, string mask, bool fec, double concealed, double mean)
    {
        var options = Options with { Profile = mask == "b10" ? JitterProfile.Robust : JitterProfile.Balanced };
        foreach (var pull in new[] { 480, 960 })
        {
            var run = TraceRun.Play(TraceRun.Delays(trace), TraceRun.Losses(mask), options, fec, pull);
            output.WriteLine($"{trace}+{mask} pull {pull}: {run}");
            if (pull == 960) continue;
            Assert.InRange(run.ConcealedPercent, 0, concealed);
            Assert.InRange(run.MeanMs, 0, mean);
        }
    }
}
