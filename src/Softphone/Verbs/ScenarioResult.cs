using Softphone.Lab;

namespace Softphone.Cli;

/// <summary>How one scenario file went.</summary>
/// <param name="Event">What is told of it.</param>
/// <param name="Took">How long it took in real time.</param>
/// <param name="Explanations">Of each phone's last call.</param>
internal sealed record ScenarioResult(OutputEvent.Scenario Event, TimeSpan Took, IReadOnlyList<string> Explanations)
{
    /// <summary>The file could not be read.</summary>
    public bool IsWrong { get; private init; }

    /// <summary>What this program threw while it played; null when it did not.</summary>
    public Exception? Error { get; private init; }

    public static ScenarioResult Threw(Scenario scenario, DateTimeOffset at, Exception error) =>
        new(new OutputEvent.Scenario { T = at, File = scenario.File, Name = scenario.Name, Ok = false, Failed = [$"internal error: {error.Message}"] }, TimeSpan.Zero, []) { Error = error };

    public static ScenarioResult Wrong(string file, DateTimeOffset at, IReadOnlyList<string> mistakes) =>
        new(new OutputEvent.Scenario { T = at, File = file, Name = Path.GetFileNameWithoutExtension(file), Ok = false, Failed = mistakes }, TimeSpan.Zero, []) { IsWrong = true };
}
