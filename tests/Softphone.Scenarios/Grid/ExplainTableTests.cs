using Softphone.Lab;

namespace Softphone.Scenarios;

/// <summary>What two phones say of every cell's call, held against the networks, and every remedy they tell applied and tried.</summary>
public sealed class ExplainTableTests
{
    [Fact]
    public void Explanations_OfEveryCell_AreTrueAndTheirRemediesDoWhatTheyPromise()
    {
        var table = ExplainTable.Of((count, run) => Parallel.For(0, count, run));
        var wrong = table.Verdicts.Where(v => !v.IsOk).ToList();
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {table.Verdicts.Count} wrong, {table.Runs} calls\n"
            + string.Join('\n', wrong.Select(v => $"{v.Cell}, {(v.IsAlice ? "alice" : "bob")}: {v.Outcome.Path}: {v.Trouble}\n    {Softphone.Phone.ExplanationText.Of(v.Told)}")));
    }
}
