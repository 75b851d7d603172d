using System.Buffers.Binary;
using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Lab;

/// <summary>
/// One side of a simulated call: a media transport as a call owns it, offers and answers as a call exchanges them, and numbered packets
/// instead of voice. It counts what arrives and blames what must not be.
/// </summary>
internal sealed partial class SimulatedParty : IMachine
{
    /// <summary>Packets of a window in which arrival is counted: a second of voice.</summary>
    public const int WindowFrames = 50;

    private const int MostTransmits = 400;
    private const uint SsrcOfCaller = 0xA;
    private static readonly TimeSpan FrameTime = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan IdleFrameTime = TimeSpan.FromSeconds(1);
    private readonly VirtualHost _host;
    private readonly bool _isCaller;
    private readonly CallPlan _plan;
    private readonly WireWatch _watch;
    private readonly SignalLine _out;
    private readonly IEntropy _chance;
    private readonly TimerTable<Work> _timers = new();
    private readonly byte[] _packet = new byte[32];
    private readonly ulong[] _heard = new ulong[3];
    private readonly bool[] _usable = new bool[3];
    private bool _hadPath;
    private int _window;
    private int _frame;
    private int _toSend;
    private int _transmits;
    private bool _isBegun;
    private string? _violation;

    public SimulatedParty(SimulatedNet net, VirtualHost host, CallPlan plan, bool isCaller, WireWatch watch, SignalLine line, Trace trace)
    {
        _host = host;
        _plan = plan;
        _isCaller = isCaller;
        _watch = watch;
        _out = line;
        _chance = net.World.NewEntropy();
        Side = isCaller ? plan.A : plan.B;
        var name = isCaller ? "a" : "b";
        var relays = Side.UsesTurn ? plan.OneRelayServer ? 1 : net.Topology.Servers.Count : 0;
        var options = new MediaTransportOptions
        {
            Mode = Side.RelayOnly ? IceMode.RelayOnly : IceMode.Auto,
            StunServers = Side.UsesStun ? [.. net.Topology.Servers.Select(s => new Address(s, SimulatedNet.Port))] : [],
            TurnServers = [.. net.Topology.Servers.Take(relays).Select(s => new RelayServer(new Address(s, SimulatedNet.Port), name, $"{name}-secret"))],
            SeparateRtcp = Side.SeparateRtcp,
            Ice = new IceOptions { Pacing = Side.Pacing, Nomination = Side.NominatesAtOnce ? NominationPolicy.Immediate : NominationPolicy.Adaptive },
        };
        Transport = new MediaTransport(options, host, net.World.NewEntropy(), trace, name, new Pacer(Pacer.Floor));
        watch.Reset();
    }

    private enum Work
    {
        Frame,
        Late,
        Restart,
        Retry,
        Pickup,
    }

    public SidePlan Side { get; }

    public MediaTransport Transport { get; }

    public SimulatedParty Peer { get; set; } = null!;

    public VirtualHost Host => _host;

    /// <summary>What was done that must not be; null while there is nothing.</summary>
    public string? Violation => _violation ?? _watch.Violation;

    /// <summary>Why there is no path, as the agent says it.</summary>
    public Fault? Failure { get; private set; }

    public bool IsTalking { get; private set; }

    public bool IsClosed { get; private set; }

    public bool IsClosing { get; private set; }

    /// <summary>Media of the first component may leave.</summary>
    public bool HasPath => _usable[1];

    /// <summary>ICE restarts that it began.</summary>
    public int Restarts { get; private set; }

    /// <summary>The relays on our side of the selected path of RTP: 0 or 1; null while none is selected.</summary>
    public int? SelectedLegs { get; private set; }

    public CandidateKinds Told { get; private set; }

    /// <summary>
    /// A gateway has rebound. It may give us the outside port that the peer had, where the peer proved itself, and send back to us what we
    /// send there: no transport can tell, and a session knows its own packets by their source (RFC 3550 §8.2).
    /// </summary>
    public bool MayLoop { get; set; }

    /// <summary>Packets of the window, and how many of them the peer's were heard, component 1.</summary>
    public int Sent { get; private set; }

    public int Heard => System.Numerics.BitOperations.PopCount(_heard[1]);

    public int Events { get; private set; }

    private uint Ssrc => _isCaller ? SsrcOfCaller : SsrcOfCaller + 1;

    public Instant? NextTimeout => Instant.Earlier(Transport.NextTimeout, _timers.Next);

    public void Begin(Instant now)
    {
        _isBegun = true;
        Transport.Gather(now, _isCaller);
        _host.Run(this, Drain);
        _host.InterfacesChanged = Transport.NetworkChanged;
    }

    /// <summary>From now on a second of packets is sent, and those of the peer's second counted.</summary>
    public void OpenWindow(Instant now, int window)
    {
        if (IsClosing) return;
        _window = window;
        _frame = 0;
        _toSend = WindowFrames;
        _heard.AsSpan().Clear();
        Sent = 0;
        _timers.Set(Work.Frame, now);
    }

    public void Close(Instant now)
    {
        if (IsClosing) return;
        IsClosing = true;
        _timers.Clear();
        _toSend = 0;
        Transport.Close(now);
    }

    public void Receive(in Datagram datagram)
    {
        Events++;
        _transmits = 0;
        _watch.Received(datagram.Path, datagram.Remote, datagram.Payload);
        if (!Transport.Receive(datagram, out var media)) return;
        if (IsClosing) Blame(datagram.At, "media was handed out after the end");
        var payload = media.Payload;
        var component = media.Path.Value;
        var source = payload.Length == _packet.Length ? BinaryPrimitives.ReadUInt32BigEndian(payload[8..]) : 0;
        if (source == Ssrc && MayLoop) return;
        if (source != Peer.Ssrc) Blame(datagram.At, $"media from {media.Remote} is not the peer's");
        else if (BinaryPrimitives.ReadInt32BigEndian(payload[4..]) == _window) _heard[component] |= 1UL << BinaryPrimitives.ReadUInt16BigEndian(payload[2..]);
    }

    public void Fail(in PathFailure failure)
    {
        _transmits = 0;
        Transport.Fail(failure);
    }

    public void Advance(Instant now)
    {
        Events++;
        _transmits = 0;
        Transport.Advance(now);
        while (_timers.TryExpire(now, out var work))
        {
            switch (work)
            {
                case Work.Frame:
                    SendFrame(now);
                    break;
                case Work.Late:
                    if (!HasPath) Offer(now);
                    break;
                case Work.Restart:
                    Restart(now);
                    break;
                case Work.Retry:
                    Offer(now);
                    break;
                case Work.Pickup:
                    PickUp(now);
                    break;
            }
        }
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit)
    {
        if (!Transport.TryTransmit(buffer, out transmit)) return false;
        if (++_transmits > MostTransmits) Blame(_host.World.Now, "hundreds of packets at once");
        _watch.Sent(_host.World.Now, transmit.Path, transmit.Remote, buffer[..transmit.Length]);
        return true;
    }

    private void SendFrame(Instant now)
    {
        if (!IsTalking || IsClosing) return;
        var inWindow = _toSend > 0;
        _packet[0] = 0x80;
        BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(2), (ushort)(inWindow ? _frame : 0));
        BinaryPrimitives.WriteInt32BigEndian(_packet.AsSpan(4), inWindow ? _window : -1);
        BinaryPrimitives.WriteUInt32BigEndian(_packet.AsSpan(8), Ssrc);
        _packet[1] = 0;
        var left = Transport.Send(now, 1, _packet);
        if (inWindow)
        {
            if (left) Sent++;
            _frame++;
            _toSend--;
        }

        if ((_frame & 15) == 1 && inWindow)
        {
            _packet[1] = 200;
            Transport.Send(now, 2, _packet);
        }

        _timers.Set(Work.Frame, now + (_toSend > 0 ? FrameTime : IdleFrameTime));
    }

    private void Drain(Instant now)
    {
        while (Transport.TryEvent(out var happened))
        {
            if (IsClosed) Blame(now, $"{happened.GetType().Name} after Closed");
            OnTransport(now, happened);
        }
    }

    private void OnTransport(Instant now, MediaTransportEvent happened)
    {
        switch (happened)
        {
            case MediaTransportEvent.Gathered:
                OnGathered(now);
                break;
            case MediaTransportEvent.LocalGrown:
                _isLate = true;
                WaitForPath(now);
                break;
            case MediaTransportEvent.PathUsable e:
                _usable[e.Component] = true;
                _hadPath |= e.Component == 1;
                break;
            case MediaTransportEvent.Selected { Component: 1 } e:
                SelectedLegs = e.Local.Path.IsRelay ? 1 : 0;
                break;
            case MediaTransportEvent.AnswerReady:
                SendAnswer();
                break;
            case MediaTransportEvent.RestartNeeded:
                WantRestart(now);
                break;
            case MediaTransportEvent.ConsentLost:
                _usable.AsSpan().Clear();
                break;
            // A call that had a path waits for another one, as a phone does.
            case MediaTransportEvent.Failed e when !_hadPath:
                Failure = e.Fault;
                break;
            case MediaTransportEvent.Closed:
                IsClosed = true;
                break;
        }
    }

    private void Blame(Instant now, string what) => _violation ??= $"{now}: {what}";
}
