namespace Softphone.Internet;

/// <summary>Whose packets a NAT or firewall lets in through an open mapping (RFC 4787 §5).</summary>
public enum FilteringRule
{
    /// <summary>Everybody's.</summary>
    EndpointIndependent,

    /// <summary>Those from an address that the inside socket has sent to.</summary>
    AddressDependent,

    /// <summary>Those from an address and port that the inside socket has sent to.</summary>
    AddressAndPortDependent,
}
