namespace Softphone.Nat;

/// <summary>What is asked of the relayed port (EVEN-PORT, RFC 8656 §18.7).</summary>
public enum TurnPort
{
    Any,
    Even,

    /// <summary>An even port, and the next one kept for the holder of the reservation token.</summary>
    EvenAndReserveNext,
}
