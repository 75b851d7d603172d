using System.Globalization;

namespace Softphone.Cli.Tests;

/// <summary>What happens before the screen, and when the program fails.</summary>
public sealed class TuiVerbTests : IDisposable
{
    private const string Work = "account:\n  uri: sip:201@pbx.example.net\n";
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task NoTerminal_SaysWhatToUseInstead()
    {
        var code = await CommandLine.RunAsync([], new VerbHandlers { Tui = new TuiVerb() }, _bench.Context);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("softphone call URI", _bench.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoProfile_StartsWithoutAccounts()
    {
        var options = await _bench.OptionsAsync<TuiOptions>();
        Assert.Empty(options.Profiles);
        Assert.Empty(options.Broken);
    }

    [Fact]
    public async Task AllProfiles_AreUsed_DefaultFirst_AndBrokenOnesTold()
    {
        _bench.AddProfile("attic", Work);
        _bench.AddProfile("default", Work);
        _bench.AddProfile("broken", "account:\n  uri: sip:a@b\nnat:\n  mode: icy\n");
        var options = await _bench.OptionsAsync<TuiOptions>();
        Assert.Equal(["default", "attic"], options.Profiles.Select(p => p.Name));
        Assert.Contains("icy", Assert.Single(options.Broken).Mistake, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OneProfile_AskedFor_IsTheOnlyOne()
    {
        _bench.AddProfile("attic", Work);
        _bench.AddProfile("work", Work);
        Assert.Equal("work", Assert.Single((await _bench.OptionsAsync<TuiOptions>("--profile", "work")).Profiles).Name);
        _bench.Environment["SOFTPHONE_PROFILE"] = "attic";
        Assert.Equal("attic", Assert.Single((await _bench.OptionsAsync<TuiOptions>()).Profiles).Name);
        Assert.Equal(2, await _bench.RunAsync("--profile", "nothing"));
    }

    [Fact]
    public async Task AccountOfTheEnvironment_HasAName()
    {
        _bench.Environment["SOFTPHONE_URI"] = "sip:202@pbx.example.net";
        Assert.Equal("environment", Assert.Single((await _bench.OptionsAsync<TuiOptions>()).Profiles).Name);
    }

    [Fact]
    public void Crash_IsWrittenDownAndTold_Once()
    {
        var folder = Directory.CreateTempSubdirectory("softphone-crash-").FullName;
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        var restored = 0;
        using (var guard = new CrashGuard(new KeptFolders(new Dictionary<string, string> { ["XDG_STATE_HOME"] = folder }), error, () => restored++, new Ending()))
        {
            guard.Tell(new PhoneCrashException(new InvalidOperationException("the pump broke")));
            guard.Tell(new InvalidOperationException("because of it"));
        }

        var report = Directory.GetFiles(Path.Combine(folder, "softphone", "crashes")).Single();
        Assert.Contains("InvalidOperationException: the pump broke", File.ReadAllText(report), StringComparison.Ordinal);
        Assert.Contains(report, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("because of it", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, restored);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Crash_ThatCannotBeWrittenDown_IsToldWhole()
    {
        var file = Path.GetTempFileName();
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        using (var guard = new CrashGuard(new KeptFolders(new Dictionary<string, string> { ["XDG_STATE_HOME"] = file }), error, () => { }, new Ending()))
            guard.Tell(new InvalidOperationException("the pump broke"));
        Assert.Contains("System.InvalidOperationException: the pump broke", error.ToString(), StringComparison.Ordinal);
        File.Delete(file);
    }
}
