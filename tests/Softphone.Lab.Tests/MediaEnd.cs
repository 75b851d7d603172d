using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Lab.Tests;

/// <summary>One end of a stream: the project's media transport on a virtual host, and what it heard.</summary>
internal sealed class MediaEnd : IMachine
{
    private static readonly byte[] Rtp = [0x80, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 9, 1, 2, 3, 4];

    public MediaEnd(World world, VirtualHost host, string name, MediaTransportOptions options)
    {
        World = world;
        Host = host;
        Transport = new MediaTransport(options, host, world.NewEntropy(), Trace.Off, name);
        host.Run(this, Drain);
    }

    public World World { get; }

    public VirtualHost Host { get; }

    public MediaTransport Transport { get; }

    public Dictionary<int, MediaTransportEvent.Selected> Selected { get; } = [];

    public bool HasFailed { get; private set; }

    public bool IsClosed { get; private set; }

    public int Heard { get; private set; }

    /// <summary>True when this end's candidate or the peer's, as this end knows it, is a relay.</summary>
    public bool IsRelayed => Selected.Values.Any(s => s.Local.Type == CandidateType.Relayed || s.Remote.Type == CandidateType.Relayed);

    public Instant? NextTimeout => Transport.NextTimeout;

    public RemoteMedia Describe()
    {
        var local = Transport.Local!;
        return new RemoteMedia
        {
            Rtp = local.DefaultRtp,
            Rtcp = local.DefaultRtcp,
            Ice = new RemoteIce
            {
                Ufrag = local.Ufrag,
                Pwd = local.Pwd,
                HasIce2 = true,
                Pacing = local.Pacing,
                Components = 2,
                Candidates = [.. local.Candidates.Select(c => Candidate.Remote(c.Type, c.Component, c.Address, c.Priority, c.Foundation))],
            },
        };
    }

    public void SendMedia()
    {
        Transport.Send(World.Now, 1, Rtp);
        Host.Settle();
    }

    public void Receive(in Datagram datagram) => Heard += Transport.Receive(datagram, out _) ? 1 : 0;

    public void Fail(in PathFailure failure) => Transport.Fail(failure);

    public void Advance(Instant now) => Transport.Advance(now);

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => Transport.TryTransmit(buffer, out transmit);

    private void Drain(Instant now)
    {
        while (Transport.TryEvent(out var happened))
        {
            switch (happened)
            {
                case MediaTransportEvent.Selected selected:
                    Selected[selected.Component] = selected;
                    break;
                case MediaTransportEvent.Failed:
                    HasFailed = true;
                    break;
                case MediaTransportEvent.Closed:
                    IsClosed = true;
                    break;
            }
        }
    }
}
