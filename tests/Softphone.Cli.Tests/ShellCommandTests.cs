namespace Softphone.Cli.Tests;

/// <summary>The manual page and the shells' completions, both of which come from the commands themselves.</summary>
public sealed class ShellCommandTests : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Manual_NamesEveryVerbFlagAndExitCode()
    {
        Assert.Equal(ExitCode.Ok, await RunAsync("manual"));
        var page = _bench.Out.ToString().Replace("\\-", "-", StringComparison.Ordinal);
        Assert.StartsWith(".TH SOFTPHONE 1", page, StringComparison.Ordinal);
        foreach (var said in new[] { ".SS softphone calls show", ".SS softphone completion SHELL", ".SS softphone profile add", "--report", "--pcap" })
            Assert.Contains(said, page, StringComparison.Ordinal);
        foreach (var code in Enum.GetValues<ExitCode>()) Assert.Contains($".B {(int)code}\n{ExitCodes.Meaning(code)}", page, StringComparison.Ordinal);
    }

    /// <summary>A line of text that began with a dot would be taken for a request and vanish.</summary>
    [Fact]
    public async Task Manual_LinesThatBeginWithADot_AreRequestsAlone()
    {
        Assert.Equal(ExitCode.Ok, await RunAsync("manual"));
        string[] known = [".TH", ".SH", ".SS", ".TP", ".B", ".BR", ".I", ".PP", ".nf", ".fi", ".RS", ".RE"];
        foreach (var line in _bench.Out.ToString().Split('\n').Where(l => l.StartsWith('.') || l.StartsWith('\'')))
            Assert.Contains(line.Split(' ')[0], known);
    }

    [Theory]
    [InlineData("bash", "complete -F")]
    [InlineData("zsh", "#compdef softphone")]
    [InlineData("fish", "complete -c softphone")]
    public async Task Completion_OfAShell_AsksTheProgram(string shell, string said)
    {
        Assert.Equal(ExitCode.Ok, await RunAsync("completion", shell));
        Assert.Contains(said, _bench.Out.ToString(), StringComparison.Ordinal);
        Assert.Contains("[suggest:", _bench.Out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completion_OfAnotherShell_SaysWhichThereAre()
    {
        Assert.Equal(ExitCode.Usage, await RunAsync("completion", "tcsh"));
        Assert.Contains("bash, zsh, fish", _bench.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("softphone cal", "calls")]
    [InlineData("softphone completion f", "fish")]
    [InlineData("softphone calls show --p", "--pcap")]
    public async Task Suggest_OfAWordBegun_HasWhatFits(string line, string word)
    {
        Assert.Equal(ExitCode.Ok, await RunAsync($"[suggest:{line.Length}]", line));
        Assert.Contains(word, _bench.Out.ToString().Split('\n', StringSplitOptions.TrimEntries));
    }

    private async Task<ExitCode> RunAsync(params string[] args) => await CommandLine.RunAsync(args, new VerbHandlers(), _bench.Context);
}
