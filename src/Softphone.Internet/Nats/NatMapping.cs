using Softphone.Core;

namespace Softphone.Internet;

/// <summary>One mapping of a NAT, as it stands now.</summary>
/// <param name="Transport">UDP or TCP.</param>
/// <param name="Inside">The inside socket.</param>
/// <param name="Outside">Its address and port outside.</param>
/// <param name="Destination">For which destination it counts: unset for all, port 0 for all ports of one address.</param>
/// <param name="Expires">When it ends unless it is refreshed.</param>
public readonly record struct NatMapping(Transport Transport, Address Inside, Address Outside, Address Destination, Instant Expires);
