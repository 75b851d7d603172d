using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// A host that has IPv6 only reaches the peer's IPv4 candidates through the NAT64 of its network, at addresses made of the NAT64's prefix
/// and the IPv4 address (RFC 6052 §2.2, RFC 8421 §4): the agent gets them as candidates of its own family.
/// </summary>
public sealed partial class MediaTransport
{
    private RemoteIce Reachable(RemoteIce ice) =>
        IsBehindNat64 ? ice with { Candidates = [.. ice.Candidates.Select(Reachable)] } : ice;

    private Candidate Reachable(Candidate candidate) => IsBehindNat64 && candidate.Address.IsValid && candidate.Address.Ip.IsV4
        ? candidate with { Address = new Address(Synthesize(candidate.Address.Ip), candidate.Address.Port) }
        : candidate;

    private bool IsBehindNat64 => _options.Nat64Prefix.IsV6 && _gatherer.Sockets.TrueForAll(s => s.Address.Ip.IsV6);

    private IpAddress Synthesize(IpAddress v4)
    {
        Span<byte> octets = stackalloc byte[16];
        _options.Nat64Prefix.WriteTo(octets);
        v4.WriteTo(octets[12..]);
        return IpAddress.FromBytes(octets);
    }
}
