using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Lab.Tests;

/// <summary>The search for the lifetime of an idle binding, through the lab's NATs in virtual time (RFC 5780 §4.6).</summary>
public class NatLifetimeTests
{
    [Theory]
    [InlineData("full-cone", 30)]
    [InlineData("restricted-cone", 45)]
    [InlineData("port-restricted", 120)]
    [InlineData("symmetric", 65)]
    [InlineData("firewall", 180)]
    [InlineData("port-restricted", 7)]
    [Rfc("5780", "4.6", Line = "D13")]
    public void Search_ThroughEveryNat_FindsTheConfiguredLifetime(string type, int seconds)
    {
        var bench = new StunBench();
        var found = Search(bench, NatBehavior.Named(type) with { UdpLifetime = TimeSpan.FromSeconds(seconds) }, Link.OfMilliseconds(20), out var took, out var rounds);
        Assert.InRange(found.Lifetime!.Value.TotalSeconds, seconds * 0.95 - 1, seconds);
        Assert.InRange(found.Gone!.Value.TotalSeconds, seconds - 0.1, seconds * 1.05 + 1);
        Assert.InRange(took.TotalSeconds, seconds, seconds * 4.5 + 25);
        Assert.InRange(rounds, 2, 4);
        Assert.Contains(found.Evidence, e => e.Contains("the binding lives", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.2)]
    [Rfc("5780", "4.6", Line = "D13")]
    [Rfc("5780", "4.6", Line = "D15")]
    public void Search_OverALossyLine_IsNeverWrong(double loss)
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            var bench = new StunBench(seed: seed);
            var found = Search(bench, NatBehavior.PortRestricted with { UdpLifetime = TimeSpan.FromSeconds(60) }, Link.OfMilliseconds(20, loss: loss), out _, out _);
            if (found.Lifetime is not { } lifetime) continue;
            Assert.True(lifetime.TotalSeconds <= 60.1, $"seed {seed}: {string.Join("; ", found.Evidence)}");
            Assert.True(found.Gone is null || found.Gone.Value.TotalSeconds >= 56, $"seed {seed}: {string.Join("; ", found.Evidence)}");
        }
    }

    [Fact]
    [Rfc("5780", "4.6", Line = "D13")]
    public void Search_BindingThatOutlivesTheLongestTime_IsBounded()
    {
        var bench = new StunBench();
        var found = Search(bench, NatBehavior.PortRestricted with { UdpLifetime = TimeSpan.FromHours(1) }, Link.Perfect, out var took, out _);
        Assert.Equal((TimeSpan.FromMinutes(5), null), (found.Lifetime, found.Gone));
        Assert.InRange(took.TotalSeconds, 300, 310);
    }

    [Fact]
    [Rfc("5780", "7.5", Line = "D13")]
    public void Search_ServerWithoutResponsePort_SaysSoAtOnce()
    {
        var bench = new StunBench(stun: o => o with { Discovers = false });
        var found = Search(bench, NatBehavior.PortRestricted, Link.Perfect, out var took, out _);
        Assert.Null(found.Lifetime);
        Assert.Contains(found.Evidence, e => e.Contains("420", StringComparison.Ordinal));
        Assert.InRange(took.TotalSeconds, 0, 6);
    }

    [Fact]
    public void Search_WhereNoUdpPasses_EndsWithoutAVerdict()
    {
        var bench = new StunBench();
        var found = Search(bench, NatBehavior.UdpBlocked, Link.Perfect, out var took, out _);
        Assert.Null(found.Lifetime);
        Assert.InRange(took.TotalSeconds, 0, 10);
    }

    private static NatLifetime.Event.Completed Search(StunBench bench, NatBehavior behavior, Link wan, out TimeSpan took, out int rounds)
    {
        var host = Bench.NattedHost(bench.World, behavior, wan);
        var progress = new List<NatLifetime.Event.Progress>();
        NatLifetime.Event.Completed? found = null;
        var search = new NatLifetime(host, new SeededEntropy(bench.World.Seed), StunBench.Server, TimeSpan.FromMinutes(5));
        host.Run(search, _ =>
        {
            while (search.TryEvent(out var happened))
            {
                if (happened is NatLifetime.Event.Progress round) progress.Add(round);
                else found = (NatLifetime.Event.Completed)happened;
            }
        });
        host.Post(() => Assert.True(search.TryStart(bench.World.Now, out _)));
        Assert.True(bench.World.RunUntil(() => found is not null, Instant.Zero + TimeSpan.FromHours(1)));
        took = bench.World.Now - Instant.Zero;
        rounds = progress.Count;
        for (var i = 1; i < progress.Count; i++)
            Assert.True(progress[i].Alive >= progress[i - 1].Alive && progress[i].Gone <= (progress[i - 1].Gone ?? TimeSpan.MaxValue));
        Assert.Null(search.NextTimeout);
        search.Close();
        return found!;
    }
}
