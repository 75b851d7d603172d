using System.Diagnostics;
using Softphone.Lab;
using Softphone.Nat;

namespace Softphone.Cli;

/// <summary>
/// softphone lab matrix: every case of the matrix in a virtual internet of its own, on all cores; the order of the output does not
/// depend on who is done first.
/// </summary>
internal sealed class MatrixVerb : IVerb<LabMatrixOptions>
{
    public async Task<ExitCode> RunAsync(LabMatrixOptions options, VerbContext context, CancellationToken stop)
    {
        var types = options.Only.Count == 0 ? NatBehavior.Names : [.. NatBehavior.Names.Where(options.Only.Contains)];
        var cases = MatrixCase.All(types).ToArray();
        var lines = new MatrixOptions
        {
            Latency = options.Latency,
            Jitter = options.Jitter,
            Loss = options.Loss,
            Ta = options.Ta,
            Nomination = options.Immediate ? NominationPolicy.Immediate : NominationPolicy.Adaptive,
        };
        var clock = Stopwatch.StartNew();
        var cells = new MatrixCell[cases.Length * options.Runs];
        await Task.Run(
            () => Parallel.For(0, cells.Length, new ParallelOptions { CancellationToken = stop }, i => cells[i] = MatrixRun.Of(cases[i / options.Runs], lines with { Seed = options.Seed + (ulong)(i % options.Runs) })),
            stop);
        if (options.Json) WriteEvents(cells, options, context.Events(json: true));
        else new MatrixReport(context.Output, context.UsesColour).Write(cells, types, options, clock.Elapsed);
        return Array.TrueForAll(cells, c => c.IsOk) ? ExitCode.Ok : ExitCode.ExpectFailed;
    }

    private static void WriteEvents(MatrixCell[] cells, LabMatrixOptions options, IEventWriter output)
    {
        foreach (var cell in cells)
        {
            output.Write(new OutputEvent.MatrixCell
            {
                T = DateTimeOffset.UtcNow,
                A = cell.Case.A,
                B = cell.Case.B,
                SameNat = cell.Case.IsSameNat,
                Turn = cell.Case.Turn,
                Components = cell.Case.Components,
                Path = cell.Path,
                Expected = MatrixTable.PathOf(cell.Expected),
                MediaRtt = Rounded(cell.MediaRoundTrips),
                CompletedRtt = Rounded(cell.CompletedRoundTrips),
                Ok = cell.IsOk,
                Place = PlaceOf(cell.Case.Place),
                Pair = cell.Pair,
                ExpectedPair = cell.Expected,
                Policy = options.Immediate ? "immediate" : "adaptive",
                Seed = cell.Seed,
                MediaMs = Milliseconds(cell.Media),
                CompletedMs = Milliseconds(cell.Completed),
            });
        }
    }

    private static string? PlaceOf(MatrixPlace place) => place switch
    {
        MatrixPlace.SameLan => "same-lan",
        MatrixPlace.Isolated => "isolated",
        MatrixPlace.Hairpin => "hairpin",
        MatrixPlace.InternalHairpin => "internal-hairpin",
        _ => null,
    };

    private static double? Rounded(double? roundTrips) => roundTrips is { } r ? Math.Round(r, 3) : null;

    private static double? Milliseconds(TimeSpan? time) => time is { } t ? Math.Round(t.TotalMilliseconds, 1) : null;
}
