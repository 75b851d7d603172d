using Softphone.Core;
using Softphone.Nat;
using Softphone.Sdp;

namespace Softphone.Phone;

/// <summary>Candidates between the words of a description and those of the ICE agent.</summary>
internal static class SdpCandidates
{
    public static SdpCandidate Of(Candidate candidate) =>
        new(candidate.Foundation, candidate.Component, candidate.Transport == Transport.Udp ? "UDP" : "TCP", candidate.Priority, candidate.Address, candidate.Type switch
        {
            CandidateType.Host => SdpCandidateType.Host,
            CandidateType.ServerReflexive => SdpCandidateType.Srflx,
            CandidateType.PeerReflexive => SdpCandidateType.Prflx,
            _ => SdpCandidateType.Relay,
        })
        {
            // Must stand there and is for show: the value that tells nothing (RFC 8839 §5.1) is the shortest, and keeps the local network to itself.
            Related = candidate.RelatedAddress.IsValid ? new Address(candidate.RelatedAddress.Ip.IsV6 ? IpAddress.Parse("::") : IpAddress.AnyV4, 9) : null,
            Extensions = candidate.TcpType == TcpType.None ? [] : [new("tcptype", Candidate.Name(candidate.TcpType))],
        };

    public static Candidate Of(SdpCandidate candidate) => Candidate.Remote(candidate.Type switch
    {
        SdpCandidateType.Host => CandidateType.Host,
        SdpCandidateType.Srflx => CandidateType.ServerReflexive,
        SdpCandidateType.Prflx => CandidateType.PeerReflexive,
        _ => CandidateType.Relayed,
    }, candidate.Component, candidate.Address, candidate.Priority, candidate.Foundation) with
    {
        Transport = candidate.IsUdp ? Transport.Udp : Transport.Tcp,
        TcpType = candidate.TcpType switch
        {
            "active" => TcpType.Active,
            "passive" => TcpType.Passive,
            "so" => TcpType.SimultaneousOpen,
            _ => TcpType.None,
        },
    };

    /// <summary>The peer's side as the agent takes it.</summary>
    /// <param name="ice">What the description says.</param>
    /// <param name="components">With RTCP beside RTP two.</param>
    /// <param name="takesTcp">TCP candidates count where the profile has them (RFC 6544).</param>
    public static RemoteIce Of(SdpIce ice, int components, bool takesTcp) => new()
    {
        Ufrag = ice.Ufrag,
        Pwd = ice.Password,
        IsLite = ice.Lite,
        HasIce2 = ice.IsIce2,
        Pacing = ice.Pacing is { } ms ? TimeSpan.FromMilliseconds(ms) : null,
        Components = components,
        EndOfCandidates = (!ice.Trickles || ice.EndOfCandidates) && !ice.NamedCandidates.Any(c => Takes(c, takesTcp)),
        Candidates = [.. ice.Candidates.Where(c => c.Type != SdpCandidateType.Other && Takes(c, takesTcp)).Select(Of)],
    };

    public static bool Takes(SdpCandidate candidate, bool takesTcp) => candidate.IsUdp || takesTcp;
}
