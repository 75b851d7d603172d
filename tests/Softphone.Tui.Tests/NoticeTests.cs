using Softphone.Phone;

namespace Softphone.Tui.Tests;

/// <summary>Short words to the person: all of them is read, and none stays where it is not about.</summary>
public sealed class NoticeTests
{
    private const string Long = "sip:dave@lab.test was not transferred to sip:bob@lab.test (603 Decline): the other phone does not let itself be sent on; ask there for its settings";

    [Fact]
    public void Notice_LongerThanTheScreenIsWide_TakesTheRowsItNeeds()
    {
        var person = new Person(Views.Busy, 80, 24);
        person.Session.Tell(Long);
        var frame = person.Look();
        Assert.StartsWith(" sip:dave@lab.test was not", frame.TextOf(22));
        Assert.EndsWith("ask there for its settings", frame.TextOf(23).TrimEnd());
    }

    [Fact]
    public void Notice_LongerThanThreeRows_SaysThatItIsCut()
    {
        var person = new Person(Views.Busy, 80, 24);
        person.Session.Tell(string.Join(' ', Enumerable.Repeat("word", 100)));
        Assert.StartsWith(" word", person.Look().TextOf(21));
        Assert.EndsWith("…", person.Footer.TrimEnd());
        Assert.DoesNotContain("word", person.Look().TextOf(20), StringComparison.Ordinal);
    }

    [Fact]
    public void Notice_OfTheScreenBefore_IsGoneWithAnother()
    {
        var person = new Person(new PhoneView()).Type("d");
        Assert.Contains("there is no account: N sets one up", person.Footer, StringComparison.Ordinal);
        Assert.DoesNotContain("there is no account", person.Type("N").Footer, StringComparison.Ordinal);
    }

    [Fact]
    public void Main_WithoutAnAccount_SaysHowToGetOne()
    {
        var frame = new Person(new PhoneView(), 80, 24).Look();
        Assert.Contains("no account yet: N sets one up", frame.TextOf(3), StringComparison.Ordinal);
    }

    [Fact]
    public void Call_ThatGoesOn_IsSeenOnScreensAboutSomethingElse()
    {
        var person = new Person(Views.Busy, 100, 30).Type("C");
        var call = person.Session.Call!;
        Assert.Contains(Wording.Who(call), person.Look().TextOf(0), StringComparison.Ordinal);
    }

    [Fact]
    public void Wizard_WithACallThatGoesOn_SaysHowToHangUp()
    {
        Assert.Contains("F8 ", new Person(Views.Busy, 100, 30).Type("N").Footer, StringComparison.Ordinal);
        Assert.DoesNotContain("F8 ", new Person(new PhoneView(), 100, 30).Type("N").Footer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(5, true)]
    public void Call_WithoutAPath_SaysSoWhenItsTimeIsUp(int seconds, bool told)
    {
        var call = Views.Busy.Calls.First(c => c.IsAnswered()) with { State = CallState.Connected, Path = "", Media = null, Talked = TimeSpan.FromSeconds(seconds), Transfer = "" };
        var person = new Person(Views.Busy with { Calls = [call] }, 160, 50);
        Assert.Equal(told, Enumerable.Range(0, 50).Any(y => person.Look().TextOf(y).Contains("no path yet", StringComparison.Ordinal)));
    }

    [Fact]
    public void Quit_WhileTheLastCallEnds_DoesNotSayThatItGoesOn()
    {
        var person = new Person(Views.Busy, 80, 24).Type("Q");
        Assert.Contains("go on", Text(person), StringComparison.Ordinal);
        person.See(Views.Busy with { Calls = [] });
        Assert.Contains("No call goes on any more.", Text(person), StringComparison.Ordinal);
    }

    private static string Text(Person person) => string.Join('\n', Enumerable.Range(0, person.Frame.Height).Select(person.Look().TextOf));
}
