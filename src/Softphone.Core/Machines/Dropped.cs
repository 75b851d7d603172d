namespace Softphone.Core;

/// <summary>What came and was not taken, so many of a kind: where something failed, it is not true that nothing came.</summary>
/// <param name="Layer">Of which protocol it was, or should have been.</param>
/// <param name="From">Who sent it; not valid where that was not noted.</param>
/// <param name="Why">What is wrong with it.</param>
/// <param name="Count">How many.</param>
public sealed record Dropped(Layer Layer, Address From, string Why, long Count)
{
    /// <summary>As part of a sentence.</summary>
    public string Describe() => $"{Count} from {(From.IsValid ? From.ToString() : "others")}: {Why}";
}
