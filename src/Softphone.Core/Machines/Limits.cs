namespace Softphone.Core;

/// <summary>Bounds that every room keeps to.</summary>
public static class Limits
{
    /// <summary>The largest UDP payload, in octets, that a machine sends or takes.</summary>
    public const int Datagram = 65_507;
}
