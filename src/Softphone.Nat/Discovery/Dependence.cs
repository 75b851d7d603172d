namespace Softphone.Nat;

/// <summary>On what a NAT's mapping, or its filter, depends besides the inner socket (RFC 4787 §4.1, §5).</summary>
public enum Dependence
{
    /// <summary>The test could not tell.</summary>
    Unknown,
    EndpointIndependent,
    AddressDependent,
    AddressAndPortDependent,
}
