using Softphone.Core;
using Softphone.Phone;

namespace Softphone.Tui.Tests;

/// <summary>Lists: what is typed to find somebody, what they are sorted by, and what is taken out and brought back.</summary>
public sealed class ListTests
{
    private static readonly PhoneView People = Views.Idle with
    {
        Contacts =
        [
            new Contact("Jörg Müller", "sip:+4930777@sip.example"), new Contact("Łucja Kowalska", "sip:+48221@sip.example"), new Contact("Ángel Núñez", "sip:300@pbx.example"),
            new Contact("Zoë", "sip:301@pbx.example"), new Contact("anna", "sip:302@pbx.example"),
        ],
        History = [],
    };

    [Theory]
    [InlineData("mull", "Jörg Müller")]
    [InlineData("MUELLER jorg", "Jörg Müller")]
    [InlineData("joerg", "Jörg Müller")]
    [InlineData("kow lucja", "Łucja Kowalska")]
    [InlineData("kow 0048", "Łucja Kowalska")]
    [InlineData("nunez angel", "Ángel Núñez")]
    [InlineData("zoe", "Zoë")]
    [InlineData("ZOË 301", "Zoë")]
    public void Search_ByWordsWithoutAccents_FindsThePerson(string typed, string name)
    {
        Assert.Equal(name, Assert.Single(Tui.People.Find(People, typed, 8)).Name);
        foreach (var screen in (string[])["C/", "<Alt-4>/"])
        {
            var person = new Person(People, 160, 50).Type($"{screen}{typed}<Enter>");
            person.Find(name);
            Assert.DoesNotContain(People.Contacts.First(c => c.Name != name).Name, person.Frame.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("tan 49")]
    [InlineData("http://x.example")]
    [InlineData("@pbx.example")]
    public void Dial_WhatIsNobody_IsToldBeforeEnterAndAfter(string typed)
    {
        var person = new Person(People).Type($"d{typed}");
        Assert.DoesNotContain("Enter calls", person.Look().ToString(), StringComparison.Ordinal);
        person.Type("<Enter>");
        person.AskedNothing();
        Assert.Equal(nameof(DialScreen), person.Screen);
        Assert.NotEmpty(person.Session.Notice);
    }

    [Fact]
    public void Transfer_Completing_ShowsNamesWithTheirAddresses()
    {
        var person = new Person(Views.Talking).Type(":transfer ");
        person.Find("transfer Carol Danvers");
        person.Find("203@pbx.example");
        Assert.Equal(new PhoneCommand.Transfer(new CallId(1), "sip:203@pbx.example"), person.Type("203<Tab><Enter>").Asked());
    }

    [Theory]
    [InlineData("C", "o", "address▲", "Łucja")]
    [InlineData("C", "O", "name▼", "Zoë")]
    [InlineData("<Alt-4>", "O", "by name▼", "Zoë")]
    [InlineData("<Alt-4>", ":sort address<Enter>", "by address▲", "Łucja")]
    public void Contacts_SortedByAKey_SayHow(string screen, string keys, string mark, string first)
    {
        var person = new Person(People).Type(screen + keys);
        person.Wait(TimeSpan.FromSeconds(5));
        person.Find(mark);
        Assert.Equal(screen == "C" ? 3 : person.Find("Contacts").Y + 1, person.Find(first).Y);
    }

    [Theory]
    [InlineData("H", "oooo", "MOS▼", "Queue")]
    [InlineData("H", "ooo", "time▼", "Bob")]
    [InlineData("H", "oo", "result▲", "9999")]
    [InlineData("<Alt-3>", "ooo", "by time▼", "Bob")]
    [InlineData("<Alt-3>", "O", "by when▲", "Bob")]
    public void History_SortedByAKey_SaysHow(string screen, string keys, string mark, string first)
    {
        var person = new Person(Views.Idle with { Contacts = [] }).Type(screen + keys);
        person.Wait(TimeSpan.FromSeconds(5));
        person.Find(mark);
        Assert.Contains(first, person.Frame.TextOf(screen == "H" ? 3 : person.Find("History").Y + 1), StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_SortedByPeer_KeepTheSelectedOne()
    {
        var person = new Person(Views.Busy).Type("oO");
        person.Find("peer▼");
        Assert.Equal(new PhoneCommand.SwitchTo(new CallId(2)), person.Type("<Space>").Asked());
        Assert.True(person.Find("Echo test  9196").Y < person.Find("Bob  202").Y);
    }

    [Fact]
    public void Contact_Deleted_IsBroughtBackByUndo()
    {
        var person = new Person(Views.Idle).Type("CXy");
        Assert.Equal(new PhoneCommand.DeleteContact(Views.Idle.Contacts[0]), person.Asked());
        Assert.Equal("Bob is deleted: u brings it back", person.Footer.Trim());
        Assert.Equal(new PhoneCommand.SaveContact(Views.Idle.Contacts[0]), person.Type("u").Asked());
        person.Type("u").AskedNothing();
        Assert.Equal("nothing was deleted", person.Footer.Trim());
    }

    [Theory]
    [InlineData("HX", 4)]
    [InlineData("<Alt-3><Down>X", 3)]
    [InlineData("Hjj<Delete>", 2)]
    public void Call_TakenOutOfTheHistory_IsBroughtBackByUndo(string keys, long number)
    {
        var person = new Person(Views.Idle).Type(keys);
        Assert.Equal(new PhoneCommand.ForgetCall(number), Assert.Single(person.Drain(), c => c is not PhoneCommand.SeenMissed));
        Assert.Contains("is out of the history: u brings it back", person.Footer, StringComparison.Ordinal);
        Assert.Equal(new PhoneCommand.RestoreCall(number), person.Type("u").Asked());
    }

    [Fact]
    public void Undo_OfSeveral_TakesTheLastFirst()
    {
        var person = new Person(Views.Idle).Type("HXjX");
        person.Drain();
        Assert.Equal(new PhoneCommand.RestoreCall(3), person.Type("u").Asked());
        Assert.Equal(new PhoneCommand.RestoreCall(4), person.Type("u").Asked());
    }

    /// <summary>One outcome has one word, in the panel and on the screen.</summary>
    [Theory]
    [InlineData(CallDirection.Incoming, 487, "missed")]
    [InlineData(CallDirection.Incoming, 480, "missed")]
    [InlineData(CallDirection.Incoming, 486, "rejected")]
    [InlineData(CallDirection.Incoming, 603, "rejected")]
    [InlineData(CallDirection.Outgoing, 487, "cancelled")]
    [InlineData(CallDirection.Outgoing, 404, "404 Not Found")]
    public void Outcome_InPanelAndScreen_IsOneWord(CallDirection direction, int status, string word)
    {
        var entry = Views.Idle.History[0] with { Direction = direction, Status = status, Reason = status == 404 ? "Not Found" : "Whatever", IsMissed = word == "missed" };
        var person = new Person(Views.Idle with { History = [entry] });
        person.Find(word);
        person.Type("H");
        person.Find(word);
    }

    [Theory]
    [InlineData("?", "restart", "no line")]
    [InlineData("?", "hang", "end the call, or reject the one that rings")]
    [InlineData("x", "conf", "(a conference takes two answered calls)")]
    [InlineData("x", "mic loud", "choose microphone, loudspeaker, ringer")]
    public void Filter_InHelpAndMenu_LeavesWhatHasTheLetters(string open, string letters, string left)
    {
        var person = new Person(Views.Talking).Type($"{open}/{letters}");
        if (left == "no line") person.Find("Nothing has these letters.");
        else person.Find(left);
        Assert.DoesNotContain("softer by 3 dB", person.Frame.ToString(), StringComparison.Ordinal);
        person.Type("<Esc>");
        person.Type("<Esc>");
        Assert.Equal(nameof(MainScreen), person.Screen);
    }

    [Fact]
    public void Menu_Filtered_DoesWhatIsLeft() => Assert.Equal(new PhoneCommand.Mute(true), new Person(Views.Talking).Type("x/microphone off<Enter><Enter>").Asked());

    [Theory]
    [InlineData("x")]
    [InlineData("?")]
    public void Menu_ThatScrolls_SaysSo(string open)
    {
        var person = new Person(Views.Talking, 80, 24).Type(open);
        var before = person.Look().ToString().Split('\n').Last(l => l.Contains(" of ", StringComparison.Ordinal));
        Assert.Matches("1–[0-9]+ of [0-9]+", before);
        person.Type("G");
        Assert.Matches("([0-9]+)–([0-9]+) of \\2", person.Look().ToString().Split('\n').Last(l => l.Contains(" of ", StringComparison.Ordinal)));
    }

    /// <summary>Where a file went is told on the screen that asked for it, not among the events alone.</summary>
    [Theory]
    [InlineData("w")]
    [InlineData("sw")]
    [InlineData("iw")]
    public void Report_Written_IsToldWhereItWasAsked(string keys)
    {
        var person = new Person(Views.Talking).Type(keys);
        person.Drain();
        var line = new EventLine(Views.Clock, "report: /home/me/reports/1.md and .pcap, 12 packets") { IsAnswer = true };
        person.See(Views.Talking with { Events = [new EventLine(Views.Clock, "work: registered"), line, .. Views.Talking.Events] });
        Assert.Contains(line.Text, person.Footer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bartholomew Featherstonehaugh-Cholmondeley of the Northern Office, Second Floor", 100)]
    [InlineData("Wolfeschlegelsteinhausenbergerdorff", 80)]
    [InlineData("Wolfeschlegelsteinhausenbergerdorff", 60)]
    public void Banner_WithALongName_KeepsHowLongItRings(string name, int width)
    {
        var view = Views.Busy with { Calls = [Views.Busy.Calls[2] with { Name = name }] };
        var person = new Person(view, width, 24);
        Assert.Contains("rings 0:06", person.Look().TextOf(1), StringComparison.Ordinal);
        Assert.Contains(name[..10], person.Frame.TextOf(1), StringComparison.Ordinal);
    }

    [Fact]
    public void CallPage_OfSomebodyWithAName_ShowsTheAddressToo()
    {
        var person = new Person(Views.Talking).Type("p");
        Assert.Contains("Bob  202@pbx.example  talking", person.Look().TextOf(1), StringComparison.Ordinal);
    }
}
