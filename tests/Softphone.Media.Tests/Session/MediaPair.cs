using Softphone.Core;

namespace Softphone.Media.Tests;

/// <summary>
/// Two media sessions joined by a wire with delay, jitter and loss, in virtual time from a seed. Each 10 ms both capture and play; what
/// was sent, heard and reported is kept.
/// </summary>
internal sealed class MediaPair : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private readonly SeededEntropy _chance;
    private readonly PriorityQueue<(bool ToBob, PathId Path, byte[] Bytes), (long, long)> _wire = new();
    private readonly byte[] _buffer = new byte[Limits.Datagram];
    private readonly short[] _pcm = new short[480];
    private long _order;

    public MediaPair(MediaOptions? alice = null, MediaOptions? bob = null, ulong seed = 1, ICodecFactory? codecs = null)
    {
        _chance = new SeededEntropy(seed);
        Alice = new MediaSession(alice ?? Options(), codecs ?? new PcmCodec(), _chance.Fork(), Now, AliceTrace, "alice");
        Bob = new MediaSession(bob ?? Options(), codecs ?? new PcmCodec(), _chance.Fork(), Now, BobTrace, "bob");
    }

    public MediaSession Alice { get; }

    public MediaSession Bob { get; }

    public Trace AliceTrace { get; } = new();

    public Trace BobTrace { get; } = new();

    public Instant Now { get; private set; }

    public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(20);

    public TimeSpan Jitter { get; set; }

    public double Loss { get; set; }

    /// <summary>Stops one direction altogether.</summary>
    public bool Deaf { get; set; }

    /// <summary>Whether that packet to Bob is thrown away.</summary>
    public Func<byte[], bool>? Swallow { get; set; }

    public bool Speaking { get; set; } = true;

    /// <summary>Every datagram Alice sent.</summary>
    public List<(Instant At, PathId Path, byte[] Bytes)> FromAlice { get; } = [];

    public List<(Instant At, PathId Path, byte[] Bytes)> FromBob { get; } = [];

    public List<MediaEvent> AliceEvents { get; } = [];

    public List<MediaEvent> BobEvents { get; } = [];

    /// <summary>What Bob heard.</summary>
    public List<short> BobHeard { get; } = [];

    public IEnumerable<(RtpHeader Header, byte[] Payload)> RtpFromAlice => Rtp(FromAlice);

    public static MediaOptions Options(string codec = "opus", byte payloadType = 111, int clock = 48_000) => new()
    {
        Send = new MediaFormat(codec, payloadType, clock),
        Receive = [new MediaFormat("opus", 111, 48_000), new("PCMU", 0, 8000), new("PCMA", 8, 8000), new("G722", 9, 8000)],
        SendEvents = clock == 48_000 ? new EventFormat(110, 48_000) : new EventFormat(101, 8000),
        ReceiveEvents = [new EventFormat(110, 48_000), new EventFormat(101, 8000)],
    };

    public static IEnumerable<(RtpHeader Header, byte[] Payload)> Rtp(IEnumerable<(Instant At, PathId Path, byte[] Bytes)> datagrams)
    {
        foreach (var (_, path, bytes) in datagrams)
        {
            if (path != MediaPath.Rtp || RtpPacket.IsRtcp(bytes)) continue;
            Assert.True(RtpPacket.TryParse(bytes, out var packet, out var error), error.ToString());
            yield return (packet.Header, packet.Payload.ToArray());
        }
    }

    public void Run(double seconds)
    {
        var end = Now + TimeSpan.FromSeconds(seconds);
        while (Now < end)
        {
            Step();
            Now += Tick;
        }
    }

    /// <summary>Hands bytes to Bob as if they had come over the wire now.</summary>
    public void ToBob(PathId path, ReadOnlySpan<byte> bytes)
    {
        Bob.Receive(new Datagram(Now, path, default, bytes));
        Drain();
    }

    public void Drain()
    {
        Collect(Alice, FromAlice, AliceEvents, true);
        Collect(Bob, FromBob, BobEvents, false);
    }

    public void Dispose()
    {
        Alice.Dispose();
        Bob.Dispose();
    }

    private void Step()
    {
        while (_wire.TryPeek(out _, out var due) && due.Item1 <= Now.Nanoseconds)
        {
            var (toBob, path, bytes) = _wire.Dequeue();
            (toBob ? Bob : Alice).Receive(new Datagram(new Instant(due.Item1), path, default, bytes));
            Drain();
        }

        if (Alice.NextTimeout <= Now) Alice.Advance(Now);
        if (Bob.NextTimeout <= Now) Bob.Advance(Now);
        if (Speaking) Speech.Fill(Now.Nanoseconds / 1_000_000 * 48, _pcm);
        else _pcm.AsSpan().Clear();
        Alice.Capture(Now, _pcm);
        Bob.Capture(Now, _pcm);
        Alice.Playout(Now, _pcm);
        Bob.Playout(Now, _pcm);
        BobHeard.AddRange(_pcm);
        Drain();
    }

    private void Collect(MediaSession session, List<(Instant, PathId, byte[])> sent, List<MediaEvent> events, bool toBob)
    {
        while (session.TryTransmit(_buffer, out var transmit))
        {
            var bytes = _buffer[..transmit.Length];
            sent.Add((Now, transmit.Path, bytes));
            if (Deaf || (toBob && Swallow?.Invoke(bytes) == true) || _chance.NextDouble() < Loss) continue;
            var arrives = Now + Delay + Jitter * _chance.NextDouble();
            _wire.Enqueue((toBob, transmit.Path, bytes), (arrives.Nanoseconds, _order++));
        }

        while (session.TryEvent(out var happened)) events.Add(happened);
    }
}
