namespace Softphone.Core.Tests;

public sealed class RespiteTests
{
    [Fact]
    public void Respite_OfOneThatFailsAtEveryTurn_GrowsToASecond()
    {
        var respite = new Respite();
        var now = Instant.Zero + TimeSpan.FromSeconds(5);
        Assert.Equal(now, respite.Delay(now));
        var turns = 0;
        for (var end = now + TimeSpan.FromSeconds(60); now < end; now = respite.Delay(now)!.Value, turns++) respite.Failed(now);
        Assert.InRange(turns, 60, 70);
    }

    [Fact]
    public void Respite_OfOneThatWorksAgain_IsOver()
    {
        var respite = new Respite();
        for (var i = 0; i < 10; i++) respite.Failed(Instant.Zero);
        respite.Worked();
        Assert.Equal(Instant.Zero, respite.Delay(Instant.Zero));
        Assert.Null(respite.Delay(null));
        respite.Failed(Instant.Zero);
        Assert.Equal(Instant.Zero + TimeSpan.FromMilliseconds(10), respite.Delay(Instant.Zero));
        Assert.Equal(Instant.Zero + TimeSpan.FromSeconds(9), respite.Delay(Instant.Zero + TimeSpan.FromSeconds(9)));
    }
}
