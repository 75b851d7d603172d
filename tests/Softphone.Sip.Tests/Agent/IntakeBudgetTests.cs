using Softphone.Core;

namespace Softphone.Sip.Tests;

/// <summary>Who is served when strangers send more than we can take, in virtual time.</summary>
public sealed class IntakeBudgetTests
{
    private readonly IntakeBudget _budget = new(share: 40, perSecond: 400);
    private readonly SeededEntropy _chance = new(3);

    [Theory]
    [InlineData(2000, 900)]
    [InlineData(300, 500)]
    [InlineData(5000, 3)]
    [InlineData(20_000, 1)]
    [InlineData(1500, 2000)]
    [Rfc("3261", "26.1.5")]
    public void Flood_OfAnyShape_LeavesRoomForWhoAsksOnce(int perSecond, int addresses)
    {
        var (served, honest) = Flood(perSecond, addresses, seconds: 20, octets: 500);
        Assert.True(served <= 20 * 400 + 400, $"{served} served");
        Assert.Equal(10, honest);
    }

    [Fact]
    public void LongMessages_CountForTheirOctets()
    {
        var served = 0;
        for (var i = 0; i < 12_000; i++)
            if (_budget.Take(Instant.Zero + TimeSpan.FromMilliseconds(i), Address(i / 40), 57_000)) served++;
        Assert.InRange(served, 50, 300);
    }

    [Fact]
    public void Share_OfAnAddress_ComesBackAfterItsWindow()
    {
        Assert.Equal(40, Served(Instant.Zero, 100));
        Assert.Equal(0, Served(Instant.Zero + TimeSpan.FromSeconds(9), 10));
        Assert.Equal(40, Served(Instant.Zero + TimeSpan.FromSeconds(21), 100));

        int Served(Instant at, int count) => Enumerable.Range(0, count).Count(_ => _budget.Take(at, Address(1), 500));
    }

    [Fact]
    public void Addresses_WithoutEnd_CostNoMoreThanTheCommonBudget()
    {
        var served = 0;
        for (var i = 0; i < 100_000; i++)
            if (_budget.Take(Instant.Zero + TimeSpan.FromMilliseconds(i * 0.1), Address(i), 500)) served++;
        Assert.InRange(served, 3_900, 4_300);
    }

    /// <summary>The flood, and one request each second, from the tenth on, of somebody who was never there before; how many of each were served.</summary>
    private (int Served, int Honest) Flood(int perSecond, int addresses, int seconds, int octets)
    {
        var (served, honest) = (0, 0);
        for (var i = 0; i < perSecond * seconds; i++)
        {
            var now = Instant.Zero + TimeSpan.FromSeconds((double)i / perSecond);
            if (_budget.Take(now, Address(_chance.NextInt(addresses)), octets)) served++;
            if (i % perSecond != 0 || i < 10 * perSecond) continue;
            if (_budget.Take(now, Address(1_000_000 + i), octets)) honest++;
        }

        return (served, honest);
    }

    private static IpAddress Address(int i) => IpAddress.Parse($"10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}");
}
