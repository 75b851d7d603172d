using Softphone.Phone;

namespace Softphone.Lab;

/// <summary>How a call of an <see cref="ExplainWorld"/> went.</summary>
/// <param name="Reached">Direct, or connected by a relay; null when there was no path.</param>
/// <param name="Alice">What alice's phone says of it.</param>
/// <param name="Bob">What bob's says; null when it never rang there.</param>
public sealed record ExplainOutcome(Promise? Reached, Explanation Alice, Explanation? Bob)
{
    /// <summary>direct, relay or fail.</summary>
    public string Path => Reached switch { Promise.Direct => "direct", Promise.Connected => "relay", _ => "fail" };

    /// <summary>What was promised came about, or more.</summary>
    public bool Keeps(Promise promise) => Reached == Promise.Direct || Reached == promise;

    public Explanation? Of(bool isAlice) => isAlice ? Alice : Bob;
}
