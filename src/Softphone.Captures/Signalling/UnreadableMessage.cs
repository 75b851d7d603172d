namespace Softphone.Captures;

/// <summary>Octets that begin like SIP and are no message.</summary>
public sealed record UnreadableMessage(Instant At, Address From, Address To, string Why);
