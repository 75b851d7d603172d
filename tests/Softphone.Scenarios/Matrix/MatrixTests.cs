using Softphone.Lab;
using Softphone.Nat;

namespace Softphone.Scenarios;

/// <summary>Every NAT type against every NAT type: the table's path in every cell, and the round trips that physics leaves.</summary>
public sealed class MatrixTests
{
    private const double Exactly = 1e-9;

    private static readonly string[] _types = [.. NatBehavior.Names];

    [Theory]
    [InlineData(20, 20)]
    [InlineData(20, 5)]
    [InlineData(20, 50)]
    [InlineData(1, 20)]
    [InlineData(75, 20)]
    [InlineData(150, 50)]
    [Rfc("8445", "8.1.1", Line = "I61")]
    [Rfc("8656", "9", Line = "T18")]
    public void Adaptive_WholeGrid_IsTheTableInEveryCell(int latency, int ta)
    {
        var cells = Run(latency, ta, NominationPolicy.Adaptive).ToList();
        Assert.Equal(4 * ((_types.Length * _types.Length) + (4 * _types.Length)), cells.Count);
        Nothing(cells.Where(c => !c.IsOk || c.IsWorse || c.Pair != c.Expected), c => $"{c.Case}: {c.Pair}, {c.Trouble}");
        if (2 * latency > ta) Nothing(cells.Where(c => IsConnected(c) && !Is(c.MediaRoundTrips, First(c, latency))), c => $"{c.Case}: media after {c.MediaRoundTrips}");
    }

    [Theory]
    [InlineData(20, 20)]
    [InlineData(20, 5)]
    [InlineData(20, 50)]
    [InlineData(37, 20)]
    [InlineData(150, 20)]
    [Rfc("8445", "12.1", Line = "I67")]
    public void Immediate_OneComponent_FirstMediaAfterOneRoundTripAndCompletionAfterTwo(int latency, int ta)
    {
        var cells = Run(latency, ta, NominationPolicy.Immediate).Where(c => c.Case.Components == 1).ToList();
        Nothing(cells.Where(c => !c.IsOk), c => $"{c.Case}: {c.Pair}, {c.Trouble}");
        Nothing(
            cells.Where(c => IsConnected(c) && !(Is(c.MediaRoundTrips, First(c, latency)) && Is(c.CompletedRoundTrips, First(c, latency) + 1))),
            c => $"{c.Case}: {c.MediaRoundTrips}/{c.CompletedRoundTrips}");
    }

    /// <summary>
    /// A second component is frozen until something is known of the first (RFC 8445 §6.1.2.6): one round trip more. Where the filter of
    /// the offerer lets the answerer's first check in before the answer is there, that is known already.
    /// </summary>
    [Theory]
    [InlineData(20, 20)]
    [InlineData(20, 5)]
    [InlineData(37, 50)]
    [Rfc("8445", "6.1.2.6", Line = "I40")]
    public void Immediate_TwoComponents_TakesNoStageWhereThePeerWasHeardBefore(int latency, int ta)
    {
        var cells = Run(latency, ta, NominationPolicy.Immediate).Where(c => c.Case.Components == 2).ToList();
        Nothing(cells.Where(c => !c.IsOk), c => $"{c.Case}: {c.Pair}, {c.Trouble}");
        Nothing(
            cells.Where(c => IsConnected(c) && !(Is(c.MediaRoundTrips, First(c, latency))
                && (Is(c.CompletedRoundTrips, First(c, latency) + 1) || (Is(c.CompletedRoundTrips, First(c, latency) + 2) && !WasHeard(c.Case))))),
            c => $"{c.Case}: {c.MediaRoundTrips}/{c.CompletedRoundTrips}");
    }

    [Theory]
    [InlineData(10)]
    [InlineData(60)]
    [Rfc("8445", "8.1.1", Line = "I61")]
    public void Adaptive_JitterWithoutLoss_NeverAWorsePath(int jitter)
    {
        for (ulong seed = 1; seed <= 4; seed++)
        {
            var options = new MatrixOptions { Jitter = TimeSpan.FromMilliseconds(jitter), Seed = seed };
            Nothing(MatrixCase.All(_types).Select(c => MatrixRun.Of(c, options)).Where(c => c.IsWorse), c => $"seed {seed}, {c.Case}: {c.Pair}, {c.Trouble}");
        }
    }

    [Fact]
    [Rfc("8445", "6.1", Line = "I80")]
    public void SameSeed_LossyLines_SameCell()
    {
        var wanted = new MatrixCase("symmetric", "restricted-cone", MatrixPlace.Apart, Turn: true, Components: 2);
        var options = new MatrixOptions { Loss = 0.1, Jitter = TimeSpan.FromMilliseconds(30), Seed = 11 };
        Assert.Equal(MatrixRun.Of(wanted, options), MatrixRun.Of(wanted, options));
        Assert.NotEqual(MatrixRun.Of(wanted, options), MatrixRun.Of(wanted, options with { Seed = 12 }));
    }

    [Fact]
    [Rfc("8445", "8.1.1", Line = "I61")]
    public void Immediate_RestrictedToSymmetric_TakesTheRelayThatIsThereFirst()
    {
        var wanted = new MatrixCase("restricted-cone", "symmetric", MatrixPlace.Apart, Turn: true, Components: 1);
        var cell = MatrixRun.Of(wanted, new MatrixOptions { Nomination = NominationPolicy.Immediate });
        Assert.Equal(("SR", "SP"), (cell.Pair, cell.Expected));
        Assert.True(cell.IsWorse);
        Assert.True(cell.IsOk);
    }

    private static IEnumerable<MatrixCell> Run(int latency, int ta, NominationPolicy policy)
    {
        var options = new MatrixOptions { Latency = TimeSpan.FromMilliseconds(latency), Ta = TimeSpan.FromMilliseconds(ta), Nomination = policy };
        return MatrixCase.All(_types).Select(c => MatrixRun.Of(c, options));
    }

    private static bool IsConnected(MatrixCell cell) => cell.Expected != MatrixTable.Fail;

    /// <summary>
    /// The least there can be: one round trip. Only where the answerer's symmetric NAT meets a filter by address and no relay helps, its
    /// first packet is dropped, ours go to a port that does not exist, and the way opens with its first retransmission (RTO 500 ms). On a
    /// line shorter than Ta that packet leaves late enough.
    /// </summary>
    private static double First(MatrixCell cell, int latency) =>
        cell.Case is { A: "restricted-cone", B: "symmetric", Turn: false } ? 1 + (500.0 / (4 * latency)) : 1;

    private static bool WasHeard(MatrixCase wanted) =>
        wanted is { Place: MatrixPlace.Apart, A: "none" or "full-cone", B: not ("symmetric" or "udp-blocked") } or { Place: MatrixPlace.SameLan };

    private static bool Is(double? measured, double limit) => measured is { } m && Math.Abs(m - limit) < Exactly;

    private static void Nothing(IEnumerable<MatrixCell> wrong, Func<MatrixCell, string> tell)
    {
        var told = wrong.Select(tell).ToList();
        Assert.True(told.Count == 0, string.Join('\n', told));
    }
}
