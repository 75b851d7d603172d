namespace Softphone.Captures;

/// <summary>One thing that is wrong.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Severity">How bad.</param>
/// <param name="At">When it showed.</param>
/// <param name="Dialog">The dialog that it belongs to; null for none.</param>
/// <param name="What">The fault, with the layer and the value that shows it, as one sentence without its full stop.</param>
/// <param name="Remedy">What to do; empty when nothing can be told.</param>
public sealed record Problem(ProblemKind Kind, Severity Severity, Instant At, int? Dialog, string What, string Remedy = "");
