namespace Softphone.Lab;

/// <summary>What the two sides of a simulated call have in common.</summary>
public enum SharedNetwork
{
    /// <summary>Nothing but the internet.</summary>
    None,

    /// <summary>The outer NATs, of a carrier; each side has its own home network.</summary>
    Carrier,

    /// <summary>One LAN.</summary>
    Lan,

    /// <summary>One LAN whose hosts cannot reach each other.</summary>
    IsolatedLan,
}
