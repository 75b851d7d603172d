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
    [InlineData("history-why", "<Alt-3><Down><Down>W")]
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

    [Fact]
    public void Frame_TooSmall_SaysSo() => Golden.Check(new Person(Views.Talking, 30, 8).Look(), "too-small");
}
