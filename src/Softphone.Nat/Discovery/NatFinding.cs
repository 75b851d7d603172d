using Softphone.Core;

namespace Softphone.Nat;

/// <summary>What <see cref="NatDiscovery"/> found. A verdict that the tests could not reach is unknown, and the evidence says why.</summary>
/// <param name="Mapping">When the outer port changes; endpoint-independent where there is no NAT.</param>
/// <param name="Filtering">Who may send to a mapping.</param>
/// <param name="Local">The socket's own address.</param>
/// <param name="Mapped">What the server saw; not valid when it saw nothing.</param>
/// <param name="Evidence">What was sent and what came back, a line a test.</param>
public sealed record NatFinding(Dependence Mapping, Dependence Filtering, Address Local, Address Mapped, IReadOnlyList<string> Evidence)
{
    /// <summary>Whether two sockets behind the NAT reach each other by their outer addresses; null where there is no NAT, or it cannot be told.</summary>
    public bool? Hairpin { get; init; }

    /// <summary>Whether UDP packets in fragments pass, there and back; null when it cannot be told.</summary>
    public bool? Fragments { get; init; }

    /// <summary>True when something on the way rewrites addresses inside packets (an ALG); null when it cannot be told.</summary>
    public bool? RewritesPayloads { get; init; }

    /// <summary>
    /// How sure the verdicts are, from 0 to 1: the least of those that rest on silence. Where nothing does it is 1.
    /// </summary>
    public double Confidence { get; init; } = 1;

    /// <summary>What came of the server that told no address, as the rest of a sentence about it; null when it told one, and when nothing came at all.</summary>
    public string? Answer { get; init; }

    /// <summary>Something came back: UDP passes.</summary>
    public bool IsAnswered => Mapped.IsValid || Answer is not null;

    /// <summary>True when something between us and the server translates addresses.</summary>
    public bool IsTranslated => Mapped.IsValid && Mapped != Local;

    /// <summary>The name of RFC 3489 §5: open, full cone, restricted cone, port-restricted cone, symmetric, symmetric firewall, UDP blocked; or unknown.</summary>
    public string Classic => this switch
    {
        { IsAnswered: false } => "UDP blocked",
        { Mapped.IsValid: false } => "unknown",
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
}
