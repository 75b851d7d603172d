using Softphone.Core;

namespace Softphone.Media.Tests;

public sealed class FecPolicyTests
{
    [Fact]
    public void Loss_OfThreePercent_TurnsItOnWithinTheBitRate()
    {
        var policy = new FecPolicy();
        policy.Report(At(0), 5); // 1.95 %
        Assert.Equal(new EncoderTuning(24_000), policy.Tuning(24_000, true));
        policy.Report(At(5), 12);
        policy.Report(At(10), 12); // 4.7 %, smoothed past 3 %
        Assert.True(policy.IsOn);
        Assert.Equal(new EncoderTuning(24_000, true, 10), policy.Tuning(24_000, true));
        Assert.Equal(new EncoderTuning(24_000), policy.Tuning(24_000, false));
    }

    [Theory]
    [InlineData(6_000)]
    [InlineData(18_500)]
    [InlineData(23_999)]
    [Rfc("7587", "6.1")]
    public void Loss_BelowTwentyFourKilobits_BuysNoCopies(int allowed)
    {
        var policy = new FecPolicy();
        policy.Report(At(0), 120);
        Assert.Equal(new EncoderTuning(allowed), policy.Tuning(allowed, true));
    }

    [Fact]
    public void Loss_Gone_TurnsItOffAfterTenSeconds()
    {
        var policy = new FecPolicy();
        policy.Report(At(0), 64);
        Assert.Equal(25, policy.Tuning(32_000, true).ExpectedLossPercent);
        var seconds = 0;
        while (policy.IsOn) policy.Report(At(seconds += 5), 0);
        Assert.InRange(seconds, 20, 40);
        Assert.True(policy.LossPercent < 2);
    }

    [Fact]
    public void Loss_BetweenTheBounds_KeepsWhatIs()
    {
        var off = new FecPolicy();
        var on = new FecPolicy();
        on.Report(At(0), 20);
        for (var i = 1; i < 50; i++)
        {
            off.Report(At(5 * i), 6);
            on.Report(At(5 * i), 6);
        }

        Assert.False(off.IsOn);
        Assert.True(on.IsOn);
    }

    private static Instant At(int seconds) => Instant.Zero + TimeSpan.FromSeconds(seconds);
}
