using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>One thing about a call that a person would want pointed out.</summary>
/// <param name="At">When it happened.</param>
/// <param name="Text">What, and what happened at the same time.</param>
/// <param name="Style">By how bad it is.</param>
internal readonly record struct Remark(Instant At, string Text, Style Style);
