using Softphone.Core;
using Softphone.Phone;
using Softphone.Sip;
using Softphone.Terminal;

namespace Softphone.Tui.Tests;

/// <summary>All SIP dialogs as a list, and what can be looked at from there.</summary>
public sealed class DialogsScreenTests
{
    public static TheoryData<int, int> Sizes => new() { { 80, 24 }, { 100, 30 }, { 160, 50 }, { 60, 15 }, { 40, 10 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Dialogs_OfEveryMethod_AreThis(int width, int height) => Check(At(width, height, "L"), width, height, "dialogs");

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Filter_LeavesWhatItSays_AndShowsIt(int width, int height) => Check(At(width, height, "L/method:register status:>=400<Enter>"), width, height, "dialogs-filter");

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Ladder_OfARegistrationRefused_IsThis(int width, int height) => Check(At(width, height, "L/status:403<Enter><Enter>"), width, height, "dialog-ladder");

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Ladder_OfSeveral_IsOne(int width, int height) => Check(At(width, height, "L/method:invite account:work<Enter><Space><Space><Enter>"), width, height, "dialog-ladders");

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Diff_OfTwoRequests_IsThis(int width, int height)
    {
        // The first REGISTER, and the one with credentials.
        var person = At(width, height, "L/status:403<Enter><Enter>gD");
        person.Look();
        person.Type("jjD");
        Assert.Equal(nameof(DiffScreen), person.Screen);
        Check(person, width, height, "dialog-diff");
    }

    [Fact]
    public void Diff_CanShowChangesOnly()
    {
        var person = At(100, 30, "L/status:403<Enter><Enter>gDjjD,");
        Assert.DoesNotContain("Via:", person.Look().ToString(), StringComparison.Ordinal);
        Assert.Contains("+CSeq: 2 REGISTER", person.Look().ToString(), StringComparison.Ordinal);
        Assert.Contains("-CSeq: 1 REGISTER", Assert.IsType<PhoneCommand.Copy>(person.Type("y").Asked()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Raw_ShowsEveryMessageBelowTheOther()
    {
        var person = At(100, 60, "L/status:403<Enter><Enter>V");
        var seen = person.Look().ToString();
        foreach (var line in new[] { "10.0.0.1:5060 → 198.51.100.7:5060", "SIP/2.0 401 Unauthorized", "198.51.100.7:5060 → 10.0.0.1:5060", "SIP/2.0 403 Forbidden", "response=***" }) Assert.Contains(line, seen, StringComparison.Ordinal);
        person.Type("/403<Enter>");
        Assert.Equal(nameof(SipMessageScreen), person.Screen);
    }

    [Theory]
    [InlineData("method:register", "reg1 reg2 silent")]
    [InlineData("!method:register !method:invite !state:answered", "mwi gone")]
    public void CommandLine_TakesAnExpression(string expression, string expected)
    {
        var person = At(160, 50, $":dialogs {expression}<Enter>");
        Assert.Equal(nameof(DialogsScreen), person.Screen);
        Assert.Equal(expected.Split(' ').Length, Rows(person).Count);
    }

    [Theory]
    [InlineData("metod:x", "did you mean method?")]
    [InlineData("status:many", "“many” is no status")]
    public void Filter_Mistaken_IsToldAndTheListStays(string expression, string told)
    {
        var person = At(100, 30, $"L/{expression}");
        Assert.Contains(told, person.Look().ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(Rows(person));
        person.Type("<Esc>");
        Assert.DoesNotContain(told, person.Look().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Sort_GoesThroughTheColumns_AndTurnsRound()
    {
        var person = At(160, 50, "L");
        Assert.StartsWith("REGISTER", Rows(person)[0], StringComparison.Ordinal);
        person.Type("oo");
        Assert.Equal(["INVITE", "INVITE", "INVITE", "MESSAGE", "OPTIONS", "OPTIONS", "REGISTER", "REGISTER", "REGISTER", "SUBSCRIBE"], Rows(person).Select(r => r.Split(' ')[0]));
        person.Type("O");
        Assert.StartsWith("SUBSCRIBE", Rows(person)[0], StringComparison.Ordinal);
        person.Type(":sort messages<Enter>O");
        Assert.StartsWith("INVITE", Rows(person)[0], StringComparison.Ordinal);
        person.Type(":sort shoes<Enter>");
        Assert.Contains("there is no column shoes", person.Footer, StringComparison.Ordinal);
    }

    [Fact]
    public void Selection_StaysWithItsDialog_WhileOthersCome()
    {
        var person = At(160, 50, "L/method:register<Enter>");
        person.Type("G");
        var chosen = person.Session.View.Dialogs[0];
        var table = new SipDialogTable();
        foreach (var message in person.Session.View.Dialogs.SelectMany(d => d.Messages).OrderBy(m => m.At)) table.Add(message);
        for (var i = 0; i < 5; i++) table.Add(chosen.Messages[0] with { CallId = $"new{i}", At = Views.Now, Text = chosen.Messages[0].Text.Replace("reg1", $"new{i}", StringComparison.Ordinal) });
        person.See(SeenDialogs.View with { Dialogs = table.View });
        person.Look();
        person.Type("y");
        Assert.Equal("reg1", Assert.IsType<PhoneCommand.Copy>(person.Asked()).Text);
    }

    [Theory]
    [InlineData("w", MessageFormat.Pcapng)]
    [InlineData("<F2>", MessageFormat.Pcapng)]
    [InlineData("W", MessageFormat.Text)]
    public void Save_WritesWhatIsShown_OrWhatIsMarked(string key, MessageFormat format)
    {
        var person = At(100, 30, "L/method:register<Enter>");
        var all = Assert.IsType<PhoneCommand.SaveMessages>(person.Type(key).Asked());
        Assert.Equal((format, 8), (all.Format, all.Messages.Count));
        Assert.Equal(all.Messages.OrderBy(m => m.At), all.Messages);
        person.Type("g<Space>");
        Assert.Equal(2, Assert.IsType<PhoneCommand.SaveMessages>(person.Type(key).Asked()).Messages.Count);
        person.Type(".<Esc>");
        Assert.Equal(SeenDialogs.View.Dialogs.Sum(d => d.Messages.Count), Assert.IsType<PhoneCommand.SaveMessages>(person.Type(key).Asked()).Messages.Count);
        person.Type("/status:403<Enter><Enter>");
        Assert.Equal(nameof(DialogLadderScreen), person.Screen);
        Assert.Equal(4, Assert.IsType<PhoneCommand.SaveMessages>(person.Type(key).Asked()).Messages.Count);
    }

    [Fact]
    public void Answer_SaysOnTheScreenWhereTheFileWent()
    {
        var person = At(100, 30, "L");
        var view = SeenDialogs.View;
        person.See(view with { Events = [new EventLine(Views.Clock, "work: registered"), new EventLine(Views.Clock, "saved: /r/sip.pcapng, 8 SIP messages") { IsAnswer = true }, .. view.Events] });
        Assert.Contains("saved: /r/sip.pcapng", person.Footer, StringComparison.Ordinal);
    }

    [Fact]
    public void Account_ThatWasRefused_ShowsItsRegistrationFromThePanel()
    {
        var person = At(100, 30, "<Alt-2><Down>s");
        Assert.Equal(nameof(DialogLadderScreen), person.Screen);
        Assert.Contains("403 Forbidden", person.Look().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Ladder_GoesOnAsMessagesCome_AndKeepsWhatIsDropped()
    {
        var person = At(100, 30, "L/call-id:ping<Enter><Enter>");
        var view = SeenDialogs.View;
        var ping = view.Dialogs.First(d => d.CallId == "ping");
        person.See(view with { Dialogs = [.. view.Dialogs.Where(d => d != ping), ping with { Messages = [.. ping.Messages, ping.Messages[0] with { StartLine = "INFO sip:x SIP/2.0" }] }] });
        Assert.Contains("INFO", person.Look().ToString(), StringComparison.Ordinal);
        person.See(view with { Dialogs = [] });
        Assert.Contains("INFO", person.Look().ToString(), StringComparison.Ordinal);
        person.Type("<Esc>");
        Assert.Contains("No SIP message yet.", person.Look().ToString(), StringComparison.Ordinal);
    }

    /// <summary>A wire between hosts none of which is us: every party has a line of its own.</summary>
    [Fact]
    public void Ladder_OfAWire_HasALineForEachParty()
    {
        Address[] hosts = [Address.Parse("192.0.2.1:5060"), Address.Parse("192.0.2.2:5060"), Address.Parse("192.0.2.3:5060")];
        var story = SipStory.Of([new SipDialog(1, "", "c", SipDialogKind.Call, "INVITE") { Messages = [Wire(0, 1, "INVITE sip:b SIP/2.0"), Wire(1, 2, "INVITE sip:b SIP/2.0"), Wire(2, 1, "SIP/2.0 180 Ringing"), Wire(1, 0, "SIP/2.0 180 Ringing")] }]);
        Assert.False(story.IsOurs);
        Assert.Equal([(0, 1), (1, 2), (2, 1), (1, 0)], story.Rows.Select(r => (r.Sender, r.Receiver)));

        SipTrace.Message Wire(int from, int to, string startLine) => new(Instant.Zero, "", true, PathId.None, Transport.Udp, hosts[from], hosts[to], startLine, "c", $"{startLine}\r\n\r\n", false);
    }

    [Fact]
    public void RegistrationRefused_InTheVirtualInternet_HasItsLadder()
    {
        using var call = TracedCall.Between("none", "none");
        call.Alice.Add(new PhoneOptions { Name = "stranger" }, Lab.DemoWorld.AccountOf("nobody-of-this-name"));
        call.Do(new PhoneCommand.Register("stranger")).For(5);
        call.Person.Type("L/account:stranger status:>=400<Enter><Enter>");
        call.Person.Frame.Resize(100, 30);
        var seen = call.Person.Look().ToString();
        Assert.Equal(nameof(DialogLadderScreen), call.Person.Screen);
        Assert.Contains("REGISTER", seen, StringComparison.Ordinal);
        Assert.Matches("40[1-4] ", seen);
    }

    private static Person At(int width, int height, string keys)
    {
        var person = new Person(SeenDialogs.View, width, height);
        person.Look();
        foreach (var (i, part) in keys.Split("<Enter>").Index())
        {
            // Frames are drawn and views come while somebody types.
            person.Type(i == 0 ? part : $"<Enter>{part}");
            person.See(person.Session.View);
            person.Look();
        }

        return person;
    }

    private static void Check(Person person, int width, int height, string name) => Golden.Check(TracedCall.Within(person, width, height), $"{name}-{width}x{height}");

    /// <summary>The rows from their method on.</summary>
    private static List<string> Rows(Person person)
    {
        person.Look();
        string[] methods = ["INVITE", "REGISTER", "OPTIONS", "SUBSCRIBE", "MESSAGE"];
        return [.. Enumerable.Range(3, person.Frame.Height - 5).Select(y => person.Frame.TextOf(y)).Select(t => methods.Select(m => t.IndexOf(m, StringComparison.Ordinal)).Where(i => i >= 0).DefaultIfEmpty(-1).Min() is >= 0 and var at ? t[at..] : "").Where(t => t.Length > 0)];
    }
}
