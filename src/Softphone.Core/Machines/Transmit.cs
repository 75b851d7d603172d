namespace Softphone.Core;

/// <summary>What to send: the first <paramref name="Length"/> octets of the buffer, from this path, to this address.</summary>
/// <param name="Path">The local endpoint to send from.</param>
/// <param name="Remote">Where to.</param>
/// <param name="Length">Octets written into the caller's buffer.</param>
/// <param name="Use">What it asks of a stream path.</param>
public readonly record struct Transmit(PathId Path, Address Remote, int Length, StreamUse Use = StreamUse.Open);
