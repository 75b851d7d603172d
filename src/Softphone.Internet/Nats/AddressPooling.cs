namespace Softphone.Internet;

/// <summary>Which outside address a mapping gets from a NAT with several (RFC 4787 §4.1, REQ-2).</summary>
public enum AddressPooling
{
    /// <summary>All mappings of one inside address share one outside address.</summary>
    Paired,

    /// <summary>Each mapping gets any of them.</summary>
    Arbitrary,
}
