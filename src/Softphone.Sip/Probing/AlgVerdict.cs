namespace Softphone.Sip;

/// <summary>Whether something on the way rewrites SIP by UDP.</summary>
/// <param name="Rewrites">Null where that could not be seen.</param>
/// <param name="Evidence">What was seen, as half a sentence.</param>
public sealed record AlgVerdict(bool? Rewrites, string Evidence);
