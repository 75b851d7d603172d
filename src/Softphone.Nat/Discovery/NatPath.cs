namespace Softphone.Nat;

/// <summary>How media goes between two NATs.</summary>
public enum NatPath
{
    /// <summary>Without a relay.</summary>
    Direct,

    /// <summary>Over a relay on one side.</summary>
    Relay,

    /// <summary>Over a relay that is reached by TCP or TLS.</summary>
    RelayOverTcp,
}
