namespace Softphone.Nat;

/// <summary>What became of one component's relay.</summary>
/// <param name="Component">1 for RTP, 2 for RTCP.</param>
/// <param name="Event">What happened.</param>
public sealed record TurnPairEvent(int Component, TurnEvent Event);
