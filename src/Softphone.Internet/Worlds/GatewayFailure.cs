namespace Softphone.Internet;

/// <summary>How a gateway that is up fails its hosts, whose addresses stay.</summary>
public enum GatewayFailure
{
    None,

    /// <summary>What it is to carry vanishes, and nobody is told.</summary>
    BlackHole,

    /// <summary>What is to go out is refused by ICMP, a connection by a reset.</summary>
    Rejects,
}
