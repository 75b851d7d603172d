using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Softphone.Sip;

namespace Softphone.Cli.Tests;

public sealed partial class DocumentTests : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("call")]
    [InlineData("answer")]
    [InlineData("register")]
    [InlineData("options")]
    [InlineData("nat")]
    [InlineData("demo")]
    [InlineData("test")]
    [InlineData("lab", "matrix")]
    [InlineData("ice", "gather")]
    [InlineData("turn", "test")]
    [InlineData("devices")]
    [InlineData("open")]
    [InlineData("profile")]
    [InlineData("profile", "add")]
    public async Task CommandLinePage_NamesEveryFlagAndVerbOfTheHelp(params string[] verb)
    {
        await _bench.RunAsync([.. verb, "--help"]);
        var flags = Flag().Matches(_bench.Out.ToString()).Select(m => m.Value).Distinct().ToList();
        Assert.NotEmpty(flags);
        var page = File.ReadAllText(Path.Combine(Here(), "../../docs/cli.md"));
        Assert.All(flags, flag => Assert.Matches($"{Regex.Escape(flag)}[`\\s]", page));
        Assert.True(page.Contains($"`{verb[^1]}", StringComparison.Ordinal) || page.Contains($"`{string.Join(' ', verb)}`", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("127.0.0.1:5070", "sip:anonymous@127.0.0.1", 5070)]
    [InlineData("127.0.0.1", "sip:anonymous@127.0.0.1", 5060)]
    [InlineData("[::1]:5070", "sip:anonymous@[::1]", 5070)]
    public async Task Answer_Listening_NeedsNoAccount(string at, string uri, int port)
    {
        var options = await _bench.OptionsAsync<AnswerOptions>("answer", "--listen", at);
        Assert.Equal(uri, options.Profile.Account.Uri);
        Assert.Null(options.Profile.Account.Registrar);
        Assert.Equal(port, options.Port);
        Assert.Equal((true, CallsFrom.Anyone), (options.Profile.Account.TakesAnyUser, options.Profile.Account.CallsFrom));
    }

    [Fact]
    public async Task Answer_ListeningAtAName_IsAMistake()
    {
        Assert.Equal(2, await _bench.RunAsync("answer", "--listen", "example.net"));
        Assert.Contains("127.0.0.1:5060", _bench.Error.ToString(), StringComparison.Ordinal);
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    [GeneratedRegex("(?<= )--[a-z][a-z-]*")]
    private static partial Regex Flag();
}
