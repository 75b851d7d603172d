using Softphone.Core;
using Softphone.Nat;
using Softphone.Phone;

namespace Softphone.Tui.Tests;

/// <summary>Rows of the history are looked at as calls that go on are.</summary>
public sealed class PastCallTests
{
    [Fact]
    public void Keys_OnARow_OpenTheScreensOfACallThatGoesOn()
    {
        using var call = Over(TracedCall.Between("full-cone", "port-restricted"));
        var id = call.Person.Session.View.Past[0].Id;
        call.Person.Type("H");
        foreach (var (key, name) in new[] { ("s", "sip"), ("i", "ice"), ("p", "call") })
        {
            call.Person.Type(key);
            foreach (var (width, height) in new[] { (80, 24), (160, 50) }) Golden.Check(call.Look(width, height), $"past-{name}-{width}x{height}");
            Assert.Contains("past call to bob", call.Person.Session.Top.Title, StringComparison.Ordinal);
            call.Person.Type("<Esc>");
            Assert.Equal(nameof(HistoryScreen), call.Person.Screen);
        }

        call.Person.Type("<Enter>");
        Assert.Equal(nameof(CallScreen), call.Person.Screen);
        call.Person.Type("<Esc>");
        call.Person.Drain();
        Assert.Equal(new PhoneCommand.SaveReport(id), call.Person.Type("w").Asked());
        // Where why it went so stands below the list already, nothing opens over it.
        call.Look(160, 50);
        call.Person.Type("e");
        Assert.Equal(nameof(HistoryScreen), call.Person.Screen);
        Assert.Equal("it stands below, under Why", call.Person.Session.Notice);
        call.Look(80, 24);
        call.Person.Type("e");
        Assert.Equal(nameof(WhyScreen), call.Person.Screen);
    }

    /// <summary>The column of time stands still where the call does.</summary>
    [Fact]
    public void Time_OfACallThatIsOver_CountsNoFurther()
    {
        var failed = Views.Call(1, CallState.Ended, "sip:nobody@pbx.example") with { Ended = Views.Now - TimeSpan.FromSeconds(5.9), Ending = "404 Not Found" };
        var person = new Person(Views.Idle with { Calls = [failed] }, 160, 50);
        Assert.Contains(" 0:00 ", Row(), StringComparison.Ordinal);
        person.See(Views.Idle with { Now = Views.Now + TimeSpan.FromSeconds(4), Calls = [failed] });
        Assert.Contains(" 0:00 ", Row(), StringComparison.Ordinal);

        string Row() => person.Look().ToString().Split('\n').First(l => l.Contains("404 Not Found", StringComparison.Ordinal));
    }

    [Fact]
    public void Ice_OfACallThatIsOver_WaitsForNobody()
    {
        var person = new Person(Views.Idle, 160, 50);
        var ended = Views.Call(1, CallState.Ended, "sip:nobody@pbx.example") with { Ended = Views.Now, Ending = "404 Not Found" };
        person.See(Views.Idle with { Calls = [ended] });
        person.Type(":ice 1<Enter>");
        Assert.Contains("did not come before the call was over", person.Look().ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Waiting for the peer", person.Look().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_OnThePageOfAPastCall_StayWithIt_WhileAnotherCallGoesOn()
    {
        using var call = Over(TracedCall.Between("none", "none"));
        var past = call.Person.Session.View.Past[0].Id;
        call.Do(new PhoneCommand.Dial("sip:bob@lab.test")).Until(c => c.State == CallState.Connected);
        var live = call.Call.Id;
        call.Person.Type("Hjs");
        foreach (var key in new[] { "i", "p", "s" })
        {
            call.Person.Type(key);
            call.For(1);
            Assert.Equal(past, Assert.IsType<CallPage>(call.Person.Session.Top, exactMatch: false).Id);
        }

        call.Person.Drain();
        Assert.Equal(new PhoneCommand.SaveReport(past), call.Person.Type("w").Asked());
        Assert.Equal(new PhoneCommand.Hangup(live), call.Person.Type("h").Asked());
        call.Person.Type($":sip {live}<Enter>");
        Assert.Equal(live, Assert.IsType<SipScreen>(call.Person.Session.Top).Id);
    }

    [Fact]
    public void RefusedCall_SixtySecondsLater_ShowsItsLadderFromThePanel()
    {
        using var call = TracedCall.Between("none", "none");
        call.Do(new PhoneCommand.Dial("sip:nobody@lab.test")).For(60);
        call.Person.Type("<Alt-3>s");
        call.Person.Frame.Resize(100, 30);
        Assert.Contains("404 Not Found", call.Person.Look().ToString(), StringComparison.Ordinal);
        call.Person.Type("e");
        Assert.Contains("404", call.Person.Look().ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s")]
    [InlineData("i")]
    [InlineData("p")]
    [InlineData("Enter")]
    [InlineData("w")]
    public void Row_WithoutARecord_SaysSo(string key)
    {
        var stage = new ScreenStage(new HistoryScreen()).Press(key);
        Assert.IsType<HistoryScreen>(stage.Session.Top);
        Assert.Equal(HistoryText.NoRecord(stage.Session), stage.Session.Notice);
        Assert.DoesNotContain(stage.Asked(), c => c is not PhoneCommand.SeenMissed);
    }

    [Fact]
    public void Row_OnDisk_IsAskedFor_AndItsScreenOpensWhenItIsThere()
    {
        var onDisk = ScreenStage.Sample with { History = [.. ScreenStage.Sample.History.Select(h => h.Number == 4 ? h with { Record = RecordPlace.Disk, File = "x" } : h)] };
        var stage = new ScreenStage(new HistoryScreen(), onDisk).Press("j", "i");
        Assert.Equal(new PhoneCommand.Recall(4), stage.Asked<PhoneCommand.Recall>());
        Assert.IsType<HistoryScreen>(stage.Session.Top);
        stage.Show(onDisk with { Now = onDisk.Now + TimeSpan.FromMilliseconds(20) });
        Assert.IsType<HistoryScreen>(stage.Session.Top);
        var id = new CallId(-4);
        var there = onDisk with
        {
            Past = [Views.Call(-4, CallState.Ended, "sip:300@pbx.example.net") with { Trace = [new IceTrace.StateChanged(Instant.Zero, "x", IceState.Gathering, IceState.Checking)] }],
            History = [.. onDisk.History.Select(h => h.Number == 4 ? h with { Record = RecordPlace.Memory, Call = id } : h)],
        };
        stage.Show(there);
        Assert.Equal(id, Assert.IsType<IceScreen>(stage.Session.Top).Id);
        Assert.Equal("ICE of the past call to 300", stage.Session.Top.Title);
    }

    [Fact]
    public void Row_WhoseFileIsGone_OpensNothing()
    {
        var onDisk = ScreenStage.Sample with { History = [.. ScreenStage.Sample.History.Select(h => h.Number == 5 ? h with { Record = RecordPlace.Disk, File = "x" } : h)] };
        var stage = new ScreenStage(new HistoryScreen(), onDisk).Press("s");
        stage.Show(ScreenStage.Sample with { Now = onDisk.Now + TimeSpan.FromSeconds(1) });
        Assert.IsType<HistoryScreen>(stage.Session.Top);
        stage.Press("s");
        Assert.Equal(HistoryText.NoRecord(stage.Session), stage.Session.Notice);
    }

    [Fact]
    public void Record_WithStepsLeftOut_SaysHowMany()
    {
        var view = ScreenStage.Sample with
        {
            Past = [Views.Call(9, CallState.Ended, "sip:203@pbx.example.net", "Carol", direction: CallDirection.Incoming) with { LeftOut = 312 }],
            History = [.. ScreenStage.Sample.History.Select(h => h.Number == 5 ? h with { Record = RecordPlace.Memory, Call = new CallId(9) } : h)],
        };
        Assert.Equal("SIP of the past call from Carol, 312 steps left out", new ScreenStage(new HistoryScreen(), view).Press("s").Session.Top.Title);
    }

    private static TracedCall Over(TracedCall call)
    {
        call.Do(new PhoneCommand.Dial("sip:bob@lab.test")).Until(c => c.State == CallState.Connected).For(12);
        call.Do(new PhoneCommand.Hangup(call.Call.Id)).For(60);
        return call;
    }
}
