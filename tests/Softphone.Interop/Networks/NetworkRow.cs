namespace Softphone.Interop;

/// <summary>One thing that networks do, and what a phone owes its user there.</summary>
/// <param name="Name">What happens.</param>
/// <param name="Bound">The longest silence in a call, or else the longest until it is registered or reached; after a call it has ten seconds for that.</param>
/// <param name="Try">Does it.</param>
/// <param name="IsDual">Where there are both address families.</param>
internal sealed record NetworkRow(string Name, TimeSpan Bound, Func<NetworkField, NetworkOutcome> Try, bool IsDual = false);

/// <summary>What came of it.</summary>
/// <param name="Gap">The longest silence at the worse end, in seconds; null without a call.</param>
/// <param name="Lives">Whether the call was there until it was hung up; null without a call.</param>
/// <param name="Reached">Seconds until registered or reached; null when that was not asked.</param>
/// <param name="Fault">Why it was not as it should be; empty when all was well.</param>
internal sealed record NetworkOutcome(double? Gap = null, bool? Lives = null, double? Reached = null, string Fault = "");
