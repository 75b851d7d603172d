using Softphone.Phone;

namespace Softphone.Lab;

/// <summary>What must hold when a scenario is over, as a closed union.</summary>
/// <param name="Line">Where it stands in the file.</param>
public abstract record ScenarioExpectation(int Line)
{
    /// <summary>Of the last call of a phone.</summary>
    public sealed record OfCall(int Line, string Phone, Expectation Expectation) : ScenarioExpectation(Line);

    /// <summary>Nothing is left on the servers and the hosts: no allocation, registration or socket.</summary>
    public sealed record Clean(int Line) : ScenarioExpectation(Line);

    /// <summary>How many packets were dropped for a reason.</summary>
    public sealed record Drops(int Line, string Text, DropReason Reason, string Comparison, long Limit) : ScenarioExpectation(Line)
    {
        public bool Holds(long dropped) => Comparison switch
        {
            "<" => dropped < Limit,
            ">" => dropped > Limit,
            _ => dropped == Limit,
        };
    }
}
