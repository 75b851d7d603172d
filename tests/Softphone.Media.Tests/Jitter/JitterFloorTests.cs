using Softphone.Core;

namespace Softphone.Media.Tests;

/// <summary>The delay that is kept for the copy in the next packet, and is not where there is no copy.</summary>
public sealed class JitterFloorTests
{
    [Theory]
    [InlineData(20, 0.05)]
    [InlineData(40, 0.05)]
    [InlineData(60, 0.1)]
    [InlineData(60, 0.25)]
    public void Loss_WithoutCopies_CostsNoDelay(int ptimeMs, double loss)
    {
        using var clean = new PlainStream(ptimeMs);
        clean.Run(30_000);
        var chance = new SeededEntropy(11);
        using var lossy = new PlainStream(ptimeMs) { IsLost = _ => chance.NextDouble() < loss };
        lossy.Run(30_000);
        Assert.True(lossy.Statistics.Concealed > 48_000 * loss, $"{lossy.Statistics}");
        Assert.Equal(clean.Buffer.Target, lossy.Buffer.Target);
        Assert.InRange(lossy.Buffer.Delay.TotalMilliseconds, 0, lossy.Buffer.Target.TotalMilliseconds + 20);
    }

    [Theory]
    [InlineData(20, 7)]
    [InlineData(60, 9)]
    public void Loss_WithCopies_KeepsRoomForThemUntilTenSecondsAfter(int ptimeMs, int every)
    {
        using var stream = new PlainStream(ptimeMs, fec: true) { IsLost = n => n % every == 3 };
        stream.Run(20_000);
        Assert.True(stream.Statistics.Recovered > 10 * stream.Statistics.Concealed, $"{stream.Statistics}");
        Assert.InRange(stream.Buffer.Target.TotalMilliseconds, ptimeMs + 10, ptimeMs + 40);
        stream.IsLost = _ => false;
        stream.Run(13_000);
        Assert.InRange(stream.Buffer.Target.TotalMilliseconds, 10, 25);
    }
}
