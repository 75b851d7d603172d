namespace Softphone.Phone.Tests;

public sealed class ProfileWriterTests
{
    [Fact]
    public void WriteNew_PlainAccount_HasOnlyWhatIsNoDefault()
    {
        var profile = new Profile { Name = "office", Account = new AccountProfile { Uri = "sip:201@pbx.example.net", Registrar = "sip:pbx.example.net", Preset = AccountPreset.Asterisk } };
        Assert.Equal("account:\n  uri: sip:201@pbx.example.net\n  registrar: sip:pbx.example.net\n  preset: asterisk\n", ProfileWriter.WriteNew(profile, withSecrets: false));
    }

    [Theory]
    [InlineData("account: { uri: sip:a@b }")]
    [InlineData("account: { uri: sip:a@b, password: '  \"x\\y: #z' , digest: sha256, expires: 60, preset: strict, display-name: 'null' }\nnat: { mode: relay, tcp: true, mobility: true }")]
    [InlineData("account: { uri: sip:a@b, password-env: PW }\nnat: { turn: [{ urls: [turn:t, turns:t:443], user: u, password: p }, { urls: turn:v, secret: s3, ttl: 1h }], stun: [stun:s] }")]
    [InlineData("account: { uri: sip:a@b, password: '201' }\nmedia: { codecs: [pcma], srtp: off, jitter-buffer: 0ms-1s }\naudio: { input: 'USB: 2', processing: off }")]
    [InlineData("account: { uri: sip:a@b }\ncall: { do-not-disturb: true, do-not-disturb-status: 480, auto-answer: 0s, auto-answer-from: [all] }")]
    [InlineData("account: { uri: sip:a@b }\ncall: { auto-answer: 2s, auto-answer-from: ['202', 'sip:bob@x'], forward-busy: 'sip:204@pbx;user=phone', forward-no-answer: sips:c@d, forward-after: 1m }")]
    [InlineData("account: { uri: sip:a@b }\ncall: { forward-always: 'sip:+49@h:5070' }")]
    public void WriteNew_WithSecrets_ReadsBackTheSame(string text)
    {
        var profile = Read(text);
        var again = Read(ProfileWriter.WriteNew(profile, withSecrets: true));
        Assert.Equal(ProfileWriter.WriteNew(profile, withSecrets: true), ProfileWriter.WriteNew(again, withSecrets: true));
        Assert.Equal(ProfileWriter.Write(profile), ProfileWriter.Write(again));
        Assert.Equal(profile.Account, again.Account);
        Assert.Equal(profile.Call with { Manners = CallManners.None }, again.Call with { Manners = CallManners.None });
        Assert.Equal(profile.Call.Manners with { AutoAnswerFrom = [] }, again.Call.Manners with { AutoAnswerFrom = [] });
        Assert.Equal(profile.Call.Manners.AutoAnswerFrom, again.Call.Manners.AutoAnswerFrom);
    }

    [Fact]
    public void WriteNew_WithoutSecrets_ShowsNone()
    {
        var profile = Read("account: { uri: sip:a@b, password: hunter2 }\nnat: { turn: [{ urls: turn:t, user: u, password: hunter3 }] }");
        Assert.DoesNotContain("hunter", ProfileWriter.WriteNew(profile, withSecrets: false), StringComparison.Ordinal);
    }

    [Fact]
    public void Draft_TypedPassword_IsInItsFileAndInNoOtherText()
    {
        var draft = new ProfileDraft(new Profile { Name = "office", Account = new AccountProfile { Uri = "sip:201@pbx.example.net" } }, "hunter2");
        Assert.DoesNotContain("hunter2", draft.ToString(), StringComparison.Ordinal);
        Assert.Equal(new PasswordSource.Literal("hunter2"), Read(ProfileWriter.WriteNew(draft.Whole, withSecrets: true)).Account.Password);
    }

    private static Profile Read(string text)
    {
        Assert.True(ProfileReader.TryRead(text, "f.yaml", out var profile, out var errors), string.Join('\n', errors));
        return profile;
    }
}
