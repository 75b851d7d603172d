using System.Text.Json;

namespace Softphone.Cli.Tests;

public sealed class MatrixVerbTests : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Matrix_WithEveryFlag_BecomesItsOptions()
    {
        var options = await _bench.OptionsAsync<LabMatrixOptions>(
            "lab", "matrix", "--latency", "35ms", "--jitter", "5ms", "--loss", "2%", "--seed", "42", "--runs", "3", "--ta", "50ms", "--policy", "immediate", "--only", "none,symmetric", "--json");
        Assert.Equal(["none", "symmetric"], options.Only);
        Assert.Equal(
            new LabMatrixOptions
            {
                Latency = TimeSpan.FromMilliseconds(35),
                Jitter = TimeSpan.FromMilliseconds(5),
                Loss = 0.02,
                Seed = 42,
                Runs = 3,
                Ta = TimeSpan.FromMilliseconds(50),
                Immediate = true,
                Only = options.Only,
                Json = true,
            },
            options);
    }

    [Fact]
    public async Task Matrix_WithoutFlags_HasDefaults() => Assert.Equal(new LabMatrixOptions(), await _bench.OptionsAsync<LabMatrixOptions>("lab", "matrix"));

    [Theory]
    [InlineData("--only \"cone\" is no NAT type: none, firewall", "--only", "none,cone")]
    [InlineData("--ta \"1ms\" is not between 5ms and 500ms", "--ta", "1ms")]
    [InlineData("--runs \"0\" is not 1 to 10000", "--runs", "0")]
    [InlineData("--policy \"eager\" is not allowed: adaptive, immediate", "--policy", "eager")]
    public async Task Matrix_WithAMistake_NamesIt(string told, params string[] flags)
    {
        Assert.Equal(2, await _bench.RunAsync(["lab", "matrix", .. flags]));
        Assert.Contains(told, _bench.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Matrix_Json_IsOneCellALineOfTheContract()
    {
        var code = await RunAsync(new LabMatrixOptions { Only = ["restricted-cone", "symmetric"], Json = true });
        var lines = _bench.Out.ToString().TrimEnd().Split('\n');
        Assert.Equal(ExitCode.Ok, code);
        Assert.Equal(2 * 2 * (2 * 2 + 2 * 4), lines.Length);
        var cells = lines.Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.All(cells, cell => Assert.True(cell.GetProperty("ok").GetBoolean() && cell.GetProperty("v").GetInt32() == 1));
        var direct = Assert.Single(cells, Is("restricted-cone", "symmetric", turn: true, components: 1));
        Assert.Equal(("prflx", "prflx", 1.0), (direct.GetProperty("path").GetString(), direct.GetProperty("expected").GetString(), direct.GetProperty("media_rtt").GetDouble()));
        Assert.Equal(("SP", "adaptive"), (direct.GetProperty("pair").GetString(), direct.GetProperty("policy").GetString()));
        Assert.False(direct.TryGetProperty("place", out _));
        var none = Assert.Single(cells, Is("symmetric", "symmetric", turn: false, components: 2));
        Assert.Equal("fail", none.GetProperty("path").GetString());
        Assert.False(none.TryGetProperty("media_rtt", out _));

        static Predicate<JsonElement> Is(string a, string b, bool turn, int components) => cell =>
            cell.GetProperty("a").GetString() == a && cell.GetProperty("b").GetString() == b && !cell.GetProperty("same_nat").GetBoolean()
            && cell.GetProperty("turn").GetBoolean() == turn && cell.GetProperty("components").GetInt32() == components;
    }

    [Fact]
    public async Task Matrix_ForAPerson_IsAGridWithItsSums()
    {
        var code = await RunAsync(new LabMatrixOptions { Only = ["port-restricted", "none"], Immediate = true });
        var text = _bench.Out.ToString();
        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains(
            """
            different NATs, TURN, 1 component
                            none          port-restr.
            none            HH 1.00/2.00  HS 1.00/2.00
            port-restricted SH 1.00/2.00  SS 1.00/2.00

            one NAT, TURN, 1 component
                            same LAN      isolated      hairpin       inner hairpin
            none            HH 1.00/2.00  HR 1.00/2.00  HR 1.00/2.00  HR 1.00/2.00
            port-restricted HH 1.00/2.00  SR 1.00/2.00  SS 1.00/2.00  SR 1.00/2.00

            """.ReplaceLineEndings("\n"),
            text,
            StringComparison.Ordinal);
        Assert.Contains("wrong paths 0\n", text, StringComparison.Ordinal);
        Assert.EndsWith("every cell is as the table says\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', text);
    }

    [Fact]
    public async Task Matrix_WhenEverythingIsLost_NamesWhatIsWrongAndEndsWithNine()
    {
        var code = await RunAsync(new LabMatrixOptions { Only = ["full-cone"], Loss = 1, Runs = 2 });
        Assert.Equal(ExitCode.ExpectFailed, code);
        Assert.Contains("not as the table says: full-cone to full-cone, TURN, 1 component, seed 2: fail (FAIL) where srflx (SS) is due", _bench.Out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Matrix_ManyRuns_AddsPercentiles()
    {
        var code = await RunAsync(new LabMatrixOptions { Only = ["none"], Runs = 5, Jitter = TimeSpan.FromMilliseconds(5) });
        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("TURN, 2 components, completed", _bench.Out.ToString(), StringComparison.Ordinal);
        Assert.Contains("0 of 25, 0 %", _bench.Out.ToString(), StringComparison.Ordinal);
    }

    private Task<ExitCode> RunAsync(LabMatrixOptions options) => new MatrixVerb().RunAsync(options, _bench.Context, CancellationToken.None);
}
