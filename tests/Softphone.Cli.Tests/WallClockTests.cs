using Softphone.Core;

namespace Softphone.Cli.Tests;

/// <summary>Times of day of what happened, before and after the system's clock was set.</summary>
public sealed class WallClockTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private Instant _now = Instant.Zero + TimeSpan.FromHours(5);
    private DateTimeOffset _utc = Noon;

    [Theory]
    [InlineData(3_600_000)]
    [InlineData(-3_600_000)]
    [InlineData(400)]
    public void ClockThatIsSet_TellsWhatComesAfterInItsNewTime_AndWhatCameBeforeAsItWas(int milliseconds)
    {
        var step = TimeSpan.FromMilliseconds(milliseconds);
        var clock = new WallClock(() => _now, () => _utc);
        var began = Pass(10);
        Assert.Equal(Noon.AddSeconds(10), clock.Of(began));
        _utc += step;
        var after = Pass(5);
        Assert.Equal(Noon.AddSeconds(15) + step, clock.Of(after));
        Assert.Equal(Noon.AddSeconds(10), clock.Of(began));
        Assert.Equal(Noon.AddSeconds(20) + step, clock.Of(after + TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void ClockThatIsDisciplined_KeepsTheDistancesOfInstants()
    {
        var clock = new WallClock(() => _now, () => _utc);
        var first = Pass(1);
        _utc += TimeSpan.FromMilliseconds(3);
        Assert.Equal(TimeSpan.FromSeconds(2), clock.Of(Pass(2)) - clock.Of(first));
    }

    [Fact]
    public void ClockThatIsSetAgainAndAgain_CostsNoMemory_AndIsRightAtTheEnd()
    {
        var clock = new WallClock(() => _now, () => _utc);
        for (var i = 0; i < 1000; i++)
        {
            _utc += TimeSpan.FromMinutes(i % 2 == 0 ? 7 : -7);
            Assert.Equal(_utc + TimeSpan.FromSeconds(1), clock.Of(Pass(1)));
        }
    }

    private Instant Pass(double seconds)
    {
        _now += TimeSpan.FromSeconds(seconds);
        _utc += TimeSpan.FromSeconds(seconds);
        return _now;
    }
}
