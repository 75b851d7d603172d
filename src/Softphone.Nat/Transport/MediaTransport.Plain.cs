using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// A peer without ICE: symmetric RTP (RFC 4961). Packets go to the address of the description; which other source is believed, and when,
/// <see cref="SourceLearning"/> says, and how much goes to a host that has not asked for it, <see cref="Restraint"/>.
/// </summary>
public sealed partial class MediaTransport
{
    private readonly Leg[] _legs;
    private readonly Restraint _restraint;
    private bool _plain;

    /// <summary>Something happened while media was taken.</summary>
    private bool _hasNews;

    /// <summary>Where media goes and comes from without ICE; null with it, or before there is a path.</summary>
    public PlainMedia? Plain
    {
        get
        {
            var (leg, sources) = (_legs[0], _legs[0].Sources);
            if (!_plain || leg.Path == PathId.None) return null;
            var local = DefaultCandidates.Rtp(_gatherer.Candidates) is { } rtp && rtp.Path == leg.Path ? rtp.Type : leg.Path.IsRelay ? CandidateType.Relayed : CandidateType.Host;
            return new PlainMedia(local, sources.Signalled, sources.Target) { Refused = sources.Refused, HeldBack = _restraint.HeldBack, Contests = sources.Contests, Rivals = sources.Rivals };
        }
    }

    /// <summary>The call is answered, and the ACK says so: without ICE media to where the peer was heard is not held back any more.</summary>
    public void Acknowledge() => _restraint.IsAcknowledged = true;

    private void SetPlain(Instant now, RemoteMedia remote)
    {
        _plain = true;
        if (remote.Signalling.IsValid) _restraint.Signalling = remote.Signalling;
        Admit(now, remote);
        Aim(now, 1, remote.Rtp, remote);
        var rtcp = remote.Rtcp ?? (remote.Rtp.Port == ushort.MaxValue ? default : remote.Rtp with { Port = (ushort)(remote.Rtp.Port + 1) });
        if (!_port.IsShared && _options.SeparateRtcp) Aim(now, 2, rtcp, remote);
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

    private void Aim(Instant now, int component, Address described, RemoteMedia remote)
    {
        var leg = _legs[component - 1];
        var signalled = described.IsValid && !described.Ip.IsUnspecified && !described.Ip.IsMulticast ? described : default;
        var isNew = leg.Sources.Expect(now, signalled, remote.Sources, remote.PayloadTypes);
        var target = leg.Sources.Target;
        var path = target.IsValid ? PathTo(component, target.Ip) : PathId.None;

        // The same address as before, but it may be our own side that has moved.
        if (!isNew && path == leg.Default && (path == PathId.None || IsOurs(leg.Path))) return;
        leg.Path = leg.Default = path;
        if (path == PathId.None) return;
        if (path.IsRelay) _gatherer.Find(path)?.Client.Permit(now, target.Ip);
        _events.Enqueue(new MediaTransportEvent.PathUsable(component, target, path.IsRelay));
    }

    private bool IsOurs(PathId path) => path.IsRelay ? _gatherer.Find(path) is not null : Owns(path);

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
        return _gatherer.Sockets.Where(s => s.Component == component && !s.IsSpare && s.Address.Ip.IsV4 == peer.IsV4)
            .OrderByDescending(s => s.Address.Ip == routed).ThenBy(s => s.Rank).FirstOrDefault()?.Path ?? PathId.None;
    }

    private bool SendPlain(Instant now, int component, ReadOnlySpan<byte> packet)
    {
        var leg = _legs[component - 1];
        var target = leg.Sources.Target;
        return leg.Path != PathId.None && (!_options.HoldsBack || _restraint.MaySend(now, target.Ip)) && Transmit(now, leg.Path, target, packet);
    }

    // DEVIATION: RFC 4961 follows whoever sends. Then whoever guesses our port takes the call over, and packets under way from the address
    // before turn it back (SourceLearningTests).
    private bool AcceptPlain(in Datagram packet, PacketKind kind, out int component)
    {
        component = ComponentOf(packet.Path);
        if (component == 0 || (component == 2 && kind == PacketKind.Rtp)) return false;
        var leg = _legs[component - 1];
        var verdict = component == 1 && kind == PacketKind.Dtls ? leg.Sources.TakeHandshake(packet.At, packet.Remote)
            : component == 1
            ? leg.Sources.Take(packet.At, packet.Remote, kind, packet.Payload)
            : leg.Sources.TakeReport(packet.At, packet.Remote, _legs[0].Sources.Target.Ip);
        if (verdict == SourceVerdict.Contested)
        {
            leg.Path = leg.Default = PathTo(component, leg.Sources.Target.Ip);
            _hasNews = true;
            _events.Enqueue(new MediaTransportEvent.SourceContested(component, leg.Sources.Rivals.First, leg.Sources.Rivals.Second));
        }

        if (verdict is SourceVerdict.Refused or SourceVerdict.Contested) return false;
        if (packet.Remote == leg.Sources.Target) _restraint.Hear(packet.Remote.Ip);
        if (verdict is SourceVerdict.Followed or SourceVerdict.Returned)
        {
            leg.Path = packet.Path;
            _hasNews = true;
            _events.Enqueue(new MediaTransportEvent.Latched(component, packet.Remote));
        }

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
    private sealed class Leg(TimeSpan window)
    {
        public SourceLearning Sources { get; } = new(window);

        /// <summary>What our packets go by: the default path, or that by which the peer's come.</summary>
        public PathId Path { get; set; }

        /// <summary>What our description shows, as the target needs it.</summary>
        public PathId Default { get; set; }
    }
}
