using System.Buffers.Binary;
using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Cli;

/// <summary>
/// Two media streams of one process, each with a relay at the same TURN server and nothing else: ICE finds the path from relay to relay,
/// one end sends packets of a call's size, the other sends each back. A machine like all others, so that it runs in the virtual
/// internet too.
/// </summary>
internal sealed class RelayEcho : IMachine
{
    private const int Header = 12;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LateVerdict = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Stragglers = TimeSpan.FromSeconds(1);

    private static readonly Fault NoAllocation = new(Layer.Turn, $"no allocation within {Patience.TotalSeconds:0} s", "check the server's address, and that its port is let through");

    private readonly RelayEchoPlan _plan;
    private readonly MediaTransport _near;
    private readonly MediaTransport _far;
    private readonly List<double> _trips = [];
    private readonly byte[] _packet;
    private LocalIce? _nearLocal;
    private LocalIce? _farLocal;
    private Instant _start;
    private Instant _gathered;
    private Instant _talkedFrom;
    private Instant? _nextPacket;
    private Instant? _deadline;
    private Phase _phase;
    private int _closed;
    private int _sent;

    public RelayEcho(RelayServer server, RelayEchoPlan plan, INetwork network, IEntropy entropy)
    {
        _plan = plan;
        _packet = new byte[plan.Size];
        var options = new MediaTransportOptions
        {
            Mode = IceMode.RelayOnly,
            TurnServers = [server],
            SkipInterfaces = plan.SkipInterfaces,
            UseLoopback = server.Address.Ip.IsLoopback,
            SeparateRtcp = false,

            // Slow servers are found out to be slow, not dead.
            GatherBudget = Patience,
            Ice = new IceOptions { Nomination = NominationPolicy.Immediate },
        };

        _near = new MediaTransport(options, network, entropy, Trace.Off, "near");
        _far = new MediaTransport(options, network, entropy, Trace.Off, "far");
    }

    private enum Phase
    {
        Gathering,
        Checking,
        Talking,
        Waiting,
        Closing,
        Over,
    }

    public bool IsOver => _phase == Phase.Over;

    public RelayEchoResult Result { get; private set; } = new();

    public Instant? NextTimeout => Instant.Earlier(Instant.Earlier(_near.NextTimeout, _far.NextTimeout), Instant.Earlier(_nextPacket, _deadline));

    public void Begin(Instant now)
    {
        _start = now;

        // The transport itself tells what it knows of the server when its time is up, and it may wait a little longer for one that has spoken.
        _deadline = now + Patience + LateVerdict;
        _near.Gather(now, isOfferer: true);
        _far.Gather(now, isOfferer: false);
        Settle(now);
    }

    public void Receive(in Datagram datagram)
    {
        var isFar = _far.Owns(datagram.Path);
        var transport = isFar ? _far : _near;
        for (var isMedia = transport.Receive(datagram, out var media); isMedia; isMedia = transport.TryNext(datagram.At, out media))
        {
            if (isFar) _far.Send(datagram.At, 1, media.Payload);
            else if (media.Payload.Length == _plan.Size) _trips.Add((datagram.At.Nanoseconds - BinaryPrimitives.ReadInt64BigEndian(media.Payload[Header..])) / 1e6);
        }

        Settle(datagram.At);
    }

    public void Fail(in PathFailure failure)
    {
        _near.Fail(failure);
        _far.Fail(failure);
        Settle(failure.At);
    }

    public void Advance(Instant now)
    {
        _near.Advance(now);
        _far.Advance(now);
        while (_nextPacket is { } due && due <= now) SendNext(now, due);
        if (_deadline <= now) TimeIsUp(now);
        Settle(now);
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => _near.TryTransmit(buffer, out transmit) || _far.TryTransmit(buffer, out transmit);

    /// <summary>Gives the relays back; what was found out so far stands.</summary>
    public void Stop(Instant now)
    {
        if (_phase >= Phase.Closing) return;
        _phase = Phase.Closing;
        _nextPacket = _deadline = null;
        _near.Close(now);
        _far.Close(now);
        Settle(now);
    }

    private void Settle(Instant now)
    {
        while (_near.TryEvent(out var happened)) Note(now, happened, isNear: true);
        while (_far.TryEvent(out var happened)) Note(now, happened, isNear: false);
    }

    private void Note(Instant now, MediaTransportEvent happened, bool isNear)
    {
        switch (happened)
        {
            case MediaTransportEvent.Gathered gathered when _phase == Phase.Gathering:
                if (isNear) _nearLocal = gathered.Local;
                else _farLocal = gathered.Local;
                if (isNear && gathered.Local.Candidates is [var relay, ..])
                    Result = Result with { Allocated = now - _start, Relayed = relay.Address };
                if (_nearLocal is null || _farLocal is null) break;
                _phase = Phase.Checking;
                _gathered = now;
                _deadline = now + Patience;
                _far.SetRemote(now, Describe(_nearLocal, isAnswer: false));
                _near.SetRemote(now, Describe(_farLocal, isAnswer: true));
                break;
            case MediaTransportEvent.StateChanged { State: IceState.Completed } when _phase == Phase.Checking && _near.State == IceState.Completed && _far.State == IceState.Completed:
                _phase = Phase.Talking;
                Result = Result with { Path = now - _gathered };
                _deadline = null;
                _nextPacket = _talkedFrom = now;
                break;
            case MediaTransportEvent.ServerFailed failed:
                Give(now, failed.Fault);
                break;
            case MediaTransportEvent.PeerRefused refused:
                Give(now, new Fault(
                    Layer.Turn,
                    $"the server refuses the permission to send to {refused.Peer}, its own address ({refused.Code})",
                    refused.Code == StunErrorCode.Unauthenticated
                        ? "it took the same credentials for the allocation: its nonces or its realm are at odds; look into its log"
                        : "a call between two of its users would fail too: allow its own address as a peer"));
                break;
            case MediaTransportEvent.Failed failed:
                Give(now, _phase == Phase.Gathering ? NoAllocation : failed.Fault);
                break;
            case MediaTransportEvent.Closed when ++_closed == 2:
                _phase = Phase.Over;
                break;
        }
    }

    private void Give(Instant now, Fault fault)
    {
        if (_phase >= Phase.Closing) return;
        Result = Result with { Fault = Result.Fault ?? fault };
        Stop(now);
    }

    private void SendNext(Instant now, Instant due)
    {
        _packet.AsSpan().Clear();
        _packet[0] = 0x80;
        BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(2), (ushort)_sent);
        BinaryPrimitives.WriteInt64BigEndian(_packet.AsSpan(Header), now.Nanoseconds);
        _near.Send(now, 1, _packet);
        _sent++;
        var next = due + TimeSpan.FromSeconds(1.0 / _plan.Rate);
        if (next - _talkedFrom < _plan.Length)
        {
            _nextPacket = next;
            return;
        }

        _nextPacket = null;
        _phase = Phase.Waiting;
        _deadline = now + Stragglers;
    }

    private void TimeIsUp(Instant now)
    {
        _deadline = null;
        switch (_phase)
        {
            case Phase.Gathering:
                Give(now, NoAllocation);
                break;
            case Phase.Checking:
                Give(now, new Fault(Layer.Turn, "nothing comes from one relay to the other", "the server may refuse its own address as a peer; a call between two of its users would fail too"));
                break;
            case Phase.Waiting:
                _trips.Sort();
                Result = Result with { Sent = _sent, RoundTrips = [.. _trips] };
                if (_trips.Count == 0) Result = Result with { Fault = new Fault(Layer.Turn, "no packet came back", "checks pass the relays, media does not") };
                Stop(now);
                break;
        }
    }

    private static RemoteMedia Describe(LocalIce local, bool isAnswer) => new()
    {
        Rtp = local.DefaultRtp,
        Mux = true,
        IsAnswer = isAnswer,
        Ice = new RemoteIce
        {
            Ufrag = local.Ufrag,
            Pwd = local.Pwd,
            HasIce2 = true,
            Pacing = local.Pacing,
            Candidates = [.. local.Candidates.Select(c => Candidate.Remote(c.Type, c.Component, c.Address, c.Priority, c.Foundation))],
        },
    };
}
