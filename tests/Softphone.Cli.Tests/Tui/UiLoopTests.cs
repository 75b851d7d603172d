using System.Runtime.InteropServices;
using System.Text;
using Softphone.Core;
using Softphone.Phone;
using Softphone.Terminal;
using Softphone.Tui;

namespace Softphone.Cli.Tests;

/// <summary>The UI thread in virtual time.</summary>
public sealed class UiLoopTests : IDisposable
{
    private readonly FakeScreen _screen = new();
    private readonly FakePhone _phone = new();
    private readonly UiInbox _inbox = new();
    private readonly UiLoop _loop;
    private Instant _now = Instant.Zero + TimeSpan.FromHours(1);

    public UiLoopTests()
    {
        _loop = new UiLoop(_screen, _inbox, new TuiMachine(new TuiSetup()), new Attention(NotificationKind.None, hasTitle: false), () => _now);
        _loop.Begin(() => _phone);
    }

    public void Dispose() => _inbox.Dispose();

    [Fact]
    public void FirstFrame_IsThereBeforeThePhone() => Assert.Single(_screen.Frames);

    [Fact]
    public void NothingHappens_TenViewsASecondAndNothingOnTheWire()
    {
        var frames = _screen.Frames.Count;
        var view = new PhoneView { Clock = DateTimeOffset.UnixEpoch };
        Play(TimeSpan.FromSeconds(2), () => view);
        var settled = _screen.Frames.Count;
        Assert.InRange(settled - frames, 0, 2);
        Play(TimeSpan.FromSeconds(2), () => view);
        Assert.Equal(settled, _screen.Frames.Count);
        Assert.InRange(_phone.ViewsAsked, 38, 42);
    }

    [Fact]
    public void Key_AfterAPause_IsDrawnAtOnce()
    {
        Pass(TimeSpan.FromSeconds(1));
        var drawn = _screen.Drawn;
        Press("?");
        _loop.Turn(_now);
        Assert.Equal(drawn + 1, _screen.Drawn);
    }

    [Fact]
    public void Keys_InARow_DrawThirtyFramesASecondAtMost()
    {
        Pass(TimeSpan.FromSeconds(1));
        var drawn = _screen.Drawn;
        for (var i = 0; i < 1000; i++)
        {
            Press(i % 2 == 0 ? "j" : "k");
            _loop.Turn(_now);
            _now += TimeSpan.FromMilliseconds(1);
        }

        Assert.InRange(_screen.Drawn - drawn, 28, 31);
    }

    [Fact]
    public void View_ThatDoesNotCome_IsAskedForAgainMuchLater()
    {
        for (var i = 0; i < 29; i++)
        {
            _loop.Turn(_now);
            _now += TimeSpan.FromMilliseconds(100);
        }

        Assert.Equal(1, _phone.ViewsAsked);
        _now += TimeSpan.FromMilliseconds(200);
        _loop.Turn(_now);
        Assert.Equal(2, _phone.ViewsAsked);
    }

    [Fact]
    public void Command_OfTheMachine_ReachesThePhoneAndAViewIsAskedForAtOnce()
    {
        Play(TimeSpan.FromSeconds(1), () => new PhoneView());
        _loop.Turn(_now);
        _loop.Take(_now, new UiSignal.View(new PhoneView()));
        var asked = _phone.ViewsAsked;
        _loop.Take(_now, new UiSignal.Command(new PhoneCommand.Mute(true)));
        Assert.Contains(new PhoneCommand.Mute(true), _phone.Asked);
        Assert.Equal(asked, _phone.ViewsAsked);
    }

    [Fact]
    public void Quit_HangsUpAndEndsWhenNothingIsLeft()
    {
        _loop.Take(_now, new UiSignal.Command(new PhoneCommand.Quit()));
        Assert.True(_phone.IsShuttingDown);
        Assert.False(_loop.IsOver);
        _loop.Take(_now, new UiSignal.Down());
        Assert.True(_loop.IsOver);
        Assert.Equal(ExitCode.Ok, _loop.Code);
    }

    [Fact]
    public void Quit_WithDeadServers_EndsAfterThreeSeconds()
    {
        _loop.Take(_now, new UiSignal.Command(new PhoneCommand.Quit()));
        Play(TimeSpan.FromSeconds(2.8), () => new PhoneView());
        Assert.False(_loop.IsOver);
        Play(TimeSpan.FromSeconds(0.3), () => new PhoneView());
        Assert.True(_loop.IsOver);
    }

    [Theory]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGINT)]
    [InlineData(PosixSignal.SIGHUP)]
    public void Signal_HangsUpAndSaysSo(PosixSignal signal)
    {
        _loop.Take(_now, new UiSignal.Stop(signal));
        Assert.True(_phone.IsShuttingDown);
        _loop.Take(_now, new UiSignal.Down());
        Assert.True(_loop.IsOver);
        Assert.Equal(ExitCode.Interrupted, _loop.Code);
    }

    [Fact]
    public void Signal_Twice_EndsOnlyForWhoInsists()
    {
        _loop.Take(_now, new UiSignal.Stop(PosixSignal.SIGTERM));
        _loop.Take(_now, new UiSignal.Stop(PosixSignal.SIGTERM));
        Assert.False(_loop.IsOver);
        _loop.Take(_now + TimeSpan.FromSeconds(1), new UiSignal.Stop(PosixSignal.SIGTERM));
        Assert.True(_loop.IsOver);
    }

    [Fact]
    public void Terminal_ThatIsGone_EndsThePhone()
    {
        _screen.IsGone = true;
        Pass(TimeSpan.FromMilliseconds(50));
        Press("j");
        _loop.Turn(_now);
        Assert.True(_phone.IsShuttingDown);
    }

    [Fact]
    public void ControlZ_SuspendsAndDrawsEverythingAgain()
    {
        Pass(TimeSpan.FromSeconds(1));
        var first = _screen.Frames[0].Length;
        Press("z", Modifiers.Control);
        Assert.Equal(1, _screen.Suspensions);
        _loop.Turn(_now);
        Assert.True(_screen.Frames[^1].Length >= first);
    }

    [Fact]
    public void Background_DrawsNothingUntilTheForegroundIsBack()
    {
        Pass(TimeSpan.FromSeconds(1));
        _screen.IsForeground = false;
        Press("z", Modifiers.Control);
        var drawn = _screen.Drawn;
        Play(TimeSpan.FromSeconds(2), () => new PhoneView());
        Assert.Equal(drawn, _screen.Drawn);
        Assert.True(_phone.ViewsAsked > 10, "the phone goes on");
        _screen.IsForeground = true;
        Play(TimeSpan.FromMilliseconds(200), () => new PhoneView());
        Assert.True(_screen.Drawn > drawn);
    }

    [Fact]
    public void Resize_DrawsInTheNewSize()
    {
        Pass(TimeSpan.FromSeconds(1));
        _screen.Size = (120, 40);
        _loop.Take(_now, new UiSignal.Resized());
        _loop.Turn(_now);
        Assert.Equal(40, _screen.Text.Split('\n').Length);
    }

    [Fact]
    public void Copy_GoesToTheClipboardOfTheTerminal()
    {
        _loop.Take(_now, new UiSignal.Command(new PhoneCommand.Copy("v=0\r\n")));
        Assert.Equal($"\e]52;c;{Convert.ToBase64String(Encoding.UTF8.GetBytes("v=0\r\n"))}\a", _screen.Sent.ToString());
        Assert.Empty(_phone.Asked);
    }

    [Fact]
    public void Crash_OfThePhone_ComesOutOfTheLoop()
    {
        var error = new InvalidOperationException("broken");
        var crash = Assert.Throws<PhoneCrashException>(() => _loop.Take(_now, new UiSignal.Crashed(error)));
        Assert.Same(error, crash.InnerException);
    }

    private void Press(string key, Modifiers held = Modifiers.None) => _loop.Take(_now, new UiSignal.Input(new InputEvent.Key(KeyCode.Character, new Rune(key[0]), held)));

    private void Pass(TimeSpan time)
    {
        Play(time, () => new PhoneView());
    }

    /// <summary>Lets time pass as the loop asks for it, with a phone that answers for views.</summary>
    private void Play(TimeSpan time, Func<PhoneView> view)
    {
        var end = _now + time;
        while (_now < end && !_loop.IsOver)
        {
            var asked = _phone.ViewsAsked;
            var wait = _loop.Turn(_now);
            if (_phone.ViewsAsked > asked) _loop.Take(_now, new UiSignal.View(view()));
            _now += wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1);
        }
    }
}
