using Softphone.Cli;
using Softphone.Core;
using Softphone.Phone;

namespace Softphone.Cli.Tests;

public sealed class ProfileVerbTests : IDisposable
{
    private const string Plain = "account:\n  uri: sip:201@pbx.example.net\n";

    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Add_WithoutAPassword_ShowsWhereItIsWritten()
    {
        Assert.Equal(0, await _bench.RunAsync("profile", "add", "office", "--uri", "sip:201@pbx.example.net"));
        var path = _bench.Out.ToString().Trim();
        var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        Assert.Contains("  # password-command: ", text, StringComparison.Ordinal);
        // What the comments show is right once the marks are gone.
        text = text.Replace("  # password-command:", "  password-command:", StringComparison.Ordinal).Replace("  # turn:", "  turn:", StringComparison.Ordinal).Replace("\n  #  ", "\n   ", StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        text = text.Replace("pass show", "echo", StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        Assert.Equal(0, await _bench.RunAsync("profile", "check", "office"));
        Assert.Equal(0, await _bench.RunAsync("profile", "show", "office"));
        Assert.Contains("turn:turn.example.net", _bench.Out.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Accounts of another phone become profiles that their owner alone reads; no secret is shown, nothing is written over.</summary>
    [Fact]
    public async Task Import_WritesAProfileForEachAccount()
    {
        var file = _bench.AddFile("accounts");
        await File.WriteAllTextAsync(file, "<sip:201@pbx.example.net>;auth_pass=s3cret\n<sip:201@other.example.net;transport=tcp>;auth_pass=s3cret;answermode=auto\n", TestContext.Current.CancellationToken);
        Assert.Equal(0, await _bench.RunAsync("profile", "import", file));
        var paths = _bench.Out.ToString().ReplaceLineEndings("\n").TrimEnd().Split('\n');
        Assert.Equal(["201.yaml", "201-other.example.net.yaml"], paths.Select(Path.GetFileName));
        Assert.All(paths, p => Assert.Contains("password: s3cret", File.ReadAllText(p), StringComparison.Ordinal));
        foreach (var path in paths)
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.DoesNotContain("s3cret", $"{_bench.Out}{_bench.Error}", StringComparison.Ordinal);
        Assert.Contains("201-other.example.net: left out: answermode", _bench.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await _bench.RunAsync("profile", "check", "201-other.example.net"));

        Assert.Equal(2, await _bench.RunAsync("profile", "import", file, "--name", "one"));
        Assert.Contains("2 accounts", _bench.Error.ToString(), StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, "user_name=frank\nuser_domain=sip.example.org\n", new System.Text.UnicodeEncoding(false, true), TestContext.Current.CancellationToken);
        Assert.Equal(0, await _bench.RunAsync("profile", "import", file, "--name", "mine"));
        Assert.Equal(2, await _bench.RunAsync("profile", "import", file, "--name", "mine"));
        Assert.Contains("mine.yaml is there already", _bench.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, await _bench.RunAsync("profile", "import", file, "--name", "../out"));
        Assert.Equal(2, await _bench.RunAsync("profile", "import", file, "--from", "pjsua"));
        Assert.Equal(2, await _bench.RunAsync("profile", "import", Path.Combine(_bench.ProfileFolder, "nothing")));
        await File.WriteAllTextAsync(file, "a novel", TestContext.Current.CancellationToken);
        Assert.Equal(2, await _bench.RunAsync("profile", "import", file));
        Assert.Contains("--from names one of baresip", _bench.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("asterisk", "at the server: endpoint: ice_support=yes")]
    [InlineData("fritzbox", "no ICE")]
    [InlineData("strict", "RFC 8839")]
    public async Task Add_WithAPreset_TellsWhatItSets(string preset, string told)
    {
        Assert.Equal(0, await _bench.RunAsync("profile", "add", "office", "--uri", "sip:201@pbx.example.net", "--preset", preset));
        Assert.Contains($"preset {preset}: ", _bench.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains(told, _bench.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rename_AndDelete_MoveTheFile_AndLoseNothing()
    {
        var path = _bench.AddProfile("office", Plain);
        Assert.Equal(0, await _bench.RunAsync("profile", "rename", "office", "work"));
        Assert.False(File.Exists(path));
        Assert.Equal(2, await _bench.RunAsync("profile", "rename", "office", "other"));
        Assert.Contains("there is no profile \"office\"; there are: work", _bench.Error.ToString(), StringComparison.Ordinal);
        _bench.AddProfile("office", Plain);
        Assert.Equal(2, await _bench.RunAsync("profile", "rename", "office", "work"));
        Assert.Equal(2, await _bench.RunAsync("profile", "rename", "office", "../out"));
        Assert.Equal(0, await _bench.RunAsync("profile", "delete", "work"));
        Assert.Equal(0, await _bench.RunAsync("profile", "list"));
        Assert.EndsWith("office  sip:201@pbx.example.net\n", _bench.Out.ToString().ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal(Plain, await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(path)!, "work.yaml.deleted"), TestContext.Current.CancellationToken));
        Assert.Equal(2, await _bench.RunAsync("profile", "delete", "/etc/passwd.yaml"));
    }

    [Fact]
    public async Task Show_AsJson_IsOneObjectWithTheTypesOfItsValues()
    {
        _bench.AddProfile("office", Plain + "  expires: 90\n  display-name: \"12\"\naudio:\n  input: \"null\"\nnat:\n  stun: [stun:stun.example.net]\n");
        Assert.Equal(0, await _bench.RunAsync("profile", "show", "office", "--json"));
        using var json = System.Text.Json.JsonDocument.Parse(_bench.Out.ToString());
        var (account, audio) = (json.RootElement.GetProperty("account"), json.RootElement.GetProperty("audio"));
        Assert.Equal(("office", 90, "12", "null"), (json.RootElement.GetProperty("profile").GetString(), account.GetProperty("expires").GetInt32(), account.GetProperty("display-name").GetString(), audio.GetProperty("input").GetString()));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, account.GetProperty("auth-user").ValueKind);
        Assert.Equal("stun:stun.example.net", json.RootElement.GetProperty("nat").GetProperty("stun")[0].GetString());
    }

    [Fact]
    public async Task List_NamesProfilesAndSaysWhichAreBroken()
    {
        _bench.AddProfile("office", Plain);
        _bench.AddProfile("b", "account:\n  urri: x\n");
        Assert.Equal(0, await _bench.RunAsync("profile", "list"));
        var lines = _bench.Out.ToString().Split('\n');
        Assert.StartsWith("b       (broken: ", lines[0]);
        Assert.Contains("b.yaml:2: unknown key \"urri\" in account; the nearest known key is account.uri", lines[0]);
        Assert.Equal("office  sip:201@pbx.example.net", lines[1]);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    public async Task Profile_NestedWithoutEnd_IsAMistakeWithItsLine_AndKeepsNothingElseFromStarting(string opening)
    {
        var path = _bench.AddProfile("deep", string.Concat(Enumerable.Repeat(opening, 50_000)));
        Assert.Equal(2, await _bench.RunAsync("profile", "check", "deep"));
        Assert.Contains($"{path}:1: is nested too deeply", _bench.Error.ToString(), StringComparison.Ordinal);
        _bench.AddProfile("office", Plain);
        var screen = await _bench.OptionsAsync<TuiOptions>();
        Assert.Equal("office", Assert.Single(screen.Profiles).Name);
        Assert.Contains("is nested too deeply", Assert.Single(screen.Broken).Mistake, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Profile_WithoutEnd_IsRefused()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("no such device");
        Assert.Equal(2, await _bench.RunAsync("profile", "check", "/dev/zero"));
    }

    [Fact]
    public async Task List_WithoutProfiles_SaysWhereTheyWouldBe()
    {
        Assert.Equal(0, await _bench.RunAsync("profile", "list"));
        Assert.Equal($"softphone: no profiles in {_bench.ProfileFolder}\n", _bench.Error.ToString());
    }

    [Fact]
    public async Task Check_NamesEveryMistakeWithFileAndLine()
    {
        var path = _bench.AddProfile("office", "account:\n  uri: sip:201@pbx.example.net\n  expires: never\nmedia:\n  codec: [opus]\n");
        Assert.Equal(2, await _bench.RunAsync("profile", "check", "office"));
        Assert.Equal(
            $"softphone: {path}:3: account.expires \"never\" is not allowed: seconds from 10 to 86400\n" +
            $"softphone: {path}:5: unknown key \"codec\" in media; the nearest known key is media.codecs\n",
            _bench.Error.ToString());
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 0)]
    public async Task Password_InAFile_NeedsMode0600(bool open, int code)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "modes are Unix");
        var path = _bench.AddProfile("office", Plain + "  password: hunter2\n", open);
        Assert.Equal(code, await _bench.RunAsync("profile", "check", "office"));
        if (open) Assert.Contains($"chmod 600 {path}", _bench.Error.ToString());
        Assert.DoesNotContain("hunter2", _bench.Error.ToString() + _bench.Out);
    }

    [Fact]
    public async Task Profile_WithoutAPassword_MayBeReadByAll()
    {
        _bench.AddProfile("office", Plain + "  password-env: PW\n", open: true);
        _bench.Environment["PW"] = "hunter2";
        Assert.Equal(0, await _bench.RunAsync("profile", "check", "office"));
        Assert.Equal("office: sip:201@pbx.example.net is in order\n", _bench.Out.ToString());
    }

    [Fact]
    public async Task Show_PrintsAProfileThatReadsBack_WithoutThePassword()
    {
        _bench.AddProfile(
            "office",
            Plain + "  password: hunter2\n  display-name: \"null\"\n  auth-user: \"0201\"\nnat:\n  turn:\n    - urls: [turns:t.example]\n      user: 'it''s \"u\" #1'\n      password-env: T\n");
        _bench.Environment["SOFTPHONE_CODECS"] = "pcmu";
        Assert.Equal(0, await _bench.RunAsync("profile", "show", "office"));
        var text = _bench.Out.ToString();
        Assert.DoesNotContain("hunter2", text);
        Assert.Contains("# password: (hidden)", text);
        Assert.True(ProfileReader.TryRead(text, "again", out var profile, out var errors), string.Join("\n", errors) + text);
        Assert.Equal(("null", "0201", "it's \"u\" #1"), (profile.Account.DisplayName, profile.Account.AuthUser, profile.Nat.Turn[0].User));
        Assert.Equal("PCMU", Assert.Single(profile.Media.Codecs).Name);
    }

    [Fact]
    public async Task Add_WritesAFileForTheOwnerAlone_ThatReadsBack()
    {
        Assert.Equal(
            0,
            await _bench.RunAsync(
                "profile", "add", "office", "--uri", "sip:201@pbx.example.net", "--password-command", "pass show 'sip/201' | head -1", "--preset", "asterisk", "--stun", "stun:s.example"));
        var path = _bench.Out.ToString().TrimEnd();
        Assert.Equal(Path.Combine(_bench.ProfileFolder, "office.yaml"), path);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.True(_bench.Context.Profiles.TryLoad("office", out var profile, out _));
        Assert.Equal(new PasswordSource.Command("pass show 'sip/201' | head -1"), profile.Account.Password);
        Assert.Equal(AccountPreset.Asterisk, profile.Account.Preset);
        Assert.Equal(2, await _bench.RunAsync("profile", "add", "office", "--uri", "sip:202@pbx.example.net"));
        Assert.Contains("is there already", _bench.Error.ToString());
    }

    [Theory]
    [InlineData("sip:201@pbx.example.net:5070", null, "sip:pbx.example.net:5070")]
    [InlineData("sip:201@pbx.example.net", "sip:reg.example.net;transport=tcp", "sip:reg.example.net;transport=tcp")]
    [InlineData("sip:201@pbx.example.net", "none", null)]
    [InlineData("sip:201@[2001:db8::1]:5070", null, "sip:[2001:db8::1]:5070")]
    public async Task Add_RegistersAtTheDomain_UnlessToldOtherwise(string uri, string? registrar, string? expected)
    {
        string[] args = ["profile", "add", "office", "--uri", uri, .. registrar is null ? [] : new[] { "--registrar", registrar }];
        Assert.Equal(0, await _bench.RunAsync(args));
        Assert.True(_bench.Context.Profiles.TryLoad("office", out var profile, out _));
        Assert.Equal(expected, profile.Account.Registrar);
    }

    [Theory]
    [InlineData("../evil", "sip:a@b.example", "is no name for a profile")]
    [InlineData(".hidden", "sip:a@b.example", "is no name for a profile")]
    [InlineData("ok", "nobody", "--uri: \"nobody\" is no SIP address")]
    public async Task Add_OfSomethingWrong_WritesNothing(string name, string uri, string message)
    {
        Assert.Equal(2, await _bench.RunAsync("profile", "add", name, "--uri", uri));
        Assert.Contains(message, _bench.Error.ToString());
        Assert.False(Directory.Exists(_bench.ProfileFolder) && Directory.EnumerateFiles(_bench.ProfileFolder).Any());
    }

    [Fact]
    public async Task Edit_RunsTheEditorAndChecksAfterwards()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the editor of this test is a shell script");
        var path = _bench.AddProfile("office", Plain);
        _bench.Environment["EDITOR"] = "sed -i s/uri/urri/";
        Assert.Equal(2, await _bench.RunAsync("profile", "edit", "office"));
        Assert.Contains($"{path}:2: unknown key \"urri\"", _bench.Error.ToString());
        _bench.Environment["VISUAL"] = "sed -i s/urri/uri/";
        Assert.Equal(0, await _bench.RunAsync("profile", "edit", "office"));
    }

    [Fact]
    public async Task Path_PrintsTheFolderOrTheFile()
    {
        await _bench.RunAsync("profile", "path");
        await _bench.RunAsync("profile", "path", "office");
        Assert.Equal($"{_bench.ProfileFolder}\n{Path.Combine(_bench.ProfileFolder, "office.yaml")}\n", _bench.Out.ToString());
    }

    [Fact]
    public void Choice_IsTheOneAsked_ElseTheVariable_ElseDefault_ElseTheOnlyOne()
    {
        Assert.Equal("", _bench.Context.Profiles.Choose(null).Name);
        var path = _bench.AddProfile("office", Plain);
        Assert.Equal("office", _bench.Context.Profiles.Choose(null).Name);
        _bench.AddProfile("home", Plain);
        Assert.Equal("", _bench.Context.Profiles.Choose(null).Name);
        _bench.AddProfile("default", Plain);
        Assert.Equal("default", _bench.Context.Profiles.Choose(null).Name);
        _bench.Environment["SOFTPHONE_PROFILE"] = "home";
        Assert.Equal("home", _bench.Context.Profiles.Choose(null).Name);
        Assert.Equal("office", _bench.Context.Profiles.Choose(path).Name);
        Assert.Contains("there are: default, home, office", Assert.Throws<UsageException>(() => _bench.Context.Profiles.Choose("shop")).Message);
    }

    [Theory]
    [InlineData("printf 'hunter2\\r\\nsecond\\n'", "hunter2", null)]
    [InlineData("echo hunter2; echo no key >&2; exit 3", null, "ended with 3 (no key)")]
    [InlineData("true", null, "printed nothing")]
    [InlineData("sleep 5", null, "took longer than 1 s")]
    public void PasswordCommand_GivesItsFirstLine_OrAReasonWithoutTheSecret(string command, string? expected, string? why)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the commands are those of a Unix shell");
        var fetcher = new SecretFetcher(_bench.Environment) { Patience = TimeSpan.FromSeconds(1) };
        Assert.Equal(expected is not null, fetcher.TryFetch(new PasswordSource.Command(command), out var secret, out var fault));
        Assert.Equal(expected, secret);
        if (why is not null)
        {
            Assert.Equal(Layer.Profile, fault!.Layer);
            Assert.EndsWith(why, fault.What);
        }
    }

    [Fact]
    public void PasswordOfAVariable_IsItsValue_OrAFaultThatNamesIt()
    {
        _bench.Environment["PW"] = "hunter2";
        var fetcher = new SecretFetcher(_bench.Environment);
        Assert.True(fetcher.TryFetch(new PasswordSource.Environment("PW"), out var secret, out _));
        Assert.Equal("hunter2", secret);
        Assert.False(fetcher.TryFetch(new PasswordSource.Environment("NONE"), out _, out var fault));
        Assert.Contains("NONE", fault.What);
        Assert.True(fetcher.TryFetch(null, out var empty, out _));
        Assert.Equal("", empty);
    }
}
