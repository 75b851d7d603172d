namespace Softphone.Phone;

/// <summary>What would help, as a value: steps that are taken together, what they lead to, and whether they must.</summary>
/// <param name="Promise">What they lead to.</param>
/// <param name="IsCertain">False where it depends on something that was not seen: then it may help.</param>
public sealed record Remedy(Promise Promise, bool IsCertain)
{
    public required IReadOnlyList<RemedyStep> Steps { get; init; }

    public bool Equals(Remedy? other) => other is not null && Promise == other.Promise && IsCertain == other.IsCertain && Steps.SequenceEqual(other.Steps);

    public override int GetHashCode() => HashCode.Combine(Promise, IsCertain, Steps.Count, Steps.Count > 0 ? Steps[0] : default);
}
