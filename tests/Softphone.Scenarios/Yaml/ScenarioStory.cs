using Softphone.Lab;

namespace Softphone.Scenarios;

/// <summary>What happened in a scenario, for whoever must find out why it did not hold: failures, both ladders, and the last drops with their reasons.</summary>
internal static class ScenarioStory
{
    public static string Of(ScenarioRun run)
    {
        var drops = run.World.Trace.Entries.OfType<WorldTrace.PacketDropped>().TakeLast(40).Select(d => d.ToString());
        return string.Join('\n', run.Failures) + '\n'
            + Transcript.Of($"{run.Scenario.File}, seed {run.World.Seed}, {run.World.Counters}", run.Phones.Select(p => p.Phone)) + string.Join('\n', drops);
    }
}
