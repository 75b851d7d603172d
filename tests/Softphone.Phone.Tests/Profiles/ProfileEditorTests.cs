namespace Softphone.Phone.Tests;

/// <summary>A profile that is changed on the screen keeps what its owner wrote besides.</summary>
public sealed class ProfileEditorTests
{
    private const string Written = """
        # The office, second floor.
        account:
          uri: sip:201@pbx.example.net      # my extension
          display-name: "Reception"
          password-command: pass show sip/201
          registrar: sip:pbx.example.net    # by UDP

        nat:
          # ours is strange
          stun: [stun:stun.example.net]
          turn:
            - urls: [turn:t.example.net]    # the old one
              user: u
              password-env: TURN
        media:
          codecs: [opus, pcma]  # nothing else
        """;

    [Fact]
    public void Edit_OfNothing_ChangesNoLetter() => Assert.Equal(Written, Edit(Written, p => p));

    [Fact]
    public void Edit_OfSomeSettings_LeavesTheRestAndItsComments()
    {
        var edited = Edit(Written, p => p with
        {
            Account = p.Account with { Uri = "sip:202@pbx.example.net", DisplayName = null, Password = new PasswordSource.Literal("a: b #c"), AuthUser = "202x" },
            Nat = p.Nat with { Stun = [] },
            Call = p.Call with { Limit = 3 },
        });
        Assert.Contains("# The office, second floor.", edited, StringComparison.Ordinal);
        Assert.Contains("uri: sip:202@pbx.example.net      # my extension", edited, StringComparison.Ordinal);
        Assert.Contains("# by UDP", edited, StringComparison.Ordinal);
        Assert.Contains("# ours is strange\n  stun: []\n", edited, StringComparison.Ordinal);
        Assert.Contains("# the old one", edited, StringComparison.Ordinal);
        Assert.Contains("codecs: [opus, pcma]  # nothing else", edited, StringComparison.Ordinal);
        Assert.DoesNotContain("password-command", edited, StringComparison.Ordinal);
        Assert.Contains("  password: \"a: b #c\"\n", edited, StringComparison.Ordinal);
        Assert.EndsWith("call:\n  limit: 3\n", edited, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("account:\n    uri: sip:a@b\n    expires: 60 # soon\n")]
    [InlineData("account:\r\n  uri: sip:a@b\r\n  expires: 60\r\n")]
    [InlineData("account: { uri: sip:a@b, expires: 60 }\n")]
    [InlineData("account:\n  expires: 60\n  uri:\n    sip:a@b\n")]
    [InlineData("account:\n  uri: 'sip:a@b'\n  expires: \"60\"")]
    [InlineData("nat:\n  tcp: true\naccount:\n  uri: sip:a@b\n  expires: 60\n# the end")]
    public void Edit_OfHoweverItIsWritten_SaysWhatIsWanted_OrIsRefused(string text)
    {
        Assert.True(ProfileReader.TryRead(text, "f.yaml", out var before, out _));
        var wanted = before with { Account = before.Account with { Uri = "sip:c@d;transport=tcp", Expires = 120, DisplayName = "x: y" } };
        if (!ProfileEditor.TryEdit(text, "f.yaml", before, wanted, out var edited)) return;
        Assert.True(ProfileReader.TryRead(edited, "f.yaml", out var after, out var errors), $"{edited}\n{string.Join('\n', errors)}");
        Assert.Equal(ProfileWriter.Write(wanted), ProfileWriter.Write(after));
        if (text.Contains('#')) Assert.Contains(text[text.IndexOf('#')..].Split('\n')[0].TrimEnd(), edited, StringComparison.Ordinal);
    }

    [Fact]
    public void Edit_OfAPasswordThatWasNotShown_LeavesIt()
    {
        const string Text = "account:\n  uri: sip:a@b\n  password: hunter2\n";
        Assert.True(ProfileReader.TryRead(Text, "f.yaml", out var file, out _));
        var shown = ProfileDraft.Shown(file);
        Assert.True(ProfileEditor.TryEdit(Text, "f.yaml", shown, shown with { Account = shown.Account with { Expires = 60 } }, out var edited));
        Assert.Contains("password: hunter2", edited, StringComparison.Ordinal);
        Assert.Equal(file.Account.Password, new ProfileDraft(shown).Over(file).Account.Password);
        Assert.DoesNotContain("hunter2", shown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Edit_WhereTheEnvironmentSaysOtherwise_WritesNothingOfThat()
    {
        Assert.True(ProfileReader.TryRead(Written, "f.yaml", out var file, out _));
        var shown = file with { Account = file.Account with { Expires = 90 } };
        Assert.True(ProfileEditor.TryEdit(Written, "f.yaml", shown, shown with { Account = shown.Account with { AuthUser = "me" } }, out var edited));
        Assert.DoesNotContain("expires", edited, StringComparison.Ordinal);
        Assert.Contains("auth-user: me", edited, StringComparison.Ordinal);
    }

    private static string Edit(string text, Func<Profile, Profile> change)
    {
        Assert.True(ProfileReader.TryRead(text, "f.yaml", out var before, out _));
        Assert.True(ProfileEditor.TryEdit(text, "f.yaml", before, change(before), out var edited));
        return edited;
    }
}
