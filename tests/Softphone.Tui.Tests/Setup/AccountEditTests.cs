using Softphone.Phone;

namespace Softphone.Tui.Tests;

/// <summary>An account that is changed on the screen: the wizard's fields, filled with what the file says.</summary>
public sealed class AccountEditTests
{
    private static Profile File { get; } = ProfileDraft.Shown(new Profile
    {
        Name = "work",
        Account = new AccountProfile
        {
            Uri = "sip:201@example.org",
            DisplayName = "Reception",
            Registrar = "sip:pbx.example:5070;transport=tcp",
            Password = new PasswordSource.Literal("hunter2"),
            Expires = 77,
            Preset = AccountPreset.Asterisk,
        },
        Nat = new NatProfile { Mode = NatMode.Ice },
    });

    [Fact]
    public void Edit_ShowsWhatTheFileSays() => Golden.Check(new Person(View(), 80, 24).Type("<Alt-2>E").Look(), "account-edit");

    [Fact]
    public void Edit_ThatIsLeftAsItIs_ChangesNothing()
    {
        var draft = Asked("<F2><F2><F2>");
        Assert.Equal(ProfileWriter.Write(File), ProfileWriter.Write(draft.Profile));
        Assert.Null(draft.Password);
        Assert.Equal(ProfileDraft.Unshown, draft.Whole.Account.Password);
    }

    [Theory]
    [InlineData("<Tab><Tab><Ctrl-u>205", "sip:205@pbx.example", null)]
    [InlineData("<Tab><Tab><Tab><Tab>new secret", "sip:201@example.org", "new secret")]
    public void Edit_OfAField_ChangesThatAlone(string keys, string uri, string? password)
    {
        var draft = Asked($"{keys}<F2><F2><F2>");
        Assert.Equal((uri, password, 77, NatMode.Ice, File.Account.Registrar), (draft.Profile.Account.Uri, draft.Password, draft.Profile.Account.Expires, draft.Profile.Nat.Mode, draft.Profile.Account.Registrar));
        Assert.DoesNotContain("new secret", draft.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("y", true)]
    [InlineData("n", false)]
    public void Delete_IsAskedAbout(string answer, bool isDeleted)
    {
        var person = new Person(View()).Type("<Alt-2>X");
        person.AskedNothing();
        Assert.Contains("work.yaml.deleted is kept", person.Look().ToString(), StringComparison.Ordinal);
        Assert.Equal(isDeleted ? [new PhoneCommand.DeleteProfile("work")] : [], person.Type(answer).Drain());
    }

    [Theory]
    [InlineData("E")]
    [InlineData("X")]
    public void Account_WithoutAFile_CanBeNeither(string key)
    {
        var person = new Person(Views.Idle).Type($"<Alt-2>{key}");
        person.AskedNothing();
        Assert.Contains("softphone profile edit mends it", person.Look().ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("y", true)]
    [InlineData("n", false)]
    public void SecondPhoneOfAProfile_AsksBeforeItRegisters(string answer, bool registers)
    {
        var person = new Person(Views.Idle, 80, 24, new TuiSetup { InUse = [("work", "another softphone (process 4711) uses work already")] });
        person.AskedNothing();
        Assert.Contains("Another softphone (process 4711) uses work already.", person.Look().ToString(), StringComparison.Ordinal);
        Assert.Equal(registers ? [new PhoneCommand.Register("work")] : [], person.Type(answer).Drain());
    }

    private static ProfileDraft Asked(string keys) => new Person(View(), 80, 24).Type($"<Alt-2>E{keys}").Drain().OfType<PhoneCommand.EditProfile>().Single().Draft;

    private static PhoneView View() => Views.Idle with { Accounts = [Views.Idle.Accounts[0] with { Profile = File }, .. Views.Idle.Accounts.Skip(1)] };
}
