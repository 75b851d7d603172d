using Softphone.Core;

namespace Softphone.Nat;

/// <summary>A server that is asked how the NAT behaves.</summary>
/// <param name="Name">As a person wrote it: two addresses of one name are one server.</param>
/// <param name="At">One of its addresses.</param>
public readonly record struct NatServer(string Name, Address At);
