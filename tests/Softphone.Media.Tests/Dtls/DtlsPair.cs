using Softphone.Core;

namespace Softphone.Media.Tests;

/// <summary>Two associations and the line between them, in virtual time: it loses, delays and doubles by a seed, or as it is told.</summary>
internal sealed class DtlsPair : IDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(20);
    private static readonly DateTimeOffset Today = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<(DtlsSession To, byte[] Octets), (long At, int Number)> _line = new();
    private readonly SeededEntropy _chance;
    private int _sent;

    public DtlsPair(ulong seed = 1, IReadOnlyList<SrtpSuite>? client = null, IReadOnlyList<SrtpSuite>? server = null, Trace? trace = null)
    {
        _chance = new SeededEntropy(seed);
        Caller = DtlsIdentity.Create(Today, client);
        Callee = DtlsIdentity.Create(Today, server);
        Client = new DtlsSession(Caller, DtlsRole.Client, MediaPath.Rtp, trace, "client");
        Server = new DtlsSession(Callee, DtlsRole.Server, MediaPath.Rtp, trace, "server");
    }

    public DtlsIdentity Caller { get; }

    public DtlsIdentity Callee { get; }

    public DtlsSession Client { get; }

    public DtlsSession Server { get; }

    public Instant Now { get; private set; } = Instant.Zero + TimeSpan.FromSeconds(1000);

    /// <summary>Chances of each datagram.</summary>
    public double Loss { get; set; }

    public double Doubling { get; set; }

    public double Reordering { get; set; }

    /// <summary>Whether the datagram with this number gets through; null for all.</summary>
    public Func<int, bool>? Passes { get; set; }

    /// <summary>When each side sent something.</summary>
    public List<(Instant At, DtlsSession From, byte[] Octets)> Sent { get; } = [];

    public List<DtlsEvent> OfClient { get; } = [];

    public List<DtlsEvent> OfServer { get; } = [];

    public MediaSecurity? ClientKeys => OfClient.OfType<DtlsEvent.Secured>().SingleOrDefault()?.Keys;

    public MediaSecurity? ServerKeys => OfServer.OfType<DtlsEvent.Secured>().SingleOrDefault()?.Keys;

    /// <summary>Each side is told what the other's certificate is.</summary>
    public DtlsPair Described()
    {
        Client.Expect(Now, [Callee.Fingerprint("sha-256")]);
        Server.Expect(Now, [Caller.Fingerprint("sha-256")]);
        return this;
    }

    public DtlsPair Start()
    {
        Server.Start(Now);
        Client.Start(Now);
        Drain();
        return this;
    }

    /// <summary>Until both have said what became of it, or the time is over.</summary>
    public DtlsPair Run(double seconds = 60)
    {
        var end = Now + TimeSpan.FromSeconds(seconds);
        while (true)
        {
            var due = Instant.Earlier(Client.NextTimeout, Server.NextTimeout);
            if (_line.TryPeek(out _, out var at)) due = Instant.Earlier(due, new Instant(at.At));
            if (due is not { } next || next > end) break;
            Now = next;
            while (_line.TryPeek(out var arriving, out at) && at.At <= Now.Nanoseconds)
            {
                _line.Dequeue();
                Deliver(arriving.To, arriving.Octets);
            }

            Client.Advance(Now);
            Server.Advance(Now);
            Drain();
        }

        Now = end;
        return this;
    }

    public void Deliver(DtlsSession to, ReadOnlySpan<byte> octets)
    {
        to.Receive(new Datagram(Now, MediaPath.Rtp, default, octets));
        Drain();
    }

    public void Drain()
    {
        Span<byte> room = stackalloc byte[Limits.Datagram];
        foreach (var (from, to, events) in new[] { (Client, Server, OfClient), (Server, Client, OfServer) })
        {
            while (from.TryTransmit(room, out var transmit)) Carry(from, to, room[..transmit.Length].ToArray());
            while (from.TryEvent(out var happened)) events.Add(happened);
        }
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
        Caller.Dispose();
        Callee.Dispose();
    }

    private void Carry(DtlsSession from, DtlsSession to, byte[] octets)
    {
        Sent.Add((Now, from, octets));
        var number = _sent++;
        if (Passes?.Invoke(number) == false || _chance.NextDouble() < Loss) return;
        var copies = _chance.NextDouble() < Doubling ? 2 : 1;
        for (var i = 0; i < copies; i++)
        {
            var delay = Delay + (_chance.NextDouble() < Reordering ? TimeSpan.FromMilliseconds(_chance.NextInt(1500)) : TimeSpan.Zero);
            _line.Enqueue((to, octets), ((Now + delay).Nanoseconds, _line.Count + number));
        }
    }
}
