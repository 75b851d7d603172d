using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Lab;

/// <summary>One end of a cell: a media transport on a virtual host, and what it said and when.</summary>
internal sealed class MatrixEnd : IMachine
{
    private readonly World _world;
    private readonly Instant?[] _usableAt = new Instant?[3];
    private readonly MediaTransportEvent.Selected?[] _selected = new MediaTransportEvent.Selected?[3];
    private readonly int[] _heard = new int[3];

    public MatrixEnd(World world, VirtualHost host, string name, MediaTransportOptions options)
    {
        _world = world;
        Host = host;
        Transport = new MediaTransport(options, host, world.NewEntropy(), Trace, name);
    }

    public VirtualHost Host { get; }

    public Trace Trace { get; } = new();

    public MediaTransport Transport { get; }

    /// <summary>What goes into the description, once everything is gathered.</summary>
    public LocalIce? Local { get; private set; }

    public Instant? CompletedAt { get; private set; }

    public bool HasFailed { get; private set; }

    public bool IsDone => CompletedAt is not null || HasFailed;

    public Instant? NextTimeout => Transport.NextTimeout;

    /// <summary>When media of the component could leave first.</summary>
    public Instant? UsableAt(int component) => _usableAt[component];

    public MediaTransportEvent.Selected? Selected(int component) => _selected[component];

    /// <summary>Media packets of the component that came.</summary>
    public int Heard(int component) => _heard[component];

    public void Gather(bool isOfferer)
    {
        Transport.Gather(_world.Now, isOfferer);
        Host.Run(this, Drain);
    }

    public void SetRemote(MatrixEnd peer)
    {
        Transport.SetRemote(_world.Now, Describe(peer.Local!));
        Host.Settle();
    }

    public void Send(int component, ReadOnlySpan<byte> packet)
    {
        Transport.Send(_world.Now, component, packet);
        Host.Settle();
    }

    public void Receive(in Datagram datagram)
    {
        for (var isMedia = Transport.Receive(datagram, out var media); isMedia; isMedia = Transport.TryNext(datagram.At, out media)) _heard[media.Path.Value]++;
    }

    public void Fail(in PathFailure failure) => Transport.Fail(failure);

    public void Advance(Instant now) => Transport.Advance(now);

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => Transport.TryTransmit(buffer, out transmit);

    /// <summary>What a session description carries: no path, no base, no server.</summary>
    private static RemoteMedia Describe(LocalIce local)
    {
        var isMuxed = !local.DefaultRtcp.IsValid;
        return new RemoteMedia
        {
            Rtp = local.DefaultRtp,
            Rtcp = isMuxed ? null : local.DefaultRtcp,
            Mux = isMuxed,
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

    private void Drain(Instant now)
    {
        while (Transport.TryEvent(out var happened))
        {
            switch (happened)
            {
                case MediaTransportEvent.Gathered gathered:
                    Local = gathered.Local;
                    break;
                case MediaTransportEvent.PathUsable usable:
                    _usableAt[usable.Component] ??= now;
                    break;
                case MediaTransportEvent.Selected selected:
                    _selected[selected.Component] = selected;
                    break;
                case MediaTransportEvent.StateChanged { State: IceState.Completed }:
                    CompletedAt ??= now;
                    break;
                case MediaTransportEvent.StateChanged { State: IceState.Failed } or MediaTransportEvent.Failed:
                    HasFailed = true;
                    break;
            }
        }
    }
}
