using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Tui.Tests;

/// <summary>Do-not-disturb, forwarding and answering by itself: by keys, by words, by the form, and in the header.</summary>
public sealed class MannersScreenTests
{
    private static CallManners Full { get; } = new()
    {
        DoNotDisturb = true,
        DoNotDisturbStatus = 480,
        AutoAnswer = TimeSpan.FromSeconds(2),
        AutoAnswerFrom = ["202", "all"],
        ForwardBusy = SipUri.Parse("sip:204@pbx.example"),
        ForwardNoAnswer = SipUri.Parse("sip:+4930@sip.example;user=phone"),
        ForwardAfter = TimeSpan.FromSeconds(30),
    };

    [Theory]
    [InlineData(60, 15)]
    [InlineData(80, 24)]
    [InlineData(100, 30)]
    public void Manners_AreThis(int width, int height) => Golden.Check(new Person(With(Full), width, height).Type("F").Look(), $"manners-{width}x{height}");

    [Fact]
    public void Forward_IsAskedAboutOnceMore() => Golden.Check(new Person(Views.Idle, 80, 24).Type(":forward always 204<Enter>").Look(), "forward-asked");

    [Fact]
    public void Header_ShowsWhatHolds()
    {
        var header = new Person(With(Full)).Look().TextOf(0);
        Assert.Contains("work ● 212s DND fwd auto", header, StringComparison.Ordinal);
        Assert.DoesNotContain("DND", new Person(Views.Idle).Look().TextOf(0), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Z", true)]
    [InlineData(":dnd<Enter>", true)]
    [InlineData(":dnd on<Enter>", true)]
    [InlineData(":dnd off<Enter>", false)]
    public void Disturb_IsAskedAtOnce(string keys, bool on) =>
        Assert.Equal(new PhoneCommand.SetManners("work", new CallManners { DoNotDisturb = on }), Only(new Person(Views.Idle).Type(keys)));

    [Fact]
    public void Disturb_OfTheSelectedAccount_IsOfThatOne() => Assert.Equal("home", Only(new Person(Views.Idle).Type("<Alt-2><Down>Z"))!.Account);

    [Theory]
    [InlineData(":forward always 204<Enter>", "y", "sip:204@pbx.example", null)]
    [InlineData(":forward busy Carol Danvers<Enter>", "y", null, "sip:203@pbx.example")]
    [InlineData(":forward always 204<Enter>", "n", null, null)]
    [InlineData(":forward always 204<Enter>", "<Esc>", null, null)]
    public void Forward_HoldsOnlyAfterYes(string keys, string answer, string? always, string? busy)
    {
        var person = new Person(Views.Idle).Type(keys);
        person.AskedNothing();
        person.Type(answer);
        var asked = Only(person);
        Assert.Equal(answer == "y", asked is not null);
        Assert.Equal((always, busy), (asked?.Manners.ForwardAlways?.ToString(), asked?.Manners.ForwardBusy?.ToString()));
    }

    [Theory]
    [InlineData(":forward off<Enter>")]
    [InlineData(":forward busy off<Enter>")]
    public void Forward_IsTakenBackWithoutAQuestion(string keys)
    {
        var asked = Only(new Person(With(Full with { ForwardNoAnswer = null })).Type(keys));
        Assert.False(asked!.Manners.HasForward);
        Assert.True(asked.Manners.DoNotDisturb);
    }

    [Theory]
    [InlineData(":forward sometimes 204<Enter>", "always, busy or no-answer")]
    [InlineData(":forward always<Enter>", "forward always whom to?")]
    [InlineData(":forward always a b<Enter>", "is no address")]
    [InlineData(":auto-answer soon<Enter>", "0s to 60s")]
    [InlineData(":auto-answer 2s<Enter>", "whose calls?")]
    [InlineData(":dnd perhaps<Enter>", "on or off")]
    public void Words_ThatCannotBe_SayWhatCan(string keys, string words)
    {
        var person = new Person(Views.Idle).Type(keys);
        person.AskedNothing();
        Assert.Contains(words, person.Look().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AutoAnswer_ByItsWords_NamesWhose()
    {
        var asked = Only(new Person(Views.Idle).Type(":auto-answer 2s 202, bob@x<Enter>"))!;
        Assert.Equal((TimeSpan.FromSeconds(2), 2), (asked.Manners.AutoAnswer, asked.Manners.AutoAnswerFrom.Count));
        Assert.Equal(["202", "bob@x"], asked.Manners.AutoAnswerFrom);
        Assert.Null(Only(new Person(With(Full)).Type(":auto-answer off<Enter>"))!.Manners.AutoAnswer);
        var wished = Only(new Person(Views.Idle).Type(":auto-answer asked 202<Enter>"))!.Manners;
        Assert.Equal((null, true, "202"), (wished.AutoAnswer, wished.AutoAnswerAsked, wished.AutoAnswerFrom.Single()));
        Assert.True(Only(new Person(With(Full with { AutoAnswer = null, AutoAnswerAsked = true })).Type("F<F2>"))!.Manners.AutoAnswerAsked);
    }

    [Fact]
    public void Form_ThatIsLeftAsItIs_ChangesNothing()
    {
        var asked = Only(new Person(With(Full)).Type("F<F2>"))!;
        Assert.Equal(Full with { AutoAnswerFrom = [] }, asked.Manners with { AutoAnswerFrom = [] });
        Assert.Equal(Full.AutoAnswerFrom, asked.Manners.AutoAnswerFrom);
    }

    [Theory]
    [InlineData("F201", "calls would run in a circle")]
    [InlineData("Fa b", "is no address")]
    [InlineData("Bsoon", "a time such as 2s")]
    [InlineData("B2s", "whose calls?")]
    public void Form_WithAMistake_SaysWhichAndHoldsNothing(string keys, string words)
    {
        var person = new Person(Views.Idle).Type($"{keys}<F2>");
        person.AskedNothing();
        Assert.Contains(words, person.Look().ToString(), StringComparison.Ordinal);
    }

    private static PhoneView With(CallManners manners) => Views.Idle with { Accounts = [Views.Idle.Accounts[0] with { Manners = manners }, .. Views.Idle.Accounts.Skip(1)] };

    private static PhoneCommand.SetManners? Only(Person person) => person.Drain().OfType<PhoneCommand.SetManners>().SingleOrDefault();
}
