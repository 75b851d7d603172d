namespace Softphone.Phone;

/// <summary>One thing to change, and on which side.</summary>
public readonly record struct RemedyStep(RemedyKind Kind, Side Side);
