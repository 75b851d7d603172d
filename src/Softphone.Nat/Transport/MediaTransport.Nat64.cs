using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// A host that has IPv6 only reaches the peer's IPv4 candidates through the NAT64 of its network, at addresses made of the NAT64's prefix
/// and the IPv4 address (RFC 6052 §2.2, RFC 8421 §4): the agent gets them as further candidates, beside those that a relay reaches.
/// </summary>
public sealed partial class MediaTransport
{
    private RemoteIce Reachable(RemoteIce ice) =>
        IsBehindNat64 ? ice with { Candidates = [.. ice.Candidates, .. ice.Candidates.Select(Translated).OfType<Candidate>()] } : ice;

    /// <summary>The candidate as it is reached through the NAT64; null where it needs none. A private address is on its far side, and not reached.</summary>
    private Candidate? Translated(Candidate candidate) =>
        IsBehindNat64 && candidate.Address.IsValid && candidate.Address.Ip is { IsV4: true, IsPrivate: false, IsLoopback: false, IsLinkLocal: false }
            ? candidate with { Address = new Address(Synthesize(candidate.Address.Ip), candidate.Address.Port) }
            : null;

    private bool IsBehindNat64 => _options.Nat64Prefix.IsV6 && _gatherer.Sockets.TrueForAll(s => s.Address.Ip.IsV6);

    private IpAddress Synthesize(IpAddress v4)
    {
        Span<byte> octets = stackalloc byte[16];
        _options.Nat64Prefix.WriteTo(octets);
        v4.WriteTo(octets[12..]);
        return IpAddress.FromBytes(octets);
    }
}
