using Softphone.Core;

namespace Softphone.Media.Tests;

/// <summary>One formula for a second, a minute and a call, over what was played in it.</summary>
public sealed class MediaQualityTests
{
    private const int Second = 48_000;

    [Theory]
    [InlineData(0, 20)]
    [InlineData(20, 0)]
    [InlineData(5, 1)]
    public void Of_AStretch_CountsNothingOfWhatWasBefore(int before, int after)
    {
        var start = Account(60, before * 60 / 100.0, before, 60);
        var end = Account(120, (before + after) * 60 / 100.0, before + after, 120);
        var quality = MediaQuality.Of(start, end);
        Assert.Equal(after, quality.ConcealedPercent, 0.01);
        Assert.Equal(MediaQuality.Of(null, Account(60, after * 60 / 100.0, after, 60)).Mos!.Value, quality.Mos!.Value, 0.001);
        Assert.Equal((before + after) / 2.0, MediaQuality.Of(null, end).ConcealedPercent, 0.01);
    }

    [Theory]
    [InlineData(100, 10)]
    [InlineData(60, 0)]
    public void Of_AStretch_CountsThePacketsOfIt(int lost, int lostBefore)
    {
        var quality = MediaQuality.Of(Account(10, 0, 0, 10, lostBefore), Account(20, 0, 0, 20, lostBefore + lost));
        Assert.Equal(100.0 * lost / (500 + lost), quality.LossPercent!.Value, 0.01);
    }

    [Fact]
    public void Of_AStretchInWhichNothingWasPlayed_HasNoMos() =>
        Assert.Equal(new MediaQuality(null, null, 0), MediaQuality.Of(Account(10, 0, 0, 10), Account(10, 0, 0, 10)));

    [Theory]
    [InlineData(0.3)]
    [InlineData(4)]
    [Rfc("3550", "A.3")]
    public void Of_ACallWhosePeerStoppedBeforeItsEnd_CountsThatAsNothing(double silence)
    {
        var clean = Account(10, 0, 0, 10);
        var end = Account(10 + silence, silence, 0, 10) with { };
        end = end with { Jitter = end.Jitter with { Unproven = (long)(silence * Second) } };
        Assert.Equal(MediaQuality.Of(null, clean).Mos!.Value, MediaQuality.Of(null, end).Mos!.Value, 0.01);
    }

    [Theory]
    [InlineData(40, 300)]
    [InlineData(100, 180)]
    public void Of_ALongerDelay_IsWorse(double shorter, double longer) =>
        Assert.True(MediaQuality.Of(null, Account(10, 0, 0, 10) with { DelayMs = longer }).Mos < MediaQuality.Of(null, Account(10, 0, 0, 10) with { DelayMs = shorter }).Mos);

    /// <summary>Seconds played, of which some were made up in so many runs, and the packets of 20 ms that came.</summary>
    private static MediaStatistics Account(double played, double madeUp, int runs, double received, long lost = 0) => new(
        "opus", "opus", default, new StreamStatistics((long)(received * 50), 0, lost, 0, 0, 0), 40, 40, 0, null,
        default(JitterStatistics) with { Pulled = (long)(played * Second), Concealed = (long)(madeUp * Second), Runs = runs * 30, Frame = 960 },
        default)
    {
        DelayMs = 60,
    };
}
