using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui.Tests;

public sealed class HistoryScreenTests
{
    [Fact]
    public void Draw_Calls_MatchesTheGoldenScreens() => new ScreenStage(new HistoryScreen()).Press("j").Matches("history");

    [Fact]
    public void Why_OfACall_MatchesTheGoldenScreens() => new ScreenStage(new HistoryScreen()).Press("j", "e").Matches("history-why");

    [Fact]
    public void Draw_NoCalls_SaysSo() => Assert.Contains("No calls yet", new ScreenStage(new HistoryScreen(), new PhoneView()).Draw(80, 24).ToString(), StringComparison.Ordinal);

    [Fact]
    public void CallBack_OnACall_DialsItsPeerWithItsAccount()
    {
        var stage = new ScreenStage(new HistoryScreen()).Press("j", "b");
        Assert.Equal(new PhoneCommand.Dial("sip:300@pbx.example.net", "work"), stage.Asked<PhoneCommand.Dial>());
        Assert.IsType<MainScreen>(stage.Session.Top);
    }

    [Fact]
    public void Open_WithMissedCalls_SeesThemButGoesOnMarkingThem()
    {
        var stage = new ScreenStage(new HistoryScreen());
        Assert.Contains(new PhoneCommand.SeenMissed(), stage.Asked());
        stage.Show(ScreenStage.Sample with { History = [.. ScreenStage.Sample.History.Select(h => h with { IsMissed = false })] });
        Assert.Empty(stage.Asked());
        Assert.Matches("!13:55|! 13:55", stage.Draw(80, 24).ToString());
    }

    [Fact]
    public void Filter_TypedWords_LeaveOnlyTheirCalls_AndEscapeBringsAllBack()
    {
        var stage = new ScreenStage(new HistoryScreen()).Press("/").Type("BOB answ").Press("Enter");
        var shown = stage.Draw(100, 24).ToString();
        Assert.Contains("Bob", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("Carol", shown, StringComparison.Ordinal);
        Assert.Contains("1 of 5", shown, StringComparison.Ordinal);
        Assert.Contains("Carol", stage.Press("Esc").Draw(100, 24).ToString(), StringComparison.Ordinal);
        Assert.IsType<HistoryScreen>(stage.Session.Top);
    }

    [Fact]
    public void SaveContact_OfACall_StartsTheFormWithItsPeer()
    {
        var stage = new ScreenStage(new HistoryScreen()).Press("j", "P", "F2");
        Assert.Equal(new Contact("300", "sip:300@pbx.example.net"), stage.Asked<PhoneCommand.SaveContact>().Contact);
    }

    [Theory]
    [InlineData(20, 5)]
    [InlineData(1, 1)]
    [InlineData(40, 12)]
    public void Draw_InAnySize_DoesNotThrow(int width, int height)
    {
        foreach (Screen screen in new Screen[] { new HistoryScreen(), new ContactsScreen(), new SettingsScreen(), new WizardScreen() })
            Assert.Equal(width, new ScreenStage(screen).Draw(width, height).Width);
    }
}
