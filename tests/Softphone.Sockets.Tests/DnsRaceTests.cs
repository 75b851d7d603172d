namespace Softphone.Sockets.Tests;

public sealed class DnsRaceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    [Theory]
    [InlineData(1, 2, new[] { 0, 0, 0, 500 })]
    [InlineData(2, 2, new[] { 0, 0, 1, 500, 0, 1000, 1, 1500 })]
    [InlineData(3, 1, new[] { 0, 0, 1, 500, 2, 1000 })]
    public void Servers_AllSilent_AreAskedHalfASecondApart_AndWaitedForToTheEnd(int servers, int rounds, int[] expected)
    {
        var race = new DnsRace(servers, rounds, Patience);
        var asked = new List<int>();
        var now = TimeSpan.Zero;
        while (!race.IsOver(now))
        {
            while (race.TryAsk(now, out var server)) asked.AddRange([server, (int)now.TotalMilliseconds]);
            Assert.True(race.Due > now || race.IsOver(now));
            now = race.Due;
        }

        Assert.Equal(expected, asked);
        Assert.Equal(TimeSpan.FromMilliseconds(expected[^1]) + Patience, now);
        Assert.False(race.WasRefused);
    }

    [Theory]
    [InlineData(2, 10)]
    [InlineData(4, 130)]
    public void Server_ThatCannotHelp_IsFollowedAtOnce_AndNotAskedAgain(int servers, int failsAfter)
    {
        var race = new DnsRace(servers, 2, Patience);
        var asked = new List<int>();
        var now = TimeSpan.Zero;
        Assert.True(race.TryAsk(now, out var first));
        now += TimeSpan.FromMilliseconds(failsAfter);
        Assert.False(race.TryAsk(now, out _));
        race.Fail(now, first, hasAnswered: true);
        Assert.True(race.TryAsk(now, out var second));
        Assert.Equal(1, second);
        for (; !race.IsOver(now); now = race.Due)
            while (race.TryAsk(now, out var server)) asked.Add(server);
        Assert.DoesNotContain(first, asked);
        Assert.True(race.WasRefused);
    }

    [Fact]
    public void Servers_AllClosed_EndTheRaceAtOnce()
    {
        var race = new DnsRace(3, 2, Patience);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(race.TryAsk(TimeSpan.Zero, out var server));
            race.Fail(TimeSpan.Zero, server, hasAnswered: false);
        }

        Assert.True(race.IsOver(TimeSpan.Zero));
        Assert.False(race.WasRefused);
    }

    [Theory]
    [InlineData(499, false, false)]
    [InlineData(510, true, false)]
    [InlineData(1010, true, true)]
    public void Server_AskedForLongerThanTheNextOneWaits_IsSilent(int milliseconds, bool isFirst, bool isSecond)
    {
        var race = new DnsRace(3, 2, Patience);
        var now = TimeSpan.FromMilliseconds(milliseconds);
        for (; race.Due <= now;)
            Assert.True(race.TryAsk(race.Due, out _));
        Assert.Equal((isFirst, isSecond, false), (race.IsSilent(now, 0), race.IsSilent(now, 1), race.IsSilent(now, 2)));
        race.Fail(now, 0, hasAnswered: true);
        Assert.False(race.IsSilent(now, 0));
    }

    [Fact]
    public void NoServers_IsOver() => Assert.True(new DnsRace(0, 2, Patience).IsOver(TimeSpan.Zero));
}
