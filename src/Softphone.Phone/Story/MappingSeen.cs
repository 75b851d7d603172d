namespace Softphone.Phone;

/// <summary>How a side's NAT maps, as far as was seen (RFC 4787 §4.1).</summary>
internal enum MappingSeen
{
    Untold,

    /// <summary>It has a public address, and nobody saw it as another one.</summary>
    NoNat,

    /// <summary>Two hosts saw one socket as the same.</summary>
    Alike,

    PerDestination,
}
