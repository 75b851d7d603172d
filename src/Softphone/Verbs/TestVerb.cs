using System.Globalization;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;

namespace Softphone.Cli;

/// <summary>softphone test: plays scenario files one after the other and says which of their expectations held.</summary>
/// <param name="prepared">Called with each run before it is played; null where nobody wants to look.</param>
internal sealed class TestVerb(Action<ScenarioRun>? prepared = null) : IVerb<TestOptions>
{
    public async Task<ExitCode> RunAsync(TestOptions options, VerbContext context, CancellationToken stop)
    {
        var output = context.Events(options.Json);
        var results = new List<ScenarioResult>();
        // Each file is played as fast as it goes, and its time runs ahead of the clock's: the next one begins where it ended.
        var startedAt = DateTimeOffset.UtcNow;
        foreach (var file in options.Files)
        {
            stop.ThrowIfCancellationRequested();
            var result = ScenarioFiles.TryLoad(file, out var mistakes) is { } scenario
                ? await Task.Run(() => Try(scenario, startedAt, options, context, output, stop), stop)
                : ScenarioResult.Wrong(file, startedAt, mistakes);
            startedAt = result.Event.T;
            stop.ThrowIfCancellationRequested();
            results.Add(result);
            if (result.IsWrong && !options.Json) foreach (var mistake in mistakes) await context.Error.WriteLineAsync($"softphone: {mistake}");
            else output.Write(result.Event);
            if (result.Error is { } error) await context.TellAsync(error, $"{file}: ");
        }

        if (!options.Json && results.Count > 1) await context.Out.WriteLineAsync(Sum(results));
        if (options.Junit is { } junit && !JunitReport.TryWrite(junit, results, out var problem))
        {
            await context.Error.WriteLineAsync($"softphone: {problem}");
            return ExitCode.Usage;
        }

        return results.Any(r => r.Error is not null) ? ExitCode.Internal : results.Any(r => r.IsWrong) ? ExitCode.Usage : results.Any(r => !r.Event.Ok) ? ExitCode.ExpectFailed : ExitCode.Ok;
    }

    /// <summary>An error of ours in one scenario is not the end of those after it.</summary>
    private ScenarioResult Try(Scenario scenario, DateTimeOffset startedAt, TestOptions options, VerbContext context, IEventWriter output, CancellationToken stop)
    {
        try
        {
            return Play(scenario, startedAt, options, context, output, stop);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return ScenarioResult.Threw(scenario, startedAt, e);
        }
    }

    private ScenarioResult Play(Scenario scenario, DateTimeOffset startedAt, TestOptions options, VerbContext context, IEventWriter output, CancellationToken stop)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var translate = new EventTranslator(at => startedAt + (at - Instant.Zero));
        ScenarioRun run;
        if (options.Verbose)
        {
            if (!options.Json) context.Out.WriteLine($"{scenario.Name}  ({scenario.File})");
            run = ScenarioShow.Prepare(scenario, options.Seed, context, output, translate, options.Json, verbose: true);
        }
        else
        {
            run = new ScenarioRun(scenario, CodecFactory.Instance, options.Seed, audio: ScenarioShow.Audio);
        }

        prepared?.Invoke(run);
        run.Play(stop);
        var why = run.Phones.Select(p => (p.Name, Summary: run.SummaryOf(p.Name))).Where(p => p.Summary is not null).Select(p => $"{p.Name}: {p.Summary!.Explanation}");
        return new ScenarioResult(ScenarioShow.Result(run, startedAt), clock.Elapsed, [.. why]);
    }

    private static string Sum(List<ScenarioResult> results)
    {
        var bad = results.Count(r => !r.Event.Ok);
        return string.Create(CultureInfo.InvariantCulture, $"{results.Count - bad} held, {bad} did not; {results.Sum(r => r.Event.VirtualS ?? 0):0} s of calls in {results.Sum(r => r.Took.TotalSeconds):0.0} s");
    }
}
