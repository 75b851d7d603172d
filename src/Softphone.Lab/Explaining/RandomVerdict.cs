using Softphone.Phone;

namespace Softphone.Lab;

/// <summary>What one phone said of a call in a random world.</summary>
/// <param name="Index">The number of the call.</param>
/// <param name="OfCaller">The caller's phone, or the callee's.</param>
/// <param name="Told">What it said.</param>
/// <param name="Trouble">What is wrong with it; null when nothing is.</param>
public sealed record RandomVerdict(long Index, bool OfCaller, Explanation Told, string? Trouble);
