using Softphone.Core;

namespace Softphone.Nat;

/// <summary>The hot path: one call a packet, each way, without a copy of ours and without allocation.</summary>
public sealed partial class MediaTransport
{
    private readonly DropLedger _drops = new();

    /// <summary>What came and was not taken, by reason.</summary>
    public IReadOnlyList<Dropped> Dropped => [.. _drops.All(), .. _agent?.Dropped ?? []];

    /// <summary>The peer may give keys by DTLS (RFC 5764): its packets are handed out as media is. Off counts them and drops them.</summary>
    public bool TakesDtls
    {
        get => _port.TakesDtls;
        set => _port.TakesDtls = value;
    }

    public void Receive(in Datagram datagram)
    {
        Receive(datagram, out _);
        while (TryNext(datagram.At, out _)) continue;
    }

    /// <summary>
    /// Takes a datagram of one of our sockets. True when it is media, or DTLS that is wanted: then <paramref name="media"/> has its payload, unwrapped, and its
    /// path is the component, 1 for RTP and 2 for RTCP, also where both share a port (RFC 5761). Media that the peer has not proved to
    /// be its own is dropped. A stream may bring several packets at once: <see cref="TryNext"/> has the rest.
    /// </summary>
    public bool Receive(in Datagram datagram, out Datagram media)
    {
        media = default;
        if (_phase is Phase.Idle or Phase.Closed) return false;
        if (_gatherer.StreamOf(datagram.Path) is { } stream)
        {
            if (datagram.Remote != stream.Client.Server) return false;
            stream.Framer!.Append(datagram.Payload);
            _reading = stream;
            return TryNext(datagram.At, out media);
        }

        return _gatherer.StreamAt(datagram.Path) is { } connections ? TakeFrames(datagram, connections, out media) : Take(datagram, out media);
    }

    /// <summary>Further media of what <see cref="Receive(in Datagram, out Datagram)"/> was given last; call it until it returns false.</summary>
    public bool TryNext(Instant now, out Datagram media)
    {
        media = default;
        if (_taking is not null) return NextFrame(now, out media);
        while (_reading is { } relay)
        {
            if (relay.Framer!.TryTake(out var message))
            {
                if (Take(new Datagram(now, relay.Wire, relay.Client.Server, message), out media)) return true;
                continue;
            }

            _reading = null;
            if (!relay.Framer.IsBroken) return false;
            relay.Client.Break(now, "what it sends is no TURN");
            Drain(now);
        }

        return false;
    }

    private bool Take(scoped in Datagram datagram, out Datagram media)
    {
        media = default;
        var isRtp = Dispatch(datagram, out var inner, out var kind);
        var isMedia = isRtp && _phase == Phase.Open && Accept(inner, kind, out media);
        if (isRtp && !isMedia && !_plain) _drops.Note(_agent is null || _phase != Phase.Open ? DropLedger.Reason.Early : DropLedger.Reason.Unproved, inner.Remote);
        if (!isMedia || _hasNews) Drain(datagram.At);
        _hasNews = false;
        return isMedia;
    }

    /// <summary>
    /// Sends RTP (component 1) or RTCP (2) by the path in use; with rtcp-mux both go by component 1. A peer that has one component and did
    /// not agree to share it gets no RTCP (RFC 5761 §5.1.1).
    /// </summary>
    /// <returns>False, and nothing sent, while there is no path.</returns>
    public bool Send(Instant now, int component, ReadOnlySpan<byte> packet)
    {
        if (_phase != Phase.Open) return false;
        if (_port.IsShared || !_options.SeparateRtcp) component = 1;
        if (_plain) return SendPlain(now, component, packet);
        return _agent is not null && _agent.TryPath(component, out var path, out var remote) && Transmit(now, path, remote, packet);
    }

    /// <summary>Takes off what a relay put around, and hands STUN to whom it is for. True when media may be left.</summary>
    private bool Dispatch(scoped in Datagram datagram, out Datagram inner, out PacketKind kind)
    {
        inner = datagram;
        foreach (var relay in _gatherer.Relays)
        {
            if (relay.Wire != datagram.Path || relay.Client.Server != datagram.Remote) continue;
            if (relay.Client.TryUnwrap(datagram, out inner)) break;
            inner = datagram;
            if (!relay.Client.IsMine(datagram)) continue;
            relay.Receive(datagram);
            kind = PacketKind.Unknown;
            return false;
        }

        kind = Demultiplexer.Classify(inner.Payload);
        if (kind is PacketKind.Rtp or PacketKind.Rtcp || (kind == PacketKind.Dtls && TakesDtls)) return true;
        if (kind != PacketKind.Stun) _drops.Note(kind, inner.Remote);
        else if (!_gatherer.Receive(inner)) HandToAgent(inner);
        return false;
    }

    private bool Accept(scoped in Datagram inner, PacketKind kind, out Datagram media)
    {
        media = default;
        int component;
        if (_plain)
        {
            if (!AcceptPlain(inner, kind, out component)) return false;
        }
        else if (_agent is null)
        {
            return false;
        }
        else if (!_agent.Accepts(inner.At, inner.Path, inner.Remote, out component))
        {
            _hasNews |= kind == PacketKind.Rtp && _agent.Guess(inner.At, inner.Path, inner.Remote);
            if (!_agent.Signals(inner.Path, inner.Remote, out component) && !IsReportBeside(inner, kind)) return false;
        }

        media = new Datagram(inner.At, new PathId(kind == PacketKind.Rtcp ? 2 : component), inner.Remote, inner.Payload);
        return true;
    }

    /// <summary>RTCP of a peer that checks one component, though both ports are in use: it comes from the address that its description says.</summary>
    private bool IsReportBeside(scoped in Datagram inner, PacketKind kind)
    {
        if (kind != PacketKind.Rtcp || _port.IsShared || _agent is not { Components: 1 } || ComponentOf(inner.Path) != 2) return false;
        return inner.Remote == _remoteDefaults.Rtcp || (_agent.TryPath(1, out _, out var remote) && remote.Ip == inner.Remote.Ip);
    }
}
