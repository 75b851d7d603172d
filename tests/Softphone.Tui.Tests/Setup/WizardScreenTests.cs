using Softphone.Core;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui.Tests;

public sealed class WizardScreenTests
{
    private static readonly TuiSetup First = new() { NeedsProfile = true };
    private static readonly PhoneView Nothing = new() { Now = Instant.Zero, Clock = ScreenStage.At(21, 14, 2) };

    [Fact]
    public void Preset_Page_MatchesTheGoldenScreens() => Wizard().Matches("wizard-1-server");

    [Fact]
    public void Account_Page_MatchesTheGoldenScreens() => AtAccount().Type("pbx.example.net").Press("Tab", "Tab").Type("201").Press("Tab", "Tab").Type("secret").Matches("wizard-2-account");

    [Fact]
    public void Account_WithMistakes_MatchesTheGoldenScreens() => AtAccount().Type("pbx example").Press("F2").Matches("wizard-2-mistakes");

    [Fact]
    public void Nat_Page_MatchesTheGoldenScreens() => AtNat().Type("stun.example.net").Press("Tab").Type("turn.example.net, turns:turn.example.net:443").Press("Tab").Type("u").Matches("wizard-3-nat");

    [Fact]
    public void Review_Page_MatchesTheGoldenScreens() => AtReview().Matches("wizard-4-review");

    [Fact]
    public void Registering_MatchesTheGoldenScreens() => Created().Show(Nothing with { Accounts = [Account(RegistrationState.Registering)] }).Matches("wizard-5-registering");

    [Fact]
    public void Registered_MatchesTheGoldenScreens() => Registered().Matches("wizard-5-registered");

    [Fact]
    public void Failed_MatchesTheGoldenScreens() => Failed().Matches("wizard-5-failed");

    [Fact]
    public void TestCall_MatchesTheGoldenScreens()
    {
        var stage = Registered().Type("9196").Press("Enter");
        stage.Show(RegisteredView with
        {
            Calls =
            [
                new CallView(new CallId(7), CallState.Connected, CallDirection.Outgoing, "sip:9196@pbx.example.net")
                {
                    Began = Instant.Zero, Talked = TimeSpan.FromSeconds(3), Path = "host", Account = "pbx", Explanation = "Sound goes directly: both are in one network.",
                },
            ],
        }).Matches("wizard-5-call");
    }

    [Fact]
    public void Answers_MakeTheProfileThatAPersonWouldWrite()
    {
        var draft = Created(out _);
        Assert.Equal("pbx", draft.Profile.Name);
        Assert.Equal(
            """
            account:
              uri: sip:201@pbx.example.net
              password: secret
              registrar: sip:pbx.example.net
              preset: asterisk
            nat:
              stun: [stun:stun.example.net]

            """.ReplaceLineEndings("\n"),
            ProfileWriter.WriteNew(draft.Whole, withSecrets: true));
        Assert.True(ProfileReader.TryRead(ProfileWriter.WriteNew(draft.Whole, withSecrets: true), "pbx.yaml", out var read, out _));
        Assert.True(PhoneSetup.TryFrom(read, new ProfileSecrets("secret", []), out _, out var fault), fault?.ToString());
    }

    [Fact]
    public void Answers_OfEveryKind_AreInTheProfile()
    {
        var stage = Wizard().Press("Down", "Down", "Enter").Type("edge.example.net:5070").Press("Tab", "Right", "Right", "Tab").Type("alice@example.net")
            .Press("Tab", "Right", "Tab").Type("pass show sip").Press("Tab").Type("Alice").Press("Tab").Type("al").Press("F2")
            .Press("Tab").Type("turn.example.net,turns:turn.example.net:443").Press("Tab").Type("u").Press("Tab", "Right", "Right", "Tab").Type("TURN_PW").Press("F2").Type("mine").Press("Enter");
        var draft = stage.Asked<PhoneCommand.CreateProfile>().Draft;
        Assert.Null(draft.Password);
        Assert.Equal(
            """
            account:
              uri: sip:alice@example.net
              display-name: Alice
              auth-user: al
              password-command: "pass show sip"
              registrar: sip:edge.example.net:5070;transport=tcp
              preset: kamailio
            nat:
              turn:
                - urls: [turn:turn.example.net, turns:turn.example.net:443]
                  user: u
                  password-env: TURN_PW

            """.ReplaceLineEndings("\n"),
            ProfileWriter.WriteNew(draft.Whole, withSecrets: true));
        Assert.True(ProfileReader.TryRead(ProfileWriter.WriteNew(draft.Whole, withSecrets: true), "mine.yaml", out _, out var errors), string.Join('\n', errors));
    }

    [Fact]
    public void Back_FromEveryPage_LosesNothing()
    {
        var stage = AtReview().Press("Esc", "Esc", "Esc");
        Assert.Contains("Which kind of server", stage.Draw(80, 24).ToString(), StringComparison.Ordinal);
        stage.Press("F2", "F2", "F2", "Enter");
        Assert.Equal(ProfileWriter.WriteNew(Created(out _).Whole, withSecrets: true), ProfileWriter.WriteNew(stage.Asked<PhoneCommand.CreateProfile>().Draft.Whole, withSecrets: true));
    }

    [Fact]
    public void Mistake_IsToldWhenTheFieldIsLeft_AndGoesWhenItIsMended()
    {
        var stage = AtAccount().Type("pbx example");
        Assert.DoesNotContain("✗", stage.Draw(80, 24).ToString(), StringComparison.Ordinal);
        Assert.Contains("✗ \"pbx example\" is no name", stage.Press("Tab").Draw(80, 24).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("✗", stage.Press("Up").Press("Home", "Right", "Right", "Right", "Delete").Draw(80, 24).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Layer.Authentication, "typed")]
    [InlineData(Layer.Dns, "Server")]
    [InlineData(Layer.Sip, "User")]
    [InlineData(Layer.Tls, "Transport")]
    public void Failure_EnterLeadsBackToTheFieldAtFault(Layer layer, string field)
    {
        var stage = Created();
        stage.Show(Nothing with { Accounts = [Account(RegistrationState.Failed) with { Problem = new Fault(layer, "it failed", "mend it") }] }).Press("Enter");
        Assert.Matches($"▸ +{field}", stage.Draw(80, 24).ToString());
    }

    [Fact]
    public void Tls_AsksForFingerprintAndIssuer_AndARefusalLeadsThere()
    {
        var digits = string.Concat(Enumerable.Repeat("aB", 32));
        var stage = AtAccount().Type("pbx.example.net").Press("Tab");
        Assert.DoesNotContain("Fingerprint", stage.Draw(80, 24).ToString(), StringComparison.Ordinal);
        stage.Press("Left", "Tab").Type("sha1:00").Press("Tab");
        Assert.Contains("64 hexadecimal digits", stage.Draw(80, 30).ToString(), StringComparison.Ordinal);
        stage.Press("Up", "End", "Backspace", "Backspace", "Backspace", "Backspace", "Backspace", "Backspace", "Backspace").Type($"sha256:{digits}").Press("Tab").Type("/etc/ssl/office.pem").Press("Tab");
        stage.Type("201").Press("Tab", "Tab").Type("secret").Press("F2", "F2", "Enter");
        var made = stage.Asked<PhoneCommand.CreateProfile>().Draft.Profile;
        Assert.Equal([$"sha256:{digits.ToLowerInvariant()}"], made.Tls.Fingerprints);
        Assert.Equal(["/etc/ssl/office.pem"], made.Tls.Ca);
        Assert.Equal("sip:pbx.example.net;transport=tls", made.Account.Registrar);
        stage.Show(Nothing with { Accounts = [Account(RegistrationState.Failed) with { Problem = new Fault(Layer.Tls, "refused", "mend it") }] }).Press("Enter");
        Assert.Matches("▸ +Fingerprint", stage.Draw(80, 30).ToString());
    }

    [Fact]
    public void Mended_ProfileTakesThePlaceOfTheFirst()
    {
        var stage = Failed().Press("Enter").Type("2").Press("F2", "F2", "Enter");
        var draft = stage.Asked<PhoneCommand.CreateProfile>().Draft;
        Assert.Equal(("secret2", "pbx"), (draft.Password, draft.Replaces));
    }

    [Fact]
    public void ProfileThatCannotBeMade_IsToldFromTheLog()
    {
        var stage = Created().Show(Nothing with { Events = [new EventLine(Nothing.Clock, "the disk is full", IsProblem: true)] });
        Assert.Contains("the disk is full", stage.Draw(80, 24).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Name_OfAProfileThatIsThere_IsNotProposedNorTaken()
    {
        var stage = AtReview(First with { ProfileNames = ["pbx"] });
        Assert.Contains("pbx-2.yaml", stage.Draw(80, 24).ToString(), StringComparison.Ordinal);
        Assert.Contains("✗ there is a profile pbx already", stage.Type("pbx").Press("Enter").Draw(80, 24).ToString(), StringComparison.Ordinal);
        Assert.Empty(stage.Asked());
    }

    [Fact]
    public void Password_IsOnNoScreen()
    {
        var stage = AtReview();
        for (var i = 0; i < 4; i++, stage.Press("Esc")) Assert.DoesNotContain("secret", stage.Draw(160, 50).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void TestCall_IsDialledWithTheNewAccount_AndAnEmptyLineEnds()
    {
        var stage = Registered().Type("9196").Press("Enter");
        Assert.Equal(new PhoneCommand.Dial("9196", "pbx"), stage.Asked<PhoneCommand.Dial>());
        Assert.IsType<MainScreen>(Registered().Press("Enter").Session.Top);
    }

    [Theory]
    [InlineData("pbx.example.net", true)]
    [InlineData("192.0.2.1:5060", true)]
    [InlineData("[2001:db8::1]:5060", true)]
    [InlineData("", false)]
    [InlineData("sip:pbx", false)]
    [InlineData("pbx:99999", false)]
    [InlineData("a@pbx", false)]
    public void Server_IsANameOrAnAddress(string text, bool isRight)
    {
        var shown = AtAccount().Type(text).Press("Tab").Draw(80, 24).ToString();
        Assert.Equal(isRight, !shown.Contains('✗', StringComparison.Ordinal));
    }

    private static PhoneView RegisteredView => Nothing with { Accounts = [Account(RegistrationState.Registered)] };

    private static ScreenStage Wizard(TuiSetup? setup = null) => new(new WizardScreen(), Nothing, setup ?? First);

    private static ScreenStage AtAccount(TuiSetup? setup = null) => Wizard(setup).Press("Enter");

    private static ScreenStage AtNat(TuiSetup? setup = null) => AtAccount(setup).Type("pbx.example.net").Press("Tab", "Tab").Type("201").Press("Tab", "Tab").Type("secret").Press("F2");

    private static ScreenStage AtReview(TuiSetup? setup = null) => AtNat(setup).Type("stun.example.net").Press("F2");

    private static ScreenStage Created() => AtReview().Press("Enter");

    private static ProfileDraft Created(out ScreenStage stage) => (stage = Created()).Asked<PhoneCommand.CreateProfile>().Draft;

    private static ScreenStage Registered()
    {
        Created(out var stage);
        return stage.Show(RegisteredView);
    }

    private static ScreenStage Failed()
    {
        Created(out var stage);
        return stage.Show(Nothing with
        {
            Accounts =
            [
                Account(RegistrationState.Failed) with
                {
                    Problem = new Fault(Layer.Authentication, "pbx.example.net does not accept the password of 201 (401 Unauthorized)", "check account.auth-user and the password"),
                    RetryIn = TimeSpan.FromSeconds(30),
                },
            ],
        });
    }

    private static AccountView Account(RegistrationState state) => new("pbx", "sip:201@pbx.example.net", state)
    {
        Server = "203.0.113.5:5060",
        Transport = "udp",
        RegisteredIn = state == RegistrationState.Registered ? TimeSpan.FromMilliseconds(84) : null,
    };
}
