using System.Globalization;
using Softphone.Audio;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>softphone demo --scenario: one scenario told as a story, as fast as it goes or in real time.</summary>
internal static class ScenarioShow
{
    public static async Task<ExitCode> RunAsync(Scenario scenario, DemoOptions options, VerbContext context, CancellationToken stop)
    {
        var startedAt = DateTimeOffset.UtcNow;
        var translate = new EventTranslator(at => startedAt + (at - Instant.Zero));
        var output = context.Events(options.Json);
        var run = Prepare(scenario, options.Seed, context, output, translate, options.Json, options.Verbose);
        if (!options.Json)
        {
            context.Out.WriteLine(scenario.Name);
            if (scenario.About.Length > 0) context.Out.Write($"{scenario.About}\n");
            context.Out.WriteLine();
        }

        if (options.RealTime || options.Tui) await InRealTime(run, stop);
        else await Task.Run(() => run.Play(stop), stop);
        stop.ThrowIfCancellationRequested();

        if (!options.Json) Explain(run, context);
        output.Write(Result(run, startedAt));
        return run.Passed ? ExitCode.Ok : ExitCode.ExpectFailed;
    }

    /// <summary>A run whose steps and events are told as they happen.</summary>
    public static ScenarioRun Prepare(
        Scenario scenario, ulong? seed, VerbContext context, IEventWriter output, EventTranslator translate, bool json, bool verbose)
    {
        var run = new ScenarioRun(scenario, CodecFactory.Instance, seed, verbose ? new Trace() : null, Audio);
        var story = new PhoneStory(context, json, translate, output);
        run.Happened = story.Tell;
        if (json) return run;
        run.Stepped = (at, step) => story.Line(at, "", $"— {step.Text}");
        if (verbose) new DropStory(story).Follow(run.World);
        return run;
    }

    /// <summary>Alice and bob speak with their own voices, everybody else with alice's.</summary>
    public static CallOptions Audio(string phone) => new() { Source = new PcmSource(Speech.Load(phone == "bob" ? "bob" : "alice")) };

    /// <summary>The result as an event.</summary>
    public static OutputEvent.Scenario Result(ScenarioRun run, DateTimeOffset startedAt) => new()
    {
        T = startedAt + (run.World.Now - Instant.Zero),
        File = run.Scenario.File,
        Name = run.Scenario.Name,
        Ok = run.Passed,
        Seed = run.World.Seed,
        VirtualS = Math.Round((run.World.Now - Instant.Zero).TotalSeconds, 1),
        Failed = [.. run.Failures.Select(f => f.Line > 0 ? $"{run.Scenario.File}:{f.Line}: {f.What}" : f.What)],
        Dropped = run.World.Counters.DropsInWords,
    };

    private static void Explain(ScenarioRun run, VerbContext context)
    {
        context.Out.WriteLine();
        foreach (var (name, _) in run.Phones)
            if (run.SummaryOf(name) is { } summary) context.Out.WriteLine($"{name}: {summary.Explanation}{Numbers(summary)}");
        context.Out.WriteLine($"dropped on the way: {run.World.Counters.DropsInWords}");
        context.Out.WriteLine();
    }

    private static string Numbers(CallSummary summary) => summary.Media is not { Rx.Packets: > 0 } media ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $" {media.Rx.Packets} packets heard, {media.Rx.LossPercent:0.#} % lost, longest gap {media.LongestGapMs:0} ms{(media.Mos is { } mos ? string.Create(CultureInfo.InvariantCulture, $", MOS {mos:0.0}") : "")}.");

    /// <summary>Sleeps to each event, so that a second of the world takes a second.</summary>
    private static async Task InRealTime(ScenarioRun run, CancellationToken stop)
    {
        run.Begin();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!run.IsOver && run.World.NextEventAt is { } next && next <= run.Deadline)
        {
            var ahead = (next - Instant.Zero) - clock.Elapsed;
            if (ahead > TimeSpan.FromMilliseconds(1)) await Task.Delay(ahead, stop);
            run.World.KeepUp(Instant.Zero + clock.Elapsed);
        }
    }
}
