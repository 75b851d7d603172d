namespace Softphone.Phone;

/// <summary>Whether UDP gets out of a side's network, as far as was seen.</summary>
internal enum UdpSeen
{
    Untold,

    /// <summary>It does.</summary>
    Open,

    /// <summary>Where UDP got no answer TCP or TLS did.</summary>
    Blocked,

    /// <summary>Servers were asked and did not answer, and nothing else is known.</summary>
    Silent,

    /// <summary>Nobody was asked.</summary>
    NotAsked,
}
