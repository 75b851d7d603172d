using Softphone.Core;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui.Tests;

/// <summary>What keys ask of the phone, where they lead, and why they sometimes do nothing.</summary>
public sealed class KeyTests
{
    private static readonly CallId One = new(1);
    private static readonly CallId Two = new(2);
    private static readonly CallId Three = new(3);

    public static TheoryData<string, PhoneCommand> OfABusyPhone => new()
    {
        { "a", new PhoneCommand.Answer(Three) },
        { "h", new PhoneCommand.Reject(Three) },
        { "m", new PhoneCommand.Mute(true) },
        { "<Space>", new PhoneCommand.SwitchTo(Two) },
        { "nn", new PhoneCommand.SwitchTo(One) },
        { "+", new PhoneCommand.Volume(3) },
        { "-", new PhoneCommand.Volume(-3) },
        { "r", new PhoneCommand.Record(Two, true) },
        { "<Up>r", new PhoneCommand.Record(One, false) },
        { "<Up><Space>", new PhoneCommand.Hold(One, true) },
        { "<Up>5", new PhoneCommand.Dtmf(One, "5") },
        { "<Up>*", new PhoneCommand.Dtmf(One, "*") },
        { "w", new PhoneCommand.SaveReport(Two) },
        { "<F2>", new PhoneCommand.SaveReport(Two) },
        { "y", new PhoneCommand.Copy("sip:9196@fs.example") },
        { "R", new PhoneCommand.Register("work") },
        { "t203<Enter>", new PhoneCommand.Transfer(Two, "203") },
        { "tcarol<Enter>", new PhoneCommand.Transfer(Two, "sip:203@pbx.example") },
        { "T<Enter>", new PhoneCommand.TransferTo(Two, One) },
        { "d300<Enter>", new PhoneCommand.Dial("300", "work") },
        { "d300<F4><Enter>", new PhoneCommand.Dial("300", "home") },
        { "dech<Enter>", new PhoneCommand.Dial("sip:9196@fs.example", "lab") },
        { "d+49 (30) 12-34<Enter>", new PhoneCommand.Dial("+49301234", "work") },
        { "d20<Down><Down><Enter>", new PhoneCommand.Dial("sip:203@pbx.example", "work") },
        { "d<F5>", new PhoneCommand.Answer(Three) },
        { "d<F8>", new PhoneCommand.Reject(Three) },
        { "<Alt-4><Enter>", new PhoneCommand.Dial("sip:202@pbx.example", null) },
        { "<Alt-4>/echo<Enter><Enter>", new PhoneCommand.Dial("sip:9196@fs.example", "lab") },
        { "<Alt-2><Down><Enter>", new PhoneCommand.UseAccount("home") },
        { "<Alt-2><Down>R", new PhoneCommand.Register("home") },
        { "<Alt-3>", new PhoneCommand.SeenMissed() },
        { "<Down><Enter>", new PhoneCommand.Answer(Three) },
        { "?a", new PhoneCommand.Answer(Three) },
        { "xa", new PhoneCommand.Answer(Three) },
        { "Qy", new PhoneCommand.Quit() },
        { "<F10><Enter>", new PhoneCommand.Quit() },
        { "<Ctrl-c><Ctrl-c>", new PhoneCommand.Quit() },
        { ":answer<Enter>", new PhoneCommand.Answer(Three) },
        { ":hangup 1<Enter>", new PhoneCommand.Hangup(One) },
        { ":hangup 3<Enter>", new PhoneCommand.Reject(Three) },
        { ":dial 300<Enter>", new PhoneCommand.Dial("300", null) },
        { ":dial Carol Danvers<Enter>", new PhoneCommand.Dial("sip:203@pbx.example", null) },
        { ":transfer 203<Enter>", new PhoneCommand.Transfer(Two, "203") },
        { ":attend 1<Enter>", new PhoneCommand.TransferTo(Two, One) },
        { ":next 1<Enter>", new PhoneCommand.SwitchTo(One) },
        { ":volume -6<Enter>", new PhoneCommand.Volume(-6) },
        { ":register home<Enter>", new PhoneCommand.Register("home") },
        { ":acc home<Enter>", new PhoneCommand.UseAccount("home") },
        { ":mut<Tab><Enter>", new PhoneCommand.Mute(true) },
        { ":q<Enter>y", new PhoneCommand.Quit() },
        { ":q!<Enter>", new PhoneCommand.Quit() },
    };

    [Theory]
    [MemberData(nameof(OfABusyPhone))]
    public void Keys_OfABusyPhone_AskThis(string keys, PhoneCommand asked) => Assert.Equal(asked, new Person(Views.Busy).Type(keys).Asked());

    public static TheoryData<string, string> Refused => new()
    {
        { "a", "no call rings" },
        { "h", "there is no call" },
        { "m", "there is no call" },
        { "<Space>", "there is no call" },
        { "c", "a conference takes two answered calls" },
        { "i", "there is no call" },
        { "q", "Q quits" },
        { "<Esc>", "Q quits" },
        { ":hangup 7<Enter>", "there is no call 7" },
        { ":register nobody<Enter>", "there is no account nobody" },
        { ":volume 40<Enter>", "a volume is -40 to +12 dB" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Keys_ThatCanDoNothing_SayWhy(string keys, string why)
    {
        var person = new Person(Views.Idle).Type(keys);
        person.AskedNothing();
        Assert.Equal(why, person.Footer.Trim());
        person.Wait(TimeSpan.FromSeconds(5));
        Assert.StartsWith("d dial", person.Footer.Trim(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hangpu", "did you mean “hangup”?")]
    [InlineData("xyzzyplugh", ":help lists them all")]
    [InlineData("quuxly", ":help lists them all")]
    [InlineData("re", "could be record, register, report")]
    [InlineData("mute 3", "nothing follows “mute”")]
    public void Command_NotUnderstood_SaysWhatIsNear(string line, string expected)
    {
        var person = new Person(Views.Idle).Type($":{line}<Enter>");
        Assert.Contains(expected, person.Look().TextOf(28), StringComparison.Ordinal);
        person.AskedNothing();
        person.Type("<Esc>");
        Assert.Equal(nameof(MainScreen), person.Screen);
    }

    [Fact]
    public void Command_Up_BringsTheLineBefore()
    {
        var person = new Person(Views.Idle).Type(":dial 300<Enter>");
        person.Asked();
        Assert.Equal(new PhoneCommand.Dial("300"), person.Type(":<Up><Enter>").Asked());
    }

    [Fact]
    public void Command_TabTwice_TakesTheSecondAndItsChoices()
    {
        var person = new Person(Views.Idle).Type(":re<Tab><Tab>");
        Assert.Equal(":register", person.Footer);
        person.Type("h<Tab><Enter>");
        Assert.Equal(new PhoneCommand.Register("home"), person.Asked());
    }

    [Fact]
    public void Digit_WithoutACall_BeginsANumber()
    {
        var person = new Person(Views.Idle).Type("30");
        Assert.Equal(nameof(DialScreen), person.Screen);
        Assert.Equal(new PhoneCommand.Dial("30", "work"), person.Type("<Enter>").Asked());
        Assert.Equal(nameof(MainScreen), person.Screen);
    }

    [Fact]
    public void Dial_EnterOnNothing_BringsTheLastNumber()
    {
        var person = new Person(Views.Idle).Type("d300<Enter>");
        person.Asked();
        Assert.Equal(new PhoneCommand.Dial("300", "work"), person.Type("d<Enter><Enter>").Asked());
    }

    [Theory]
    [InlineData("p", nameof(CallScreen))]
    [InlineData("i", nameof(IceScreen))]
    [InlineData("s", nameof(SipScreen))]
    [InlineData("v", nameof(SettingsScreen))]
    [InlineData("S", nameof(SettingsScreen))]
    [InlineData("H", nameof(HistoryScreen))]
    [InlineData("C", nameof(ContactsScreen))]
    [InlineData("N", nameof(WizardScreen))]
    [InlineData("?", nameof(HelpScreen))]
    [InlineData("x", nameof(MenuScreen))]
    [InlineData(":ice<Enter>", nameof(IceScreen))]
    public void Keys_OfScreens_OpenThem(string keys, string screen)
    {
        var person = new Person(Views.Talking).Type(keys);
        Assert.Equal(screen, person.Screen);
        person.Look();
        person.Type("<Esc><Esc>");
        Assert.Equal(nameof(MainScreen), person.Screen);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?")]
    [InlineData("x")]
    [InlineData("i")]
    [InlineData("s")]
    [InlineData("p")]
    [InlineData("C")]
    public void Digits_OnEveryScreenWithoutText_GoToTheCall(string keys) =>
        Assert.Equal(new PhoneCommand.Dtmf(One, "7"), new Person(Views.Talking).Type(keys + "7").Asked());

    [Theory]
    [InlineData("")]
    [InlineData("?")]
    [InlineData("d")]
    [InlineData(":")]
    [InlineData("i")]
    [InlineData("t")]
    public void EscapeAndQ_Ever_HangUpNothing(string keys)
    {
        var person = new Person(Views.Talking).Type(keys + "<Esc>q<Esc>qq<Esc>");
        person.AskedNothing();
        Assert.Equal(nameof(MainScreen), person.Screen);
    }

    [Fact]
    public void Quit_WithoutACall_DoesNotAsk() => Assert.Equal(new PhoneCommand.Quit(), new Person(Views.Idle).Type("Q").Asked());

    [Fact]
    public void Quit_WithACall_AsksFirst()
    {
        var person = new Person(Views.Talking).Type("Q");
        person.AskedNothing();
        person.Find("The call with Bob goes on.");
        person.Type("h5xn");
        person.AskedNothing();
        Assert.Equal(nameof(MainScreen), person.Screen);
    }

    [Fact]
    public void Attended_WithoutAnotherCall_CallsFirst()
    {
        var person = new Person(Views.Talking).Type("T");
        person.Find("Call first, then join with Bob");
        Assert.Equal(new PhoneCommand.Dial("203", "work"), person.Type("203<Enter>").Asked());
        person.See(Views.Talking with { Calls = [Views.Talking.Calls[0] with { State = CallState.Held, IsHeldHere = true }, Views.Call(2, CallState.Connected, "sip:203@pbx.example", "Carol")] });
        Assert.Equal(new PhoneCommand.TransferTo(Two, One), person.Type("T<Enter>").Asked());
    }

    [Fact]
    public void Conference_OfTwo_AsksNothing()
    {
        var view = Views.Busy with { Calls = [.. Views.Busy.Calls.Take(2)] };
        Assert.Equal([One, Two], Assert.IsType<PhoneCommand.Conference>(new Person(view).Type("c").Asked()).Calls);
    }

    [Fact]
    public void Conference_WithNobodyChosen_Ends()
    {
        var view = Views.Busy with { Calls = [.. Views.Busy.Calls.Take(2).Select(c => c with { InConference = true })] };
        Assert.Empty(Assert.IsType<PhoneCommand.Conference>(new Person(view).Type("c<Space><Enter>").Asked()).Calls);
    }

    [Fact]
    public void Paste_OfANumber_IsDialledOrSent()
    {
        var idle = new Person(Views.Idle);
        idle.Paste(" 0049 30 1234\n");
        Assert.Equal(new PhoneCommand.Dial("0049301234", "work"), idle.Type("<Enter>").Asked());
        var talking = new Person(Views.Talking);
        talking.Paste("4711#\n");
        Assert.Equal(new PhoneCommand.Dtmf(One, "4711#"), talking.Asked());
        talking.Type("d");
        talking.Paste("sip:x@y.example\r\nrm -rf");
        talking.AskedNothing();
        Assert.Equal(nameof(DialScreen), talking.Screen);
    }

    [Fact]
    public void Filter_Escape_ShowsAllAgain()
    {
        var person = new Person(Views.Idle).Type("<Alt-4>/carol");
        person.Look();
        Assert.DoesNotContain("Bobby", person.Frame.ToString(), StringComparison.Ordinal);
        person.Type("<Esc>");
        person.Find("Bobby");
        person.Type("/zz<Enter>");
        person.Find("none; Esc shows all");
        person.Type("<Esc>");
        person.Find("Bobby");
    }

    [Fact]
    public void Selection_OfANewOutgoingCall_IsTheCall()
    {
        var person = new Person(Views.Talking);
        person.See(Views.Talking with { Calls = [Views.Talking.Calls[0], Views.Call(4, CallState.Dialing, "sip:300@pbx.example")] });
        Assert.Equal(new PhoneCommand.Hangup(new CallId(4)), person.Type("h").Asked());
    }

    [Fact]
    public void Selection_OfACallThatEnds_GoesToOneThatGoesOn()
    {
        var person = new Person(Views.Busy);
        person.See(Views.Busy with { Calls = [Views.Busy.Calls[0], Views.Busy.Calls[1] with { State = CallState.Ended, Ending = "200 OK" }] });
        Assert.Equal(new PhoneCommand.Hangup(One), person.Type("h").Asked());
    }

    [Fact]
    public void Incoming_WhileTalking_TakesNoSelection()
    {
        var person = new Person(Views.Talking);
        person.See(Views.Talking with { Calls = [Views.Talking.Calls[0], Views.Busy.Calls[2]] });
        Assert.Equal(new PhoneCommand.Dtmf(One, "1"), person.Type("1").Asked());
        Assert.Equal(new PhoneCommand.Answer(Three), person.Type("a").Asked());
    }

    [Fact]
    public void Keys_OneAfterTheOther_AreToldAsANumber()
    {
        var person = new Person(Views.Talking).Type("47");
        person.Drain();
        Assert.Equal("keys 47 sent to Bob", person.Footer.Trim());
        person.Wait(TimeSpan.FromSeconds(5));
        person.Type("1");
        Assert.Equal("keys 1 sent to Bob", person.Footer.Trim());
    }

    [Fact]
    public void Problem_OfWhatWasAsked_IsToldAtOnce()
    {
        var person = new Person(Views.Idle).Type("d300<Enter>");
        person.See(Views.Idle with { Events = [new EventLine(Views.Clock, "work: no route to the server", IsProblem: true), .. Views.Idle.Events] });
        Assert.Equal("work: no route to the server", person.Footer.Trim());
        person.Wait(TimeSpan.FromSeconds(5));
        person.See(Views.Idle with { Events = [new EventLine(Views.Clock, "home: 503 again", IsProblem: true), .. Views.Idle.Events] });
        Assert.DoesNotContain("503", person.Footer, StringComparison.Ordinal);
    }

    [Fact]
    public void Screens_OfOneCall_DoNotPileUp()
    {
        var person = new Person(Views.Talking).Type("pisipis");
        Assert.Equal(4, person.Session.Screens.Count);
        person.Type("<Esc><Esc><Esc>");
        Assert.Equal(nameof(MainScreen), person.Screen);
        Assert.Null(person.Session.Watched);
    }

    [Fact]
    public void FirstRun_WithoutAProfile_IsTheWizard() => Assert.Equal(nameof(WizardScreen), new Person(new PhoneView(), setup: new TuiSetup { NeedsProfile = true }).Screen);

    [Fact]
    public void Table_EveryBinding_HasAKeyAWayAndAHelp()
    {
        foreach (var binding in Bindings.Global)
        {
            Assert.NotEmpty(binding.Keys);
            Assert.NotEmpty(binding.Short);
            Assert.NotEmpty(binding.Group);
            Assert.InRange(binding.Help.Length, 1, 44);
            Assert.True(binding.Argument.Length == 0 || binding.RunWith is not null, binding.Word);
        }

        Assert.Empty(Bindings.Global.SelectMany(b => b.Keys).GroupBy(k => k).Where(g => g.Count() > 1).Select(g => g.Key));
        Assert.Empty(Bindings.Global.Where(b => b.Word.Length > 0).GroupBy(b => b.Word).Where(g => g.Count() > 1).Select(g => g.Key));
    }
}
