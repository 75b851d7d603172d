using Softphone.Core;

namespace Softphone.Audio.Tests;

public sealed class DeviceKeeperTests : IDisposable
{
    private readonly FakeAudio _audio = new();
    private readonly List<DeviceStateKind> _states = [];
    private readonly FakeEnd _end = new();
    private Instant _now;

    [Fact]
    public void NamedDevice_VanishesAndComesBack_IsOpenAgainWithinTwoTicks()
    {
        using var keeper = Keeper("two");
        Run(keeper, 5);
        _audio.Unplug("two");
        Run(keeper, 50);
        Assert.False(keeper.IsOpen);
        _audio.Names.Add("two");
        Run(keeper, 2);
        Assert.True(keeper.IsOpen);
        Assert.Equal([DeviceStateKind.Open, DeviceStateKind.Lost, DeviceStateKind.Open], _states);
        Assert.Equal(1, _audio.Open);
    }

    [Fact]
    public void NamedDevice_IsNotThere_IsToldOnceAndNotTriedWithoutItsName()
    {
        using var keeper = Keeper("three");
        Run(keeper, 100);
        Assert.Equal([DeviceStateKind.Unavailable], _states);
        Assert.Equal(1, _audio.Tries);
        _audio.Names.Add("three");
        Run(keeper, 2);
        Assert.Equal([DeviceStateKind.Unavailable, DeviceStateKind.Open], _states);
    }

    [Fact]
    public void Default_BecomesAnother_IsFollowed()
    {
        using var keeper = Keeper("default");
        Run(keeper, 5);
        _audio.Standard = "two";
        Run(keeper, 12);
        Assert.Equal(["one", "two"], _audio.Opened);
        Assert.Equal(1, _audio.Open);
        Assert.Equal([DeviceStateKind.Open], _states);
    }

    [Fact]
    public void Default_IsGone_IsTriedOnceASecond()
    {
        _audio.Standard = "none";
        using var keeper = Keeper("default");
        Run(keeper, 50);
        Assert.InRange(_audio.Tries, 4, 6);
    }

    public void Dispose() => _audio.Dispose();

    private DeviceKeeper Keeper(string name) => new(SoundRole.Microphone, name, _end, s => _states.Add(s.Kind));

    private void Run(DeviceKeeper keeper, int ticks)
    {
        for (var i = 0; i < ticks; i++)
        {
            keeper.Advance(_now, _audio);
            _now += TimeSpan.FromMilliseconds(100);
        }
    }
}
