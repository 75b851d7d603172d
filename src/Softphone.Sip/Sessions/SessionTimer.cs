using Softphone.Core;

namespace Softphone.Sip;

/// <summary>The session timer of a call (RFC 4028).</summary>
/// <param name="Interval">How long the session lasts without a refresh.</param>
/// <param name="WeRefresh">True when it is ours to refresh it.</param>
/// <param name="Due">When we refresh it next, or give it up when the peer has not.</param>
public readonly record struct SessionTimer(TimeSpan Interval, bool WeRefresh, Instant Due);
