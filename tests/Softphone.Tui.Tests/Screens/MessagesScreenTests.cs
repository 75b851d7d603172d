using Softphone.Core;
using Softphone.Phone;

namespace Softphone.Tui.Tests;

/// <summary>Messages: who was written with, a thread, and the line to answer.</summary>
public sealed class MessagesScreenTests
{
    public static TheoryData<int, int> Sizes => new() { { 60, 15 }, { 80, 24 }, { 100, 30 } };

    internal static PhoneView Written { get; } = Views.Idle with
    {
        Threads =
        [
            new ThreadView("work", "sip:202@pbx.example", "Bob",
            [
                Text(600, TextState.Received, "Are you coming to the meeting? It begins in ten minutes, in the large room on the second floor, and there will be cake."),
                Text(560, TextState.Delivered, "On my way."),
                Text(500, TextState.Failed, "Keep a piece for me") with { Problem = "sip:202@pbx.example is not available now" },
                Text(40, TextState.Received, "two\nlines"),
                Text(2, TextState.Sending, "thanks"),
            ], Unread: 1),
            new ThreadView("home", "sip:+49301111@sip.example", "", [Text(90_000, TextState.Stored, "call me back")], Unread: 0),
        ],
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Messages_AreThis(int width, int height) => Golden.Check(new Person(Written, width, height).Type("M").Look(), $"messages-{width}x{height}");

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Thread_IsThis(int width, int height) => Golden.Check(new Person(Written, width, height).Type("M<Enter>").Look(), $"thread-{width}x{height}");

    [Fact]
    public void Messages_WithoutAny_SayHowToBegin() => Assert.Contains("M writes to somebody", new Person(Views.Idle).Type("M").Look().ToString(), StringComparison.Ordinal);

    [Fact]
    public void Thread_ThatIsLookedAt_IsSeen_AndNotBefore()
    {
        var person = new Person(Written).Type("M");
        person.AskedNothing();
        person.Type("<Enter>");
        Assert.Equal(new PhoneCommand.SeenTexts("work", "sip:202@pbx.example"), person.Asked());
    }

    [Theory]
    [InlineData("M<Enter>see you<Enter>", "sip:202@pbx.example", "see you", "work")]
    [InlineData("M<Down><Enter>ok<Enter>", "sip:+49301111@sip.example", "ok", "home")]
    [InlineData("MM203<Enter>first words<Enter>", "203", "first words", "work")]
    [InlineData(":message Carol Danvers hello there<Enter>", "sip:203@pbx.example", "hello there", "work")]
    [InlineData(":message 300 one two<Enter>", "300", "one two", "work")]
    [InlineData(":message Bobby Tables<Enter>later<Enter>", "sip:+4930123456@sip.example", "later", "home")]
    public void Text_IsSentToWhomItWasWritten(string keys, string target, string text, string account) =>
        Assert.Equal(new PhoneCommand.SendText(target, text, account), new Person(Written).Type(keys).Drain().OfType<PhoneCommand.SendText>().Single());

    [Fact]
    public void Digits_InAThread_AreText()
    {
        var person = new Person(Written).Type("M<Enter>5 q<Esc>");
        Assert.All(person.Drain(), c => Assert.IsType<PhoneCommand.SeenTexts>(c));
        Assert.Equal("MessagesScreen", person.Screen);
    }

    [Fact]
    public void Thread_ThatIsLong_IsReadUpwards_AndNoFurtherThanItsFirst()
    {
        var person = new Person(Views.Idle with { Threads = [new ThreadView("work", "sip:202@pbx.example", "Bob", [.. Enumerable.Range(0, 10_000).Select(i => Text(10_000 - i, TextState.Received, $"text {i}"))], 0)] }).Type("M<Enter>");
        Assert.Contains("text 9999", person.Look().ToString(), StringComparison.Ordinal);
        person.Type("<PgUp>");
        Assert.DoesNotContain("text 9999", person.Look().ToString(), StringComparison.Ordinal);
        Assert.Contains("newer texts below", person.Frame.ToString(), StringComparison.Ordinal);
        for (var i = 0; i < 500; i++)
        {
            person.Type("<PgUp>");
            person.Look();
        }

        Assert.Contains("text 0", person.Look().ToString(), StringComparison.Ordinal);
        for (var i = 0; i < 500; i++) person.Type("<PgDn>");
        Assert.Contains("text 9999", person.Look().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Header_ShowsWhatIsUnread() => Assert.Contains("1 unread", new Person(Written).Look().TextOf(0), StringComparison.Ordinal);

    private static TextView Text(int ago, TextState state, string text) => new(Views.Clock - TimeSpan.FromSeconds(ago), state, text);
}
