namespace Softphone.Captures;

/// <summary>One place where a STUN request passed: before and behind a NAT, or a relay, it has other addresses.</summary>
/// <param name="From">Its source there.</param>
/// <param name="To">Its destination there.</param>
/// <param name="IsRelayed">It went in the framing of a TURN server, these are the addresses within.</param>
/// <param name="At">When it passed first.</param>
/// <param name="AnsweredAt">When its response passed there; null when none did.</param>
public sealed record StunHop(Address From, Address To, bool IsRelayed, Instant At, Instant? AnsweredAt);
