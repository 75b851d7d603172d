using Softphone.Phone;

namespace Softphone.Tui.Tests;

/// <summary>What lies over a screen, as it looks.</summary>
public sealed class DialogTests
{
    public static TheoryData<int, int> Sizes => new() { { 80, 24 }, { 100, 30 }, { 160, 50 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Dial_ANameTyped_IsThis(int width, int height) => Golden.Check(new Person(Views.Idle, width, height).Type("dbo").Look(), $"dial-{width}x{height}");

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Help_OverABusyScreen_IsThis(int width, int height) => Golden.Check(new Person(Views.Talking, width, height).Type("?").Look(), $"help-{width}x{height}");

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Command_Completing_IsThis(int width, int height) => Golden.Check(new Person(Views.Idle, width, height).Type(":re").Look(), $"command-{width}x{height}");

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Menu_OfACall_IsThis(int width, int height) => Golden.Check(new Person(Views.Talking, width, height).Type("x").Look(), $"menu-{width}x{height}");

    [Theory]
    [InlineData("dial-empty", "d")]
    [InlineData("filter", "<Alt-4>/bo")]
    [InlineData("command-unknown", ":dail<Enter>")]
    [InlineData("menu-of-history", "<Alt-3><Down><Down>x")]
    [InlineData("history-why", "<Alt-3><Down><Down>e")]
    public void Idle_AfterTheseKeys_IsThis(string name, string keys) => Golden.Check(new Person(Views.Idle).Type(keys).Look(), name);

    [Theory]
    [InlineData("transfer", "t20")]
    [InlineData("attend", "T")]
    [InlineData("quit", "Q")]
    [InlineData("dtmf", "nn5")]
    public void Busy_AfterTheseKeys_IsThis(string name, string keys) => Golden.Check(new Person(Views.Busy).Type(keys).Look(), name);

    [Fact]
    public void Conference_OfThree_AsksWhoIsIn()
    {
        var view = Views.Busy with { Calls = [.. Views.Busy.Calls.Take(2), Views.Call(3, CallState.Held, "sip:203@pbx.example", "Carol Danvers")] };
        Golden.Check(new Person(view).Type("c<Down><Space>").Look(), "conference");
    }

    [Theory]
    [InlineData(40, 10)]
    [InlineData(80, 24)]
    public void Transfer_OfAStranger_ShowsEveryPart(int width, int height) => Golden.Check(new Person(Asked(Stranger), width, height).Look(), $"transfer-asked-{width}x{height}");

    [Fact]
    public void Transfer_ByOurServer_SaysNothingOfStrangers()
    {
        var person = new Person(Asked(new TransferQuestion("sip:203@pbx.example", Views.Now + TimeSpan.FromSeconds(12)) { Scheme = "sip", User = "203", Host = "pbx.example", IsByServer = true, TakesPlace = true }));
        person.Find("joins      a call that it has there");
        person.Find("declined by itself in 12 s");
        var frame = person.Look().ToString();
        Assert.DoesNotContain("abroad", frame, StringComparison.Ordinal);
        Assert.DoesNotContain("did not come by", frame, StringComparison.Ordinal);
        Assert.DoesNotContain("in the name of", frame, StringComparison.Ordinal);
    }

    [Fact]
    public void Transfer_Asked_CountsOnlyWhatIsPressedOnceItWasSeen()
    {
        var person = new Person(Asked(Stranger));
        person.Type("y<Enter><Space>dh5");
        person.AskedNothing();
        Assert.Equal("TransferScreen", person.Screen);
        person.Wait(TimeSpan.FromSeconds(1.1));
        person.Type("<Enter>");
        person.AskedNothing();
        person.Type("y");
        Assert.Equal(new PhoneCommand.DecideTransfer(new CallId(1), true), person.Asked());
    }

    [Theory]
    [InlineData("n")]
    [InlineData("<Esc>")]
    public void Transfer_Declined_AtOnce(string key)
    {
        var person = new Person(Asked(Stranger)).Type(key);
        Assert.Equal(new PhoneCommand.DecideTransfer(new CallId(1), false), person.Asked());
    }

    [Theory]
    [InlineData("d20")]
    [InlineData(":hol")]
    [InlineData("Q")]
    [InlineData("x")]
    public void Transfer_AskedWhileTyping_WaitsForTheEnd(string keys)
    {
        var person = new Person(Views.Talking).Type(keys);
        var before = person.Screen;
        person.See(Asked(Stranger));
        Assert.Equal(before, person.Screen);
        person.Type("<Esc>");
        person.See(Asked(Stranger));
        Assert.Equal("TransferScreen", person.Screen);
    }

    [Fact]
    public void Transfer_DecidedElsewhere_TheQuestionGoes()
    {
        var person = new Person(Asked(Stranger));
        person.See(Views.Talking);
        Assert.Equal("MainScreen", person.Screen);
    }

    private static TransferQuestion Stranger { get; } = new("sip:+900123456@pbx.example.test:7066;maddr=127.0.0.66", Views.Now + TimeSpan.FromSeconds(27.4))
    {
        Scheme = "sip",
        User = "+900123456",
        Host = "pbx.example.test:7066",
        Parameters = "maddr=127.0.0.66",
        MayBeAbroad = true,
        By = "sip:boss@pbx.example.test",
    };

    private static PhoneView Asked(TransferQuestion question) => Views.Talking with { Calls = [Views.Talking.Calls[0] with { Asked = question, Transfer = "asks us to call " + question.Target }] };

    [Fact]
    public void Frame_TooSmall_SaysSo() => Golden.Check(new Person(Views.Talking, 30, 8).Look(), "too-small");
}
