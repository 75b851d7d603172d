using System.Text.Json;

namespace Softphone.Cli.Tests;

/// <summary>softphone lab explain: its flags, and what it prints of the whole table.</summary>
public sealed class ExplainVerbTests : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Explain_Flags_AreRead()
    {
        var options = await _bench.OptionsAsync<LabExplainOptions>("lab", "explain", "--only", "symmetric,none", "--sentences", "--json");
        Assert.Equal(["symmetric", "none"], options.Only);
        Assert.True(options.Sentences && options.Json);
    }

    [Fact]
    public async Task Explain_UnknownType_IsNamed()
    {
        Assert.Equal(2, await _bench.RunAsync(["lab", "explain", "--only", "cone"]));
        Assert.Contains("\"cone\" is no NAT type", _bench.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_Json_IsOneExplanationALine_AndNoneIsWrong()
    {
        var code = await new ExplainVerb().RunAsync(new LabExplainOptions { Only = ["none", "symmetric", "udp-blocked"], Json = true }, _bench.Context, CancellationToken.None);
        var lines = _bench.Out.ToString().TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(ExitCode.Ok, code);
        Assert.All(lines, line => Assert.True(line.GetProperty("ok").GetBoolean(), line.ToString()));
        // Without TURN a caller bound to relays never rings there.
        Assert.Equal(9 * (6 * 2 + 2), lines.Count);
        var both = Assert.Single(lines, l => Is(l, "udp-blocked", "udp-blocked") && l.GetProperty("side").GetString() == "caller");
        Assert.Equal(("udp-blocked", "udp-blocked"), (both.GetProperty("cause").GetProperty("ours")[0].GetString(), both.GetProperty("cause").GetProperty("peer")[0].GetString()));
        var remedy = both.GetProperty("remedies")[0];
        Assert.Equal(("let-udp-out", "both", false), (remedy.GetProperty("steps")[0].GetProperty("kind").GetString(), remedy.GetProperty("steps")[0].GetProperty("side").GetString(), remedy.GetProperty("certain").GetBoolean()));

        static bool Is(JsonElement line, string a, string b) => line.GetProperty("a").GetString() == a && line.GetProperty("b").GetString() == b
            && line.GetProperty("turn").GetBoolean() && line.GetProperty("stun").GetBoolean() && line.GetProperty("mode").GetString() == "auto";
    }
}
