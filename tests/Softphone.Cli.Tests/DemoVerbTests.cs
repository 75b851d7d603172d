using Softphone.Media;

namespace Softphone.Cli.Tests;

/// <summary>Where the demonstration records, and how long it goes on.</summary>
public sealed class DemoVerbTests : IDisposable
{
    private readonly Bench _bench = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("softphone-demo-test-").FullName;

    public void Dispose()
    {
        _bench.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Demo_WithoutAFolder_MakesOneOfItsOwnAndNamesIt()
    {
        Assert.Equal(0, await RunAsync("demo", "--for", "2s"));
        var told = _bench.Out.ToString().Split('\n').Where(l => l.EndsWith("-heard.wav", StringComparison.Ordinal)).Select(l => l[l.LastIndexOf("  ", StringComparison.Ordinal)..].Trim()).ToList();
        Assert.Equal(2, told.Count);
        Assert.All(told, file => Assert.True(new FileInfo(file).Length > 100_000, file));
        var made = Path.GetDirectoryName(told[0])!;
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(made));
            foreach (var file in told) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        Directory.Delete(made, recursive: true);
    }

    /// <summary>The first thing that somebody reads of this phone is what it prints; "..." stands where lines are left out.</summary>
    [Fact]
    public async Task Readme_ShowsWhatTheDemoPrints()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "README.md"));
        var block = readme.ReplaceLineEndings("\n").Split("```\n$ ./build.sh ", 2)[1].Split("\n```", 2)[0];
        var (command, shown) = (block[..block.IndexOf('\n', StringComparison.Ordinal)], $"{block[block.IndexOf('\n', StringComparison.Ordinal)..]}\n");
        Assert.Equal(0, await RunAsync([.. command.Split(' '), "--out", _folder]));
        var printed = Words(_bench.Out.ToString().Replace($"  {Path.Combine(_folder, "alice-heard.wav")}", "", StringComparison.Ordinal));
        var at = 0;
        foreach (var part in shown.Split("\n...\n").Select(Words).Where(p => p.Length > 0))
        {
            at = printed.IndexOf(part, at, StringComparison.Ordinal);
            Assert.True(at >= 0, $"the demo does not print, or not there: {part}\nit prints: {printed}");
        }

        // Lines are wrapped there; how like the speech is what was heard depends on the coder's library.
        static string Words(string text) => System.Text.RegularExpressions.Regex.Replace(System.Text.RegularExpressions.Regex.Replace(text, "match [0-9.]+", "match"), "\\s+", " ").Trim();
    }

    [Fact]
    public async Task Demo_WithAFolder_RecordsThereAndOverwritesWhatIsItsOwn()
    {
        var named = Path.Combine(_folder, "a", "b");
        Assert.Equal(0, await RunAsync("demo", "--for", "2s", "--out", named, "--json"));
        Assert.Equal(0, await RunAsync("demo", "--for", "3s", "--out", named, "--json"));
        Assert.Equal(["alice-heard.wav", "bob-heard.wav"], Directory.GetFiles(named).Select(Path.GetFileName).Order());
        Assert.Contains(named, _bench.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file")]
    [InlineData("file/below")]
    public async Task Demo_WithAFolderThatCannotBe_SaysSoAndEndsWith2(string name)
    {
        File.WriteAllText(Path.Combine(_folder, "file"), "");
        Assert.Equal(2, await RunAsync("demo", "--for", "1s", "--out", Path.Combine(_folder, name)));
        Assert.Contains("recording", _bench.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_OfMoreThanThreeMinutes_GoesOnToItsEnd()
    {
        Assert.Equal(0, await RunAsync("demo", "--for", "200s", "--out", _folder));
        Assert.Contains("alice  call over: 200 hung up", _bench.Out.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("did not end", _bench.Error.ToString(), StringComparison.Ordinal);
        Assert.True(new FileInfo(Path.Combine(_folder, "alice-heard.wav")).Length > 199 * 96_000);
    }

    private async Task<int> RunAsync(params string[] args) =>
        (int)await CommandLine.RunAsync(args, new VerbHandlers { Demo = new DemoVerb() }, _bench.Context);

    private static string Here([System.Runtime.CompilerServices.CallerFilePath] string file = "") => file;
}
