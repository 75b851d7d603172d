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
}
