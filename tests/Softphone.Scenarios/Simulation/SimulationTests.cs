using Softphone.Lab;
using Softphone.Simulator;

namespace Softphone.Scenarios;

/// <summary>Calls in random worlds, of fixed seeds. The many are run by <c>./build.sh simulate</c>.</summary>
public sealed class SimulationTests
{
    private const ulong Seed = 1;

    [Theory, InlineData(0), InlineData(2000), InlineData(4000)]
    [Rfc("8445", "5", Line = "I79")]
    public void Calls_OfFixedSeeds_ComeAboutWhereAPathIsAndLeaveNothing(long first)
    {
        var simulation = new Lab.Simulation(Seed);
        var tally = new SimulationTally();
        for (var index = first; index < first + 1000; index++) tally.Add(simulation.Run(index));
        Assert.True(tally.Failures == 0, string.Join('\n', tally.Examples.Select(e => $"{e.Violation}\n  ./build.sh simulate --seed {Seed} --from {e.Index} --calls 1 --trace")));
        Assert.True(tally.MustConnect > 600 && tally.ByLegs[0] > 300 && tally.ByLegs[1] > 150, $"the claim is hollow: {tally.MustConnect} had to connect");
    }

    public static TheoryData<ulong, long, string> Failed()
    {
        var data = new TheoryData<ulong, long, string>();
        foreach (var (seed, index, why) in FailedCall.All) data.Add(seed, index, why);
        return data;
    }

    /// <summary>Each failed once, the first hundred thousand of a seed's calls or the like of them.</summary>
    [Theory, MemberData(nameof(Failed))]
    [Rfc("8445", "9", Line = "I82")]
    public void Call_ThatFailedOnce_DoesNotAgain(ulong seed, long index, string why)
    {
        var report = new Lab.Simulation(seed).Run(index);
        Assert.True(report.Violation is null, $"{report.Violation}; what was wrong once: {why}");
        Assert.True(((report.Connected || !report.MustConnect) && report.Recovered) || report.Aborted);
    }

    [Fact]
    [Rfc("8445", "7.2", Line = "I80")]
    public void Call_OfTheSameSeed_SendsTheSameOctetsAtTheSameTimes()
    {
        Lab.Simulation first = new(Seed), second = new(Seed);
        for (var index = 5000; index < 5100; index++)
        {
            var (once, twice) = (first.Run(index), second.Run(index));
            var alike = once with { Plan = twice.Plan, Stay = twice.Stay, CallerSays = twice.CallerSays, CalleeSays = twice.CalleeSays };
            Assert.True(once.Digest == twice.Digest && once.Stay?.Digest == twice.Stay?.Digest && alike == twice && Said(once) == Said(twice), $"call {index} is not the same twice");
        }

        Assert.NotEqual(first.Run(1).Digest, first.Run(2).Digest);

        static (string? Caller, string? Callee) Said(CallReport report) => (report.CallerSays?.ToString(), report.CalleeSays?.ToString());
    }
}
