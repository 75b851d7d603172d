using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>The expected path of every pair of NATs, by RFC 8445's algorithm; rows control.</summary>
public sealed class IceMatrixTests
{
    private static readonly string[][] Table =
    [
        ["HH", "HS", "HS", "HS", "HP"],
        ["SH", "SS", "SS", "SS", "SP"],
        ["SH", "SS", "SS", "SS", "SP"],
        ["SH", "SS", "SS", "SS", "SR"],
        ["PH", "PS", "PS", "PR", "PR"],
    ];

    public static TheoryData<NatKind, NatKind, bool, int> Cells()
    {
        var data = new TheoryData<NatKind, NatKind, bool, int>();
        foreach (var left in Enum.GetValues<NatKind>())
            foreach (var right in Enum.GetValues<NatKind>())
                foreach (var relays in new[] { true, false })
                    for (var components = 1; components <= 2; components++) data.Add(left, right, relays, components);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    [Rfc("8445", "8.1.1", Line = "I67")]
    public void Matrix_EveryPairOfNats_TakesTheExpectedPath(NatKind left, NatKind right, bool relays, int components)
    {
        var expected = Table[(int)left][(int)right];
        if (!relays && expected.Contains('R', StringComparison.Ordinal)) expected = "FAIL";
        var pair = new AgentPair(left, right, relays, components).Connect();
        pair.RunUntilCompleted(expected == "FAIL" ? 60 : 3);
        for (var component = 1; component <= components; component++)
        {
            Assert.Equal(expected, pair.Left.Cell(component));
            Assert.Equal(expected == "FAIL", pair.Right.Cell(component) == "FAIL");
        }

        Assert.Equal(expected == "FAIL" ? IceState.Failed : IceState.Completed, pair.Left.Agent.State);
        Assert.Equal(pair.Left.Agent.State, pair.Right.Agent.State);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    [InlineData(50)]
    [Rfc("8445", "8.1.1", Line = "I67")]
    public void Matrix_AtEveryDelayPacingAndRingingTime_IsTheSame(int ta)
    {
        var wrong = new List<string>();
        foreach (var delay in new[] { 1, 20, 75, 150 })
        {
            foreach (var ringing in new[] { 0, 60, 1000, 2700 })
            {
                foreach (var left in Enum.GetValues<NatKind>())
                {
                    foreach (var right in Enum.GetValues<NatKind>())
                    {
                        for (var components = 1; components <= 2; components++)
                        {
                            var pair = new AgentPair(
                                left, right, true, components, delay: TimeSpan.FromMilliseconds(delay), pacing: TimeSpan.FromMilliseconds(ta)).Connect(TimeSpan.FromMilliseconds(ringing));
                            pair.RunUntilCompleted();
                            var cells = string.Join(',', Enumerable.Range(1, components).Select(pair.Left.Cell));
                            var expected = string.Join(',', Enumerable.Repeat(Table[(int)left][(int)right], components));
                            if (cells != expected) wrong.Add($"{left} x {right}, delay {delay}, ringing {ringing}, {components} components: {cells}, not {expected}");
                        }
                    }
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
