using Softphone.Internet;
using Softphone.Lab;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>The trace only records: what phones do and tell is the same without one.</summary>
public sealed class UntracedTests
{
    [Theory]
    [InlineData("none", "full-cone", 3UL)]
    [InlineData("symmetric", "symmetric", 4UL)]
    [InlineData("port-restricted", "udp-blocked", 5UL)]
    public void Call_WithoutATrace_TellsTheSame(string left, string right, ulong seed)
    {
        var traced = Events(left, right, seed, 20_000);
        var untraced = Events(left, right, seed, 0);
        Assert.Equal(traced, untraced);
        Assert.Contains(untraced, e => e.Contains(nameof(PhoneEvent.CandidateFound), StringComparison.Ordinal));
        Assert.Contains(untraced, e => e.Contains(nameof(PhoneEvent.PairChanged), StringComparison.Ordinal));
    }

    private static List<string> Events(string left, string right, ulong seed, int traceBound)
    {
        var how = new BenchOptions { TraceBound = traceBound, Ringing = TimeSpan.FromSeconds(1) };
        using var bench = new CallBench(new DemoOptions { NatA = NatBehavior.Named(left), NatB = NatBehavior.Named(right), Seed = seed }, how);
        bench.Connect(new CallOptions { Duration = TimeSpan.FromSeconds(8) });
        bench.UntilEnded(60);
        return [.. from phone in (VirtualPhone[])[bench.Alice, bench.Bob] from happened in phone.Events select Words(happened)];
    }

    /// <summary>Each event in full; of what a call ended with, what a person is told.</summary>
    private static string Words(PhoneEvent happened) => happened is PhoneEvent.CallEnded ended
        ? $"CallEnded {ended.Summary.Path} {ended.Summary.Audio} {ended.Summary.Explanation}"
        : $"{happened}";
}
