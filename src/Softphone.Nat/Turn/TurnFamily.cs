namespace Softphone.Nat;

/// <summary>Which relayed address is asked for (REQUESTED-ADDRESS-FAMILY, RFC 8656 §18.6).</summary>
public enum TurnFamily : byte
{
    /// <summary>What the server gives without being asked: IPv4; of one that has none, IPv6.</summary>
    Default = 0,
    V4 = 1,
    V6 = 2,
}
