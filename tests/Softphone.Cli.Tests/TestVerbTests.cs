using System.Text.Json;
using System.Xml.Linq;
using Softphone.Cli;
using Softphone.Media;

namespace Softphone.Cli.Tests;

public sealed class TestVerbTests : IDisposable
{
    private const string Good = """
        name: Two phones & a <call>
        phones: { alice: { codecs: [pcmu] }, bob: { codecs: [pcmu] } }
        steps:
          - until: everybody is registered
          - then: alice calls bob for 2s
          - until: everybody is over
        expect: { everybody: [status=200, audio=two-way, codec=pcmu], world: [clean] }
        """;

    private readonly Bench _bench = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("softphone-test-").FullName;

    public void Dispose()
    {
        _bench.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Test_EverythingHolds_IsOkInAllThreeForms()
    {
        var junit = Path.Combine(_folder, "out.xml");
        Assert.Equal(0, await RunAsync("test", Write("good.yaml", Good), "--junit", junit));
        Assert.StartsWith("ok    Two phones & a <call>, ", _bench.Out.ToString(), StringComparison.Ordinal);
        var suite = XDocument.Load(junit).Root!.Element("testsuite")!;
        Assert.Equal(("1", "0", "0"), (suite.Attribute("tests")!.Value, suite.Attribute("failures")!.Value, suite.Attribute("errors")!.Value));
        Assert.Equal("Two phones & a <call>", suite.Element("testcase")!.Attribute("name")!.Value);

        _bench.Out.GetStringBuilder().Clear();
        Assert.Equal(0, await RunAsync("test", Path.Combine(_folder, "good.yaml"), "--json", "--seed", "9"));
        var line = JsonDocument.Parse(_bench.Out.ToString()).RootElement;
        Assert.Equal(("scenario", true, 9), (line.GetProperty("ev").GetString(), line.GetProperty("ok").GetBoolean(), line.GetProperty("seed").GetInt32()));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Test_OfSeveralFiles_TellsThemInTheOrderOfTheirTime(int files)
    {
        for (var i = 0; i < files; i++) Write($"{i}.yaml", Good);
        Assert.Equal(0, await RunAsync("test", _folder, "--json", "--verbose"));
        var times = _bench.Out.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("t").GetString()).ToList();
        Assert.True(times.Count > 10 * files);
        Assert.Equal(times.Order(StringComparer.Ordinal), times);
    }

    [Fact]
    public async Task Test_SomethingDoesNotHold_EndsWithNineAndSaysWhere()
    {
        var junit = Path.Combine(_folder, "out.xml");
        var bad = Write("bad.yaml", Good.Replace("codec=pcmu", "codec=opus", StringComparison.Ordinal));
        Assert.Equal(9, await RunAsync("test", Write("good.yaml", Good), bad, "--junit", junit));
        var text = _bench.Out.ToString();
        Assert.Contains($"{bad}:7: alice: codec=opus does not hold: the codec is", text, StringComparison.Ordinal);
        Assert.Contains("1 held, 1 did not", text, StringComparison.Ordinal);
        var failure = Assert.Single(XDocument.Load(junit).Descendants("failure"));
        Assert.Contains("codec=opus does not hold", failure.Attribute("message")!.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Test_ThatThrows_EndsWithOne_AndTheRestIsKept(int which)
    {
        var junit = Path.Combine(_folder, "out.xml");
        string[] files = [Write("a.yaml", Good), Write("b.yaml", Good), Write("c.yaml", Good.Replace("codec=pcmu", "codec=opus", StringComparison.Ordinal))];
        var options = new TestOptions { Files = files, Junit = junit };
        var verb = new TestVerb(run =>
        {
            if (run.Scenario.File == files[which]) run.Stepped = (_, _) => throw new FormatException("odd");
        });
        Assert.Equal(ExitCode.Internal, await verb.RunAsync(options, _bench.Context, default));
        Assert.Contains($"softphone: {files[which]}: internal error: odd", _bench.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("1 held, 2 did not", _bench.Out.ToString(), StringComparison.Ordinal);
        var suite = XDocument.Load(junit).Root!.Element("testsuite")!;
        Assert.Equal(("3", "1", "1"), (suite.Attribute("tests")!.Value, suite.Attribute("failures")!.Value, suite.Attribute("errors")!.Value));
    }

    [Fact]
    public async Task Test_FileIsWrong_EndsWithTwoAndNamesTheLine_ButRunsTheOthers()
    {
        var junit = Path.Combine(_folder, "out.xml");
        var wrong = Write("a-wrong.yaml", "phones: { alice: {} }\nstep: []");
        Write("b-good.yaml", Good);
        Assert.Equal(2, await RunAsync("test", _folder, Path.Combine(_folder, "missing.yaml"), "--junit", junit));
        Assert.Contains($"softphone: {wrong}:2: unknown key \"step\"; the nearest known key is steps", _bench.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("missing.yaml cannot be read", _bench.Error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _bench.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("ok    Two phones", _bench.Out.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, XDocument.Load(junit).Descendants("error").Count());
    }

    [Fact]
    public async Task Test_CallNeverEnds_SaysSoAtTheLimit()
    {
        var file = Write("endless.yaml", "limit: 20s\n" + Good.Replace(" for 2s", "", StringComparison.Ordinal));
        Assert.Equal(9, await RunAsync("test", file));
        Assert.Contains("endless.yaml:7: the step \"everybody is over\" was not reached within 20s", _bench.Out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_OfAScenario_TellsItAsAStory()
    {
        Assert.Equal(0, await RunAsync("demo", "--scenario", Write("good.yaml", Good), "--verbose"));
        var text = _bench.Out.ToString();
        Assert.StartsWith("Two phones & a <call>\n", text, StringComparison.Ordinal);
        Assert.Contains("— alice calls bob for 2s", text, StringComparison.Ordinal);
        Assert.Contains("bob    rings: sip:alice@lab.test calls", text, StringComparison.Ordinal);
        Assert.Contains("alice: Direct", text, StringComparison.Ordinal);
        Assert.Contains("ok    Two phones", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--nat-a", "symmetric")]
    [InlineData("--latency", "20ms")]
    [InlineData("--for", "3s")]
    public async Task Demo_OfAScenarioWithANetworkOfItsOwn_IsAMistake(string flag, string value)
    {
        Assert.Equal(2, await RunAsync("demo", "--scenario", Write("good.yaml", Good), flag, value));
        Assert.Contains($"{flag} and --scenario exclude each other", _bench.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_FilesThatNoReaderBears_EndWithTwoAndTheOthersRun()
    {
        var deep = Write("deep.yaml", new string('[', 100_000));
        var key = Write("key.yaml", "phones: { a: {} }\n? [a]\n: b\n");
        var mark = Write("mark.yaml", "phones: { a: {} }\n%\n");
        Assert.Equal(2, await RunAsync("test", deep, Write("good.yaml", Good), key, mark, Write("again.yaml", Good)));
        Assert.Equal(2, _bench.Out.ToString().Split("ok    Two phones").Length - 1);
        foreach (var file in (string[])[deep, key, mark]) Assert.Matches($"softphone: {System.Text.RegularExpressions.Regex.Escape(file)}:[0-9]+: ", _bench.Error.ToString());
        Assert.DoesNotContain("internal error", _bench.Error.ToString(), StringComparison.Ordinal);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private async Task<int> RunAsync(params string[] args) =>
        (int)await CommandLine.RunAsync(args, new VerbHandlers { Test = new TestVerb(), Demo = new DemoVerb() }, _bench.Context);
}
