namespace Softphone.Servers;

/// <summary>What a user of the TURN server has used since its start.</summary>
/// <param name="User">The name.</param>
/// <param name="Allocations">Allocations that live now.</param>
/// <param name="Packets">Packets relayed, both directions.</param>
/// <param name="Bytes">Octets of payload relayed, both directions.</param>
public readonly record struct TurnUsage(string User, int Allocations, long Packets, long Bytes);
