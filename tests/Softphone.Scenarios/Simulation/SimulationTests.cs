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

    public static TheoryData<string> Failed() => [.. FailedCall.All.Select(c => c.ToString())];

    /// <summary>Each failed once, the first hundred thousand of a seed's calls or the like of them.</summary>
    [Theory, MemberData(nameof(Failed))]
    [Rfc("8445", "9", Line = "I82")]
    public void Call_ThatFailedOnce_DoesNotAgain(string listed)
    {
        var call = FailedCall.Parse(listed);
        var report = new Lab.Simulation(call.Seed, call.Options).Run(call.Index);
        Assert.True(report.Violation is null, $"{report.Violation}; what was wrong once: {call.Why}");
        Assert.True(((report.Connected || !report.MustConnect) && report.Recovered) || report.Aborted);
    }

    /// <summary>The same number is a call in one run and a stay in another: each is kept by itself, and comes back as what it was.</summary>
    [Theory, InlineData(17UL, 4L, false), InlineData(9UL, 5_000_000_000L, true)]
    public void FailedCall_IsKeptOnce_AndReadAsWhatItWas(ulong seed, long index, bool isStay)
    {
        var list = Path.Combine(Path.GetTempPath(), $"failed-{Guid.NewGuid():N}.txt");
        try
        {
            File.WriteAllText(list, "# a list\n");
            var failed = new FailedCall(seed, index, "bob did not ring:\n503", isStay);
            Assert.True(failed.KeepIn(list));
            Assert.False((failed with { Why = "again" }).KeepIn(list));
            Assert.True((failed with { IsStay = !isStay }).KeepIn(list));
            var (first, second) = (FailedCall.Read(list)[0], FailedCall.Read(list)[1]);
            Assert.Equal(failed with { Why = "bob did not ring: 503" }, first);
            Assert.Equal((isStay, !isStay), (first.Options.OnlyStays, second.Options.OnlyStays));
        }
        finally
        {
            File.Delete(list);
        }
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
