using System.Buffers.Binary;
using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// A peer without ICE: symmetric RTP (RFC 4961). Packets go to the address of the description until the first valid packet says where
/// the peer really is; another source may take over only with the stream's SSRC, or after the stream has been silent.
/// </summary>
public sealed partial class MediaTransport
{
    private readonly Leg[] _legs = [new(), new()];
    private bool _plain;
    private bool _latched;

    private void SetPlain(Instant now, RemoteMedia remote)
    {
        _plain = true;
        Admit(now, remote);
        Aim(now, 1, remote.Rtp);
        var rtcp = remote.Rtcp ?? new Address(remote.Rtp.Ip, (ushort)(remote.Rtp.Port + 1));
        if (!_mux && _options.SeparateRtcp) Aim(now, 2, rtcp);
    }

    /// <summary>
    /// The peer sends to our default address. Where that is a relay, it lets in only addresses that we name, and a private address of
    /// the description is not the one that the relay will see: that is its signalling's, or ours when both are behind one NAT.
    /// </summary>
    private void Admit(Instant now, RemoteMedia remote)
    {
        if (!remote.Rtp.Ip.IsPrivate || DefaultCandidates.Rtp(_gatherer.Candidates) is not { } rtp) return;
        foreach (var candidate in new[] { rtp, DefaultCandidates.Rtcp(_gatherer.Candidates, rtp) })
        {
            if (candidate is not { Path.IsRelay: true } || _gatherer.Find(candidate.Path) is not { } relay) continue;
            foreach (var source in remote.Sources.Concat(_gatherer.Candidates.Where(c => c.Type == CandidateType.ServerReflexive).Select(c => c.Address.Ip)).Distinct())
                if (source.IsV4 == candidate.Address.Ip.IsV4 && !source.IsPrivate) relay.Client.Permit(now, source);
        }
    }

    private void Aim(Instant now, int component, Address remote)
    {
        var leg = _legs[component - 1];
        if (leg.Signalled == remote) return;
        leg.Signalled = leg.Remote = remote;
        leg.Path = default;
        leg.LastHeard = null;
        leg.Ssrc = null;
        if (!remote.IsValid || remote.Ip.IsUnspecified || remote.Ip.IsMulticast) return;
        leg.Path = PathTo(component, remote.Ip);
        if (leg.Path == PathId.None) return;
        if (leg.Path.IsRelay) _gatherer.Find(leg.Path)?.Client.Permit(now, remote.Ip);
        _events.Enqueue(new MediaTransportEvent.PathUsable(component, remote, leg.Path.IsRelay));
    }

    /// <summary>
    /// The path of the default candidate, which is where the peer sends to; but a private peer behind a public relay or NAT is on our
    /// side of it, and is reached from the socket that routes to it.
    /// </summary>
    private PathId PathTo(int component, IpAddress peer)
    {
        var candidates = _gatherer.Candidates;
        var chosen = DefaultCandidates.Rtp(candidates) is not { } rtp ? null : component == 1 ? rtp : DefaultCandidates.Rtcp(candidates, rtp);
        if (chosen is not null && chosen.Address.Ip.IsV4 == peer.IsV4 && (!peer.IsPrivate || chosen.Address.Ip.IsPrivate && chosen.Path.IsRelay)) return chosen.Path;
        var routed = _network.TryRoute(peer, out var local) ? local : default;
        return _gatherer.Sockets.Where(s => s.Component == component && s.Address.Ip.IsV4 == peer.IsV4)
            .OrderByDescending(s => s.Address.Ip == routed).ThenBy(s => s.Rank).FirstOrDefault()?.Path ?? PathId.None;
    }

    private bool SendPlain(Instant now, int component, ReadOnlySpan<byte> packet)
    {
        var leg = _legs[component - 1];
        return leg.Path != PathId.None && Transmit(now, leg.Path, leg.Remote, packet);
    }

    private bool AcceptPlain(in Datagram packet, PacketKind kind, out int component)
    {
        component = ComponentOf(packet.Path);
        if (component == 0) return false;
        var leg = _legs[component - 1];
        if (!leg.Signalled.IsValid) return false;
        uint? ssrc = kind == PacketKind.Rtp && packet.Payload.Length >= 12 ? BinaryPrimitives.ReadUInt32BigEndian(packet.Payload[8..]) : null;
        if (kind == PacketKind.Rtp && ssrc is null) return false;
        if (packet.Remote != leg.Remote || packet.Path != leg.Path)
        {
            // DEVIATION: RFC 4961 knows no window. Without one, whoever guesses our port takes the call over
            // (MediaTransportPlainTests.Latch_ForeignSourceWhileMediaFlows_IsIgnored).
            var isFree = leg.LastHeard is not { } last || packet.At - last > _options.LatchWindow;
            if (!isFree && (ssrc is null || ssrc != leg.Ssrc)) return false;
            leg.Path = packet.Path;
            leg.Remote = packet.Remote;
            _latched = true;
            _events.Enqueue(new MediaTransportEvent.Latched(component, packet.Remote));
        }

        leg.LastHeard = packet.At;
        leg.Ssrc = ssrc ?? leg.Ssrc;
        return true;
    }

    private int ComponentOf(PathId path)
    {
        if (path.IsRelay) return _gatherer.Find(path)?.Socket.Component ?? 0;
        foreach (var socket in _gatherer.Sockets)
            if (socket.Path == path) return socket.Component;
        return 0;
    }

    /// <summary>One component of a stream without ICE.</summary>
    private sealed class Leg
    {
        public Address Signalled { get; set; }

        public PathId Path { get; set; }

        public Address Remote { get; set; }

        public Instant? LastHeard { get; set; }

        public uint? Ssrc { get; set; }
    }
}
