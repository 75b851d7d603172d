using Softphone.Core;

namespace Softphone.Nat;

/// <summary>One item of a=remote-candidates (RFC 8839 §5.2): the reader's own candidate, to which the writer sends media.</summary>
/// <param name="Component">1 for RTP, 2 for RTCP.</param>
/// <param name="Address">Its address.</param>
public readonly record struct RemoteCandidate(int Component, Address Address);
