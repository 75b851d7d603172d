using System.Diagnostics.CodeAnalysis;
using Softphone.Core;

namespace Softphone.Audio.Tests;

/// <summary>Three uses of made-up devices in virtual time; a use that is listed in <see cref="Use"/> has frames all the time.</summary>
public sealed class DeviceBoardTests : IDisposable
{
    private static readonly Fault NoLibrary = new(Layer.Audio, "no library", "install it");

    private readonly FakeAudio _audio = new();
    private readonly List<DeviceState> _told = [];
    private readonly HashSet<SoundRole> _used = [];
    private readonly DeviceBoard _board;
    private bool _isInstalled = true;
    private int _starts;
    private Instant _now;

    public DeviceBoardTests() =>
        _board = new DeviceBoard(Start, new DeviceChoice("one", "one", false) { Ring = "two" }, new FakeEnd(), new FakeEnd(), new FakeEnd(), _told.Add);

    [Fact]
    public void Nobody_UsesADevice_NoneIsOpen_ButTheNamesAreKnown()
    {
        Run(20);
        Assert.Equal(0, _audio.Tries);
        Assert.Equal(["one", "two"], _board.State.Choices(SoundRole.Speaker));
        _audio.Names.Add("three");
        Run(11);
        Assert.Equal(["one", "two", "three"], _board.State.Choices(SoundRole.Microphone));
    }

    [Fact]
    public void State_WhileNothingChanges_IsTheSameObject()
    {
        Use(SoundRole.Speaker);
        Run(20);
        var state = _board.State;
        Run(30);
        Assert.Same(state, _board.State);
        _audio.Names.Add("three");
        Run(11);
        Assert.NotSame(state, _board.State);
    }

    [Fact]
    public void Microphone_WithoutFramesForASecond_IsClosedAndToldSo()
    {
        Use(SoundRole.Microphone);
        Run(10);
        Assert.True(_board.State.Microphone.IsOpen);
        _used.Clear();
        Run(12);
        Assert.False(_board.State.Microphone.IsOpen);
        Assert.Equal(0, _audio.Open);
        Assert.Equal([DeviceStateKind.Open, DeviceStateKind.Closed], _told.Select(t => t.Kind));
    }

    [Fact]
    public void Ringer_HasItsOwnDevice_StaysOverThePauseOfTheRing_AndIsGivenBackAfterwards()
    {
        for (var ring = 0; ring < 3; ring++)
        {
            Use(SoundRole.Ringer);
            Run(10);
            _used.Clear();
            Run(40);
            Assert.Equal(["two"], _audio.OpenNames);
        }

        Assert.Equal(["two"], _audio.Opened);
        Run(30);
        Assert.Equal(0, _audio.Open);
        Assert.False(_board.IsBusy);
    }

    [Fact]
    public void Ringer_WhoseDeviceIsMissing_RingsOnTheDefault_AndSaysSo()
    {
        _audio.Unplug("two");
        Use(SoundRole.Ringer);
        Run(5);
        Assert.Equal(["one"], _audio.OpenNames);
        Assert.NotNull(_board.State.Ringer.Problem);
        _audio.Names.Add("two");
        Run(15);
        Assert.Equal(["two"], _audio.OpenNames);
        Assert.Null(_board.State.Ringer.Problem);
    }

    [Fact]
    public void Change_InMidRun_OpensTheNewDeviceBeforeItClosesTheOld()
    {
        Use(SoundRole.Microphone, SoundRole.Speaker);
        Run(10);
        _board[SoundRole.Speaker].Choose("two");
        Run(1);
        Assert.Equal(["one", "one", "two"], _audio.OpenNames);
        Assert.Equal("two", _board.State.Speaker.Device);
        Run(5);
        Assert.Equal(["one", "two"], _audio.OpenNames);
        Assert.Equal("one", _board.State.Microphone.Device);
    }

    [Fact]
    public void Change_ToWhatDoesNotOpen_KeepsTheOldOne_UntilItIsThere()
    {
        Use(SoundRole.Microphone);
        Run(10);
        _board[SoundRole.Microphone].Choose("three");
        Run(30);
        Assert.Equal(("three", true, "one"), (_board.State.Microphone.Chosen, _board.State.Microphone.IsOpen, _board.State.Microphone.Device));
        Assert.NotNull(_board.State.Microphone.Problem);
        Assert.Equal(DeviceStateKind.Unavailable, _told[^1].Kind);
        Assert.Equal(0, _audio.Restarts);
        _audio.Names.Add("three");
        Run(10);
        Assert.Equal(["three"], _audio.OpenNames);
        Assert.Null(_board.State.Microphone.Problem);
    }

    [Fact]
    public void Change_ToNone_ClosesTheDevice()
    {
        Use(SoundRole.Microphone);
        Run(10);
        _board[SoundRole.Microphone].Choose("null");
        Run(2);
        Assert.Equal(0, _audio.Open);
        Assert.False(_board.State.Microphone.IsOpen);
    }

    [Fact]
    public void Stream_EndedByAServerThatLetsUsInAgain_IsNotTold()
    {
        Use(SoundRole.Speaker);
        Run(10);
        _audio.Kick("one");
        Run(10);
        Assert.Equal(["one", "one"], _audio.Opened);
        Assert.Equal([DeviceStateKind.Open], _told.Select(t => t.Kind));
    }

    [Fact]
    public void Server_ThatIsThereAndRefuses_IsAskedEverMoreSeldom()
    {
        _audio.Standard = "none";
        _board[SoundRole.Microphone].Choose("default");
        Use(SoundRole.Microphone);
        Run(600);
        Assert.InRange(_audio.Restarts, 5, 18);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    public void Server_GoneAndBack_IsAskedAnew_WithoutALoop(int seconds)
    {
        Use(SoundRole.Microphone, SoundRole.Speaker);
        Run(10);
        _audio.IsServing = false;
        Run(10 * seconds);
        Assert.False(_board.State.Speaker.IsOpen);
        Assert.InRange(_audio.Restarts, 1, 2 * seconds);
        _audio.IsServing = true;
        Run(10);
        Assert.Equal(["one", "one"], _audio.OpenNames);
        Assert.Equal([DeviceStateKind.Open, DeviceStateKind.Lost, DeviceStateKind.Open], _told.Where(t => t.Role == SoundRole.Speaker).Select(t => t.Kind));
    }

    [Fact]
    public void NoSound_IsToldOnceForEachUse_AndUsedAsSoonAsThereIsOne()
    {
        _isInstalled = false;
        Use(SoundRole.Microphone, SoundRole.Speaker);
        Run(100);
        Assert.Equal(NoLibrary, _board.State.Fault);
        Assert.Equal(NoLibrary, _board.State.Microphone.Problem);
        Assert.Equal([(SoundRole.Microphone, NoLibrary), (SoundRole.Speaker, NoLibrary)], _told.Select(t => (t.Role, t.Fault)));
        Assert.InRange(_starts, 2, 4);
        _isInstalled = true;
        Run(50);
        Assert.Null(_board.State.Fault);
        Assert.Equal(["one", "one"], _audio.OpenNames);
    }

    [Fact]
    public void Meter_KeepsMicrophoneAndSpeakerOpen_WithoutFrames()
    {
        Hold(true);
        Run(100);
        Assert.Equal(["one", "one"], _audio.OpenNames);
        Hold(false);
        Run(40);
        Assert.Equal(0, _audio.Open);

        void Hold(bool on)
        {
            _board[SoundRole.Microphone].Hold(on);
            _board[SoundRole.Speaker].Hold(on);
        }
    }

    public void Dispose()
    {
        _board.Dispose();
        _audio.Dispose();
    }

    private bool Start([NotNullWhen(true)] out IAudioSystem? system, [NotNullWhen(false)] out Fault? fault)
    {
        _starts++;
        system = _isInstalled ? _audio : null;
        fault = _isInstalled ? null : NoLibrary;
        return _isInstalled;
    }

    private void Use(params SoundRole[] roles) => _used.UnionWith(roles);

    private void Run(int ticks)
    {
        for (var i = 0; i < ticks; i++)
        {
            foreach (var role in _used) _board[role].Touch();
            _board.Advance(_now);
            _now += DeviceBoard.Busy;
        }
    }
}
