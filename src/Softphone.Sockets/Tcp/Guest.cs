namespace Softphone.Sockets;

/// <summary>What is known of a connection that somebody else opened.</summary>
/// <param name="Remote">Who.</param>
/// <param name="IsAnswered">The machine has sent something on it: it is of use to somebody.</param>
/// <param name="Since">When it came; once it is answered, when it was last used.</param>
internal readonly record struct Guest(Address Remote, bool IsAnswered, Instant Since);
