namespace Softphone.Lab;

/// <summary>One gateway of a simulated call.</summary>
/// <param name="Behavior">How it behaves.</param>
/// <param name="Outside">How many outside addresses it has; 0 when it does not translate.</param>
/// <param name="Wan">Its line to the network around.</param>
public sealed record NatPlan(NatBehavior Behavior, int Outside, Link Wan);
