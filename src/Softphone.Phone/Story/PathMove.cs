namespace Softphone.Phone;

/// <summary>Media went on by another path.</summary>
/// <param name="After">Since the answer.</param>
/// <param name="Why">What made it move, as half a sentence.</param>
internal readonly record struct PathMove(TimeSpan After, string Why);
