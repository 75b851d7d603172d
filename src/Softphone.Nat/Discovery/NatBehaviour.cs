using Softphone.Core;

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

/// <summary>What <see cref="NatDiscovery"/> found.</summary>
/// <param name="Mapping">When the outer port changes; endpoint-independent where there is no NAT.</param>
/// <param name="Filtering">Who may send to a mapping.</param>
/// <param name="Hairpin">Whether two sockets behind the NAT reach each other by their outer addresses; null where there is no NAT, or it was not tested.</param>
/// <param name="Local">The socket's own address.</param>
/// <param name="Mapped">What the server saw; not valid when it saw nothing.</param>
/// <param name="Evidence">What was sent and what came back, a line a test.</param>
public sealed record NatBehaviour(
    Dependence Mapping, Dependence Filtering, bool? Hairpin, Address Local, Address Mapped, IReadOnlyList<string> Evidence)
{
    /// <summary>True when something between us and the server translates addresses.</summary>
    public bool IsTranslated => Mapped.IsValid && Mapped != Local;

    /// <summary>The name of RFC 3489 §5: open, full cone, restricted cone, port-restricted cone, symmetric, symmetric firewall, UDP blocked; or unknown.</summary>
    public string Classic => this switch
    {
        { Mapped.IsValid: false } => "UDP blocked",
        { IsTranslated: false, Filtering: Dependence.EndpointIndependent } => "open",
        { IsTranslated: false, Filtering: Dependence.Unknown } => "unknown",
        { IsTranslated: false } => "symmetric firewall",
        { Mapping: Dependence.AddressDependent or Dependence.AddressAndPortDependent } => "symmetric",
        { Mapping: Dependence.Unknown } => "unknown",
        { Filtering: Dependence.EndpointIndependent } => "full cone",
        { Filtering: Dependence.AddressDependent } => "restricted cone",
        { Filtering: Dependence.AddressAndPortDependent } => "port-restricted cone",
        _ => "unknown",
    };

    /// <summary>"endpoint-independent", "address-dependent", "address-and-port-dependent" or "unknown".</summary>
    public static string Name(Dependence dependence) => dependence switch
    {
        Dependence.EndpointIndependent => "endpoint-independent",
        Dependence.AddressDependent => "address-dependent",
        Dependence.AddressAndPortDependent => "address-and-port-dependent",
        _ => "unknown",
    };

    /// <summary>What a person may expect of calls from here.</summary>
    public string Expect() => Classic switch
    {
        "UDP blocked" => "No UDP leaves this network: calls need a TURN server that is reached by TCP or TLS.",
        "symmetric" => "Direct calls work with peers that have a public address, a full cone or a restricted cone; peers behind a port-restricted or symmetric NAT need one relay.",
        "port-restricted cone" => "Direct calls work with every peer but those behind a symmetric NAT; those need one relay.",
        "full cone" or "restricted cone" or "open" => "Direct calls work with every peer.",
        "symmetric firewall" => "Direct calls work with every peer whose NAT keeps one mapping for a socket; those behind a symmetric NAT need one relay.",
        _ => "The server cannot answer from a second address, so the filter is not known; ask one that supports RFC 5780.",
    };
}
