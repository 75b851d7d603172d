namespace Softphone.Internet;

/// <summary>When a NAT uses the same outside port again for another destination (RFC 4787 §4.1).</summary>
public enum MappingRule
{
    /// <summary>Always: one outside port for one inside socket.</summary>
    EndpointIndependent,

    /// <summary>For the same destination address.</summary>
    AddressDependent,

    /// <summary>Only for the same destination address and port.</summary>
    AddressAndPortDependent,
}
