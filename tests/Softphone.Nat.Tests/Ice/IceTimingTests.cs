using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>How long it takes, in round trips and in Ta, measured from when the offerer has the answer.</summary>
public sealed class IceTimingTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Rtt = TimeSpan.FromMilliseconds(40);

    [Fact]
    [Rfc("8445", "12.1", Line = "I67")]
    public void FirstMedia_OpenHosts_TakesOneRoundTripAndCompletionTwo()
    {
        var pair = new AgentPair(NatKind.Open, NatKind.Open, relays: false, policy: NominationPolicy.Immediate).Connect(TimeSpan.Zero);
        Assert.True(pair.RunUntilCompleted());
        Assert.Equal(Rtt, pair.Left.UsableAt[1] - pair.Start);
        Assert.Equal(2 * Rtt, pair.Left.CompletedAt!.Value - pair.Start);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    [InlineData(50)]
    [Rfc("8445", "14.2", Line = "I03")]
    public void FirstMedia_PortRestrictedNats_TakesOneRoundTripAndOneTaForEachBetterFoundation(int ta)
    {
        var pair = new AgentPair(
            NatKind.PortRestricted, NatKind.PortRestricted, relays: false, policy: NominationPolicy.Immediate, pacing: TimeSpan.FromMilliseconds(ta)).Connect(TimeSpan.FromMilliseconds(100));
        Assert.True(pair.RunUntilCompleted());

        // One foundation, host to host, is tried before host to server-reflexive.
        Assert.Equal(Rtt + TimeSpan.FromMilliseconds(ta), pair.Left.UsableAt[1] - pair.Start);

        // The nominating check may have to wait for the pacer.
        Assert.InRange(pair.Left.CompletedAt!.Value - pair.Start, 2 * Rtt + TimeSpan.FromMilliseconds(ta), 2 * Rtt + TimeSpan.FromMilliseconds(2 * ta));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [Rfc("8445", "12.1", Line = "I67")]
    public void FirstMedia_WholeGridWithoutDelay_IsThereInTime(int components)
    {
        var times = new List<double>();
        foreach (var left in Enum.GetValues<NatKind>())
        {
            foreach (var right in Enum.GetValues<NatKind>())
            {
                var pair = new AgentPair(left, right, relays: true, components, delay: TimeSpan.Zero).Connect(TimeSpan.Zero);
                Assert.True(pair.RunUntilCompleted());
                var slowest = (pair.Left.UsableAt[1] > pair.Right.UsableAt[1] ? pair.Left : pair.Right).UsableAt[1] - pair.Start;
                times.Add(slowest.TotalMilliseconds);
                output.WriteLine($"{left} x {right}: {slowest.TotalMilliseconds} ms, completed {(pair.Left.CompletedAt - pair.Start)?.TotalMilliseconds} ms");
            }
        }

        times.Sort();
        output.WriteLine($"median {times[times.Count / 2]}, worst {times[^1]}");
        Assert.InRange(times[times.Count / 2], 0, 35);
        Assert.InRange(times[^1], 0, 150);
    }
}
