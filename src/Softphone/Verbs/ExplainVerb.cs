using System.Diagnostics;
using Softphone.Lab;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>softphone lab explain: what the phones say of every cell's call, put to the proof, on all cores.</summary>
internal sealed class ExplainVerb : IVerb<LabExplainOptions>
{
    public async Task<ExitCode> RunAsync(LabExplainOptions options, VerbContext context, CancellationToken stop)
    {
        var types = options.Only.Count == 0 ? NatBehavior.Names : [.. NatBehavior.Names.Where(options.Only.Contains)];
        var clock = Stopwatch.StartNew();
        var table = await Task.Run(() => ExplainTable.Of((count, run) => Parallel.For(0, count, new ParallelOptions { CancellationToken = stop }, run)), stop);
        if (options.Json) WriteEvents(table, types, context.Events(json: true));
        else new ExplainReport(context.Output, context.UsesColour).Write(table, types, options.Sentences, clock.Elapsed);
        return table.Verdicts.All(v => v.IsOk) ? ExitCode.Ok : ExitCode.ExpectFailed;
    }

    private static void WriteEvents(ExplainTable table, IReadOnlyList<string> types, IEventWriter output)
    {
        foreach (var verdict in table.Verdicts.Where(v => !v.IsOk || (types.Contains(v.Cell.A) && types.Contains(v.Cell.B))))
        {
            output.Write(new OutputEvent.ExplainCell
            {
                T = DateTimeOffset.UtcNow,
                A = verdict.Cell.A,
                B = verdict.Cell.B,
                Turn = verdict.Cell.Turn,
                Stun = verdict.Cell.Stun,
                Mode = verdict.Cell.RelayOnly ? "relay" : "auto",
                Side = verdict.IsAlice ? "caller" : "callee",
                Path = verdict.Outcome.Path,
                Cause = ExplainCause.Of(verdict.Told.Cause),
                Expected = verdict.Expected is { } expected ? ExplainCause.Of(expected) : null,
                Remedies = [.. verdict.Told.Remedies.Select((r, i) => ExplainRemedy.Of(r) with { Held = verdict.Held[i] })],
                Text = ExplanationText.Of(verdict.Told),
                Ok = verdict.IsOk,
                Trouble = verdict.Trouble,
            });
        }
    }
}
