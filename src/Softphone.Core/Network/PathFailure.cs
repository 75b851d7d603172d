namespace Softphone.Core;

/// <summary>What the shell tells a machine when a send failed, a connection ended or an ICMP error came back: a hint, not a verdict.</summary>
/// <param name="At">When the shell learned of it.</param>
/// <param name="Path">The local endpoint.</param>
/// <param name="Remote">Which destination, or which connection of a stream path.</param>
/// <param name="Error">What went wrong.</param>
/// <param name="Why">The same in words for a person, where the shell knows more than the error says, such as what is wrong with a certificate; else null.</param>
public readonly record struct PathFailure(Instant At, PathId Path, Address Remote, PathError Error, Fault? Why = null);
