using Softphone.Core;
using Softphone.Lab;

namespace Softphone.Nat.Tests;

/// <summary>A media transport on a virtual host, as a call would own it; counts the media it gets by component.</summary>
internal sealed class TransportParty : IMachine
{
    private readonly World _world;

    public TransportParty(World world, VirtualHost host, string name, string user, MediaTransportOptions options)
    {
        _world = world;
        Host = host;
        Trace = new Trace();
        Transport = new MediaTransport(options, host, world.NewEntropy(), Trace, name);
        User = user;
    }

    public VirtualHost Host { get; }

    public Trace Trace { get; }

    public MediaTransport Transport { get; }

    public string User { get; }

    public List<MediaTransportEvent> Events { get; } = [];

    public Dictionary<int, Instant> UsableAt { get; } = [];

    public int[] Received { get; } = new int[3];

    /// <summary>Told of each event, from within the run.</summary>
    public Action<MediaTransportEvent>? Happened { get; set; }

    /// <summary>When RTP last came, and the longest time between two packets since the last <see cref="Mark"/>.</summary>
    public Instant HeardAt { get; private set; }

    public TimeSpan LongestGap { get; private set; }

    public void Mark()
    {
        HeardAt = _world.Now;
        LongestGap = TimeSpan.Zero;
    }

    /// <summary>The gap so far, were the next packet to come now.</summary>
    public TimeSpan Gap => _world.Now - HeardAt > LongestGap ? _world.Now - HeardAt : LongestGap;

    public LocalIce? Local { get; private set; }

    public Instant? GatheredAt { get; private set; }

    public bool IsClosed => Events.Any(e => e is MediaTransportEvent.Closed);

    public Instant? NextTimeout => Transport.NextTimeout;

    public void Gather(bool isOfferer, bool trickles = false)
    {
        Transport.Gather(_world.Now, isOfferer, trickles);
        Host.Run(this, Drain);
    }

    public void Do(Action<MediaTransport, Instant> input)
    {
        input(Transport, _world.Now);
        Host.Settle();
    }

    public bool Send(int component, byte[] packet)
    {
        var sent = Transport.Send(_world.Now, component, packet);
        Host.Settle();
        return sent;
    }

    public void Receive(in Datagram datagram)
    {
        if (!Transport.Receive(datagram, out var media)) return;
        do
        {
            Received[media.Path.Value]++;
            if (media.Path.Value != 1) continue;
            LongestGap = Gap;
            HeardAt = _world.Now;
        }
        while (Transport.TryNext(datagram.At, out media));
    }

    public void Fail(in PathFailure failure) => Transport.Fail(failure);

    public void Advance(Instant now) => Transport.Advance(now);

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => Transport.TryTransmit(buffer, out transmit);

    /// <summary>"HS" and the like for a component.</summary>
    public string Cell(int component)
    {
        var selected = Events.OfType<MediaTransportEvent.Selected>().LastOrDefault(s => s.Component == component);
        return selected is null ? "FAIL" : $"{"HSPR"[(int)selected.Local.Type]}{"HSPR"[(int)selected.Remote.Type]}";
    }

    public void Drain(Instant now)
    {
        while (Transport.TryEvent(out var happened))
        {
            Events.Add(happened);
            Happened?.Invoke(happened);
            if (happened is MediaTransportEvent.Gathered gathered)
            {
                Local = gathered.Local;
                GatheredAt = now;
            }
            else if (happened is MediaTransportEvent.PathUsable usable)
            {
                UsableAt.TryAdd(usable.Component, now);
            }
        }
    }
}
