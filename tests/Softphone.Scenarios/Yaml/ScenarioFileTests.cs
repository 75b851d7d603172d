using System.Runtime.CompilerServices;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>The scenario files of this folder, as "softphone test" runs them.</summary>
public sealed class ScenarioFileTests
{
    public static TheoryData<string> Files() => [.. Directory.EnumerateFiles(Here(), "*.yaml").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Files))]
    [Rfc("8445", "16.1", Line = "I80")]
    public void File_OfThisFolder_HoldsWhatItExpects(string file)
    {
        var run = Play(file);
        Assert.True(run.Passed, ScenarioStory.Of(run));
        Assert.NotEmpty(run.Scenario.Expectations);
        Assert.True(run.Scenario.About.Length > 20, "a scenario says what it is about");
    }

    [Fact]
    public void Folder_HasAboutADozen() => Assert.InRange(Files().Count, 12, 40);

    [Theory]
    [InlineData("bad-wifi.yaml")]
    [InlineData("two-homes.yaml")]
    [Rfc("8445", "16.1", Line = "I80")]
    public void File_PlayedTwice_IsTheSameRun_AndAnotherSeedIsNot(string file)
    {
        var first = ScenarioStory.Of(Play(file));
        Assert.Equal(first, ScenarioStory.Of(Play(file)));
        Assert.NotEqual(first, ScenarioStory.Of(Play(file, seed: 99)));
    }

    private static ScenarioRun Play(string file, ulong? seed = null)
    {
        if (!CodecFactory.Instance.Supports("opus")) Assert.Skip("the library for opus is not installed");
        var path = Path.Combine(Here(), file);
        Assert.True(ScenarioReader.TryRead(File.ReadAllText(path), file, out var scenario, out var errors), string.Join('\n', errors));
        var run = new ScenarioRun(scenario, CodecFactory.Instance, seed, new Trace());
        run.Play();
        return run;
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
