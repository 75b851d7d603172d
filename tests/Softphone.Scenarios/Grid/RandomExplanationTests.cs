using System.Globalization;
using Softphone.Lab;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>What phones say in random worlds of the simulation, held against the plans of these worlds.</summary>
public sealed class RandomExplanationTests(ITestOutputHelper output)
{
    /// <summary>Twenty of each seed: those that have failed once, two more, and a new one every day.</summary>
    public static TheoryData<ulong> Seeds() => [1, 16180339, ulong.Parse(DateTimeOffset.UtcNow.ToString("yyyyMMdd", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)];

    [Theory, MemberData(nameof(Seeds))]
    public void Explanations_OfRandomWorlds_AreTrueAndTheirPromisesAreKept(ulong seed)
    {
        output.WriteLine($"seed {seed}");
        var verdicts = new RandomExplanations(seed).Judge(20);
        var wrong = verdicts.Where(v => v.Trouble is not null).ToList();
        Assert.True(wrong.Count == 0, $"seed {seed}: {wrong.Count} of {verdicts.Count} wrong\n"
            + string.Join('\n', wrong.Select(v => $"call {v.Index}, {(v.OfCaller ? "caller" : "callee")}: {v.Trouble}\n    {ExplanationText.Of(v.Told)}")));
    }
}
