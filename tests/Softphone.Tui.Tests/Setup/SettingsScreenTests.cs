using Softphone.Phone;

namespace Softphone.Tui.Tests;

public sealed class SettingsScreenTests
{
    [Fact]
    public void Draw_DevicesAndAccounts_MatchesTheGoldenScreens() => new ScreenStage(new SettingsScreen()).Press("Tab", "j").Matches("settings");

    [Fact]
    public void Picker_OfTheMicrophone_MatchesTheGoldenScreens() => new ScreenStage(new SettingsScreen()).Press("Enter", "j").Matches("settings-microphone");

    [Fact]
    public void Devices_AreOpenWhileTheScreenIs()
    {
        var stage = new ScreenStage(new SettingsScreen());
        Assert.Equal([new PhoneCommand.Meter(true)], stage.Asked());
        Assert.Equal([new PhoneCommand.Meter(false)], stage.Press("Esc").Asked());
    }

    [Fact]
    public void Picker_Space_TriesADevice_AndEscapeTakesItBack()
    {
        var stage = new ScreenStage(new SettingsScreen());
        stage.Asked();
        stage.Press("Enter", "j", "Space", "Space", "Esc");
        Assert.Equal([new PhoneCommand.UseDevice(DeviceRole.Input, "HDA Intel PCH"), new PhoneCommand.UseDevice(DeviceRole.Input, "USB Headset")], stage.Asked());
        Assert.IsType<SettingsScreen>(stage.Session.Top);
    }

    [Fact]
    public void Picker_Enter_UsesTheDevice()
    {
        var stage = new ScreenStage(new SettingsScreen()).Press("j", "Enter", "G", "Enter");
        Assert.Equal(new PhoneCommand.UseDevice(DeviceRole.Output, "null"), stage.Asked<PhoneCommand.UseDevice>());
    }

    [Fact]
    public void Picker_OfADeviceThatIsGone_KeepsItInTheList()
    {
        var shown = new ScreenStage(new SettingsScreen()).Press("j", "j", "Enter").Draw(80, 24).ToString();
        Assert.Contains("● Old speakers", shown, StringComparison.Ordinal);
        Assert.Contains("✗ not plugged in", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Volume_LeftAndRight_StayInItsRange()
    {
        var stage = new ScreenStage(new SettingsScreen()).Press("j", "j", "j", "Right");
        Assert.Equal(new PhoneCommand.Volume(-2), stage.Asked<PhoneCommand.Volume>());
        stage.Show(ScreenStage.Sample with { Audio = ScreenStage.Sample.Audio with { VolumeDb = 12 } });
        Assert.Equal(new PhoneCommand.Volume(12), stage.Press("Right").Asked<PhoneCommand.Volume>());
    }

    [Theory]
    [InlineData("Enter", typeof(PhoneCommand.UseAccount))]
    [InlineData("R", typeof(PhoneCommand.Register))]
    [InlineData("U", typeof(PhoneCommand.Unregister))]
    public void Account_Keys_AskForIt(string key, Type asked)
    {
        var stage = new ScreenStage(new SettingsScreen());
        stage.Asked();
        Assert.Equal(asked, Assert.Single(stage.Press("Tab", key).Asked()).GetType());
    }

    [Fact]
    public void Account_ThatIsOff_IsRegisteredByTheSameKey()
    {
        var off = ScreenStage.Sample with { Accounts = [new AccountView("work", "sip:a@b", RegistrationState.Unregistered)] };
        var stage = new ScreenStage(new SettingsScreen(), off).Press("Tab", "R");
        Assert.Equal(new PhoneCommand.Register("work"), stage.Asked<PhoneCommand.Register>());
    }

    [Fact]
    public void TestRing_IsPlayed() => new ScreenStage(new SettingsScreen()).Press("J").Asked<PhoneCommand.TestRing>();
}
