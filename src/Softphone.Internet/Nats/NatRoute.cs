namespace Softphone.Internet;

/// <summary>Where a packet goes after a NAT.</summary>
public enum NatRoute
{
    Drop,

    /// <summary>To the other side.</summary>
    Forward,

    /// <summary>Back to the inside it came from.</summary>
    Hairpin,
}
