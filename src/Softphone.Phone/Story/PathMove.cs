namespace Softphone.Phone;

/// <summary>Media went on by another path.</summary>
/// <param name="Number">Which move of the call it is, from 1.</param>
/// <param name="After">Since the answer.</param>
/// <param name="Why">What made it move, as half a sentence.</param>
public readonly record struct PathMove(int Number, TimeSpan After, string Why);
