using System.Diagnostics.CodeAnalysis;
using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// Everything between the media of one call and the wire, owned by the call: sockets, gathering, relays, the ICE agent, or symmetric RTP
/// (RFC 4961) with a peer that has no ICE. RTP and RTCP go in and out by component number; which socket or relay carries them, and
/// when that changes, is decided here. Its life: <see cref="Gather"/>, the Gathered event, <see cref="SetRemote"/>, media,
/// <see cref="Restart"/> whenever the path is lost, <see cref="Close"/>, the Closed event.
/// </summary>
public sealed partial class MediaTransport : IMachine<MediaTransportEvent>
{
    private readonly MediaTransportOptions _options;
    private readonly INetwork _network;
    private readonly IEntropy _entropy;
    private readonly Trace _trace;
    private readonly string _source;
    private readonly Pacer _pacer;
    private readonly TransmitQueue _queue = new();
    private readonly Queue<MediaTransportEvent> _events = [];
    private readonly Gatherer _gatherer;
    private IceAgent? _agent;
    private string? _remoteUfrag;
    private string? _answeredUfrag;
    private readonly PortUse _port = new();
    private bool _isAnnounced;
    private bool _wantsGathered;
    private Instant? _closeBy;

    /// <summary>The relay whose stream still holds messages of what arrived last.</summary>
    private Relay? _reading;
    private Phase _phase;

    /// <param name="options">Servers, mode and budgets.</param>
    /// <param name="network">Where sockets come from; they are closed by <see cref="Close"/>.</param>
    /// <param name="entropy">For credentials and transaction ids.</param>
    /// <param name="trace">Where transitions go.</param>
    /// <param name="source">Our name in the trace, "alice".</param>
    /// <param name="floor">The pacer of the whole process; null for none.</param>
    public MediaTransport(MediaTransportOptions options, INetwork network, IEntropy entropy, Trace trace, string source, Pacer? floor = null)
    {
        _options = options;
        _network = network;
        _entropy = entropy;
        _trace = trace;
        _source = source;
        _legs = [new Leg(options.LatchWindow), new Leg(options.LatchWindow)];
        _restraint = new Restraint(options.Unasked);
        // Gathering goes at the floor (RFC 8445 §14.2): a handful of requests to our own servers. The agent slows the pacer down to the
        // Ta that both sides propose once it knows the peer's.
        _pacer = new Pacer(Pacer.Floor, floor);
        _gatherer = new Gatherer(options, network, entropy, trace, source, _pacer, _queue);
    }

    private enum Phase
    {
        Idle,
        Open,
        Closing,
        Closed,
    }

    /// <summary>Our side for the next offer or answer; null before the Gathered event.</summary>
    public LocalIce? Local { get; private set; }

    /// <summary>Every server has answered or was given up: no candidate of ours will follow.</summary>
    public bool HasAllLocal => _gatherer.IsDone;

    public IceState State => _agent?.State ?? IceState.Gathering;

    public Instant? NextTimeout
    {
        get
        {
            var next = Instant.Earlier(_gatherer.NextTimeout, _agent?.NextTimeout);
            foreach (var relay in _gatherer.Relays) next = Instant.Earlier(next, relay.Client.NextTimeout);
            foreach (var fork in _forks) next = Instant.Earlier(next, fork.Agent.NextTimeout);
            return Instant.Earlier(Instant.Earlier(next, _askAgainAt), Instant.Earlier(_seekAt, _closeBy));
        }
    }

    /// <summary>Opens the sockets and asks all servers at once.</summary>
    /// <param name="now">The time.</param>
    /// <param name="isOfferer">True for the side that sends the offer: it controls (RFC 8445 §6.1.1).</param>
    /// <param name="trickles">
    /// The peer is known to take candidates one by one: Gathered comes with the first ones, and the others by LocalCandidate (RFC 8838).
    /// </param>
    public void Gather(Instant now, bool isOfferer, bool trickles = false)
    {
        if (_phase != Phase.Idle) return;
        _phase = Phase.Open;
        _role = isOfferer ? IceRole.Controlling : IceRole.Controlled;
        _trickles = trickles;
        _wantsGathered = true;
        if (_options.Mode != IceMode.None) _agent = NewAgent(isOfferer ? 0 : _options.SendsBeforeTrust);
        _mayFork = isOfferer;
        if (_agent is not null) _agent.MayFork = isOfferer;
        _gatherer.Start(now);
        Drain(now);
        if (_gatherer.Sockets.Count == 0)
            _events.Enqueue(new MediaTransportEvent.Failed(new Fault(Layer.Transport, "no socket for media could be opened", "check that an interface is up, and that this process may open more files (ulimit -n)")));
    }

    /// <summary>
    /// The peer's side, from its offer or answer, again after each later one. With the same ICE credentials only what is new counts; an
    /// offer with other credentials restarts ICE. An offer may be answered when <see cref="MayAnswer"/> is true, with
    /// <see cref="Local"/> as it is then; if it is not, the AnswerReady event says when.
    /// </summary>
    public void SetRemote(Instant now, RemoteMedia remote)
    {
        if (_phase != Phase.Open) return;
        _port.IsShared = remote.Mux;
        if (_agent is not null && remote.Ice is { } ice) SetIce(now, remote, ice);
        else if (_options.Mode is IceMode.IceOnly or IceMode.RelayOnly)
            _events.Enqueue(new MediaTransportEvent.Failed(new Fault(
                Layer.Ice, "the peer has no ICE and this profile demands it", "set the profile's nat mode to auto")));
        else LeaveIce(now, remote);
        if (!remote.IsAnswer) AwaitAnswer();
        Drain(now);
    }

    private IceAgent NewAgent(int sendsBeforeTrust)
    {
        var ice = _options.Ice with { Components = _options.SeparateRtcp ? 2 : 1, SendsBeforeTrust = sendsBeforeTrust, Tcp = _options.Tcp };
        return new IceAgent(_role, ice, _entropy, _trace, $"{_source}/ice", _pacer);
    }

    private void SetIce(Instant now, RemoteMedia remote, RemoteIce ice)
    {
        _plain = false;
        var isAnother = _remoteUfrag is not null && _remoteUfrag != ice.Ufrag;
        if (isAnother && remote.IsAnswer && _answeredUfrag == _agent!.Ufrag)
        {
            TurnTo(now, ice.Ufrag);
            if (_gatherer.IsDone) _agent.EndOfLocal(now);
        }

        if (isAnother && !remote.IsAnswer)
        {
            _replaced = 0;
            LeaveForks();
            Renew(now);
        }

        _remoteUfrag = ice.Ufrag;
        if (remote.Mux) _agent!.MuxAccepted(now);
        if (_gatherer.IsDone) _agent!.EndOfLocal(now);
        _agent!.SetRemote(now, Reachable(ice));
        _answeredUfrag = _agent.Ufrag;
        _remoteDefaults = (remote.Rtp, remote.Rtcp);
        if (!remote.IsAnswer && remote.RemoteCandidates.Count > 0) Confirm(now, remote);
        TakeEarly(now, ice.Ufrag);
        Describe();
    }

    /// <summary>
    /// No ICE in the description: symmetric RTP. Where the peer had ICE before, a server has taken the call over (RFC 8839 §4.4.3.1):
    /// fresh credentials wait for the next offer of either side.
    /// </summary>
    private void LeaveIce(Instant now, RemoteMedia remote)
    {
        LeaveForks();
        var hadIce = _remoteUfrag is not null || (_plain && _agent is not null);
        _role = _agent?.Role ?? _role;
        for (var component = 1; component <= 2; component++)
            if (!_plain && _agent?.TryPath(component, out _, out var last) == true) _legs[component - 1].Sources.Leave(last);
        _agent?.Close();
        _agent = null;
        _remoteUfrag = _answeredUfrag = null;
        _asked = null;
        _askAgainAt = null;
        _gatherer.StopKeepAlive();
        if (hadIce)
        {
            _agent = NewAgent(0);
            Offer(now, _agent);
        }

        Describe();
        SetPlain(now, remote);
    }

    /// <summary>True for a socket of this stream, or for a stream to one of its TURN servers.</summary>
    public bool Owns(PathId path)
    {
        foreach (var socket in _gatherer.Sockets)
            if (socket.Path == path) return true;
        return _gatherer.StreamAt(path) is not null || _gatherer.StreamOf(path) is not null;
    }

    /// <summary>The peer answers on the path of media (RFC 7675); false without ICE.</summary>
    public bool IsPathAnswered => _agent?.IsPathAnswered == true;

    /// <summary>Candidates and pairs as they stand; null without ICE.</summary>
    public IceSnapshot? Snapshot() => _agent is null ? null : _agent.Snapshot() with { HasUdpAnswer = _gatherer.HasUdpAnswer, HasUdpAnswerV4 = _gatherer.HasUdpAnswerV4, HasAskedV4 = _gatherer.HasAskedV4 };

    public void Fail(in PathFailure failure)
    {
        ConnectionFailed(failure);
        FailAgents(failure);
        _gatherer.Fail(failure);
        foreach (var relay in _gatherer.Relays) relay.Fail(failure);
        if (_phase is not (Phase.Idle or Phase.Closed)) Drain(failure.At);
    }

    private void FailAgents(in PathFailure failure)
    {
        _agent?.Fail(failure);
        foreach (var fork in _forks) fork.Agent.Fail(failure);
    }

    public void Advance(Instant now)
    {
        if (_phase is Phase.Idle or Phase.Closed) return;
        _gatherer.Advance(now);
        foreach (var relay in _gatherer.Relays) relay.Advance(now);
        _agent?.Advance(now);
        foreach (var fork in _forks) fork.Agent.Advance(now);
        if (_askAgainAt <= now) AskAgain(now);
        if (_seekAt <= now) Seek(now);
        if (_closeBy <= now) Finish();
        Drain(now);
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit)
    {
        if (_queue.TryDequeue(buffer, out transmit)) return true;
        foreach (var relay in _gatherer.Relays)
            if (relay.Client.TryTransmit(buffer, out transmit)) return true;
        return false;
    }

    public bool TryEvent([NotNullWhen(true)] out MediaTransportEvent? happened) => _events.TryDequeue(out happened);

    /// <summary>
    /// Ends the stream: nothing is sent or taken any more except what gives the allocations back, which waits one retransmission
    /// timeout at most. Then the sockets are closed and the Closed event comes.
    /// </summary>
    public void Close(Instant now)
    {
        if (_phase is Phase.Closing or Phase.Closed) return;
        _phase = Phase.Closing;
        LeaveForks();
        _agent?.Close();
        _agent = null;
        _askAgainAt = _seekAt = null;
        _closeBy = now + TimeSpan.FromSeconds(1);
        foreach (var relay in _gatherer.Relays.ToArray()) Release(now, relay);
        Drain(now);
    }

    private void Finish()
    {
        if (_phase == Phase.Closed) return;
        _phase = Phase.Closed;
        _closeBy = null;
        foreach (var relay in _gatherer.Relays.ToArray()) _gatherer.Remove(relay);
        _gatherer.Close();
        _connections.Clear();
        _taking = null;
        _events.Enqueue(new MediaTransportEvent.Closed());
    }
}
