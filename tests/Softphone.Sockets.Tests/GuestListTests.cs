using Softphone.Core;

namespace Softphone.Sockets.Tests;

/// <summary>Who leaves when one more connects, without sockets and clock.</summary>
public sealed class GuestListTests
{
    private readonly List<Guest> _guests = [];
    private readonly GuestList _list = new(bound: 8, share: 4);
    private int _at;

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(100)]
    public void Silent_FromAnyNumberOfAddresses_NeverShutOutAnother(int addresses)
    {
        for (var i = 0; i < 500; i++) Come($"198.51.100.{1 + i % addresses}");
        Assert.InRange(_guests.Count, 4, 8);
        Assert.True(Come("203.0.113.7"));
        Assert.Contains(_guests, g => g.Remote.Ip == IpAddress.Parse("203.0.113.7"));
    }

    [Fact]
    public void Share_OfAnAddress_CostsItsOwnOldest()
    {
        for (var i = 0; i < 6; i++) Come("198.51.100.1");
        Assert.Equal([40_002, 40_003, 40_004, 40_005], _guests.Select(g => (int)g.Remote.Port));
    }

    [Fact]
    public void Answered_StayWhileOthersAreSilent()
    {
        Come("203.0.113.1", answered: true);
        Come("203.0.113.2", answered: true);
        for (var i = 0; i < 50; i++) Come($"198.51.100.{1 + i % 9}");
        Assert.Equal(2, _guests.Count(g => g.IsAnswered));
        Assert.Equal(8, _guests.Count);
    }

    [Fact]
    public void Full_OfAnsweredOnes_TakesFromTheHeaviestAndElseRefuses()
    {
        for (var i = 0; i < 8; i++) Come(i < 3 ? "198.51.100.1" : $"198.51.101.{i}", answered: true);
        Assert.True(Come("203.0.113.1", answered: true));
        Assert.True(Come("203.0.113.2", answered: true));
        Assert.Single(_guests, g => g.Remote.Ip == IpAddress.Parse("198.51.100.1"));
        Assert.False(Come("203.0.113.3"));
    }

    private bool Come(string ip, bool answered = false)
    {
        var address = new Address(IpAddress.Parse(ip), (ushort)(40_000 + _at));
        if (!_list.TryAdmit(_guests, address.Ip, out var leaver)) return false;
        if (leaver is { } gone) _guests.Remove(gone);
        _guests.Add(new Guest(address, answered, new Instant(_at++)));
        return true;
    }
}
