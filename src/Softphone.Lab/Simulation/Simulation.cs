using Softphone.Core;

namespace Softphone.Lab;

/// <summary>
/// Calls in random worlds, one after the other on one thread; several may run side by side, each with calls of its own. Every call is a
/// function of the run's seed and its number.
/// </summary>
public sealed class Simulation(ulong seed, SimulationOptions? options = null)
{
    private readonly SimulationOptions _options = options ?? new SimulationOptions();
    private readonly WireWatch _watchA = new();
    private readonly WireWatch _watchB = new();
    private readonly WorldMemory _memory = new();

    public ulong Seed { get; } = seed;

    /// <summary>The plan of a call, without running it.</summary>
    public CallPlan Plan(long index) => CallPlanner.Plan(Seed, index, _options);

    /// <summary>Runs a call.</summary>
    /// <param name="index">Its number.</param>
    /// <param name="trace">Where everything it does is written; nowhere when null.</param>
    public CallReport Run(long index, Trace? trace = null)
    {
        var report = _options.OnlyStays ? new CallReport(index, Plan(index)) { Recovered = true } : Run(Plan(index), trace, index);
        if (StayPlanner.Plan(Seed, index, _options) is not { } stay) return report;
        var stayed = Run(stay, trace);
        return report with
        {
            Stay = stayed,
            Violation = report.Violation ?? (stayed.Violation is { } wrong ? $"of the phone that stays registered: {wrong}" : null),
        };
    }

    /// <summary>Runs a call as it is planned.</summary>
    /// <param name="plan">What is to happen.</param>
    /// <param name="trace">Where everything it does is written; nowhere when null.</param>
    /// <param name="index">Its number.</param>
    public CallReport Run(CallPlan plan, Trace? trace = null, long index = 0)
    {
        var output = trace ?? Trace.Off;
        if (plan.WholePhones) return new SimulatedPhones(index, plan, _memory, output).Run();
        var report = new SimulatedCall(index, plan, _watchA, _watchB, _memory, output).Run();
        return report with { Digest = _watchA.Digest * 31 + _watchB.Digest };
    }

    /// <summary>Lets a phone stay registered through what is planned.</summary>
    /// <param name="plan">What is to happen.</param>
    /// <param name="trace">Where everything it does is written; nowhere when null.</param>
    public StayReport Run(StayPlan plan, Trace? trace = null) => new SimulatedStay(plan, _memory, trace ?? Trace.Off).Run();
}
