namespace Softphone.Lab;

/// <summary>What did not hold, with the line of the file that asked for it.</summary>
public sealed record ScenarioFailure(int Line, string What)
{
    public override string ToString() => What;
}
