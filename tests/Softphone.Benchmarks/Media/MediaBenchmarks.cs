using BenchmarkDotNet.Attributes;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;

namespace Softphone.Benchmarks;

/// <summary>20 ms of audio one way: captured, encoded, sent as RTP, received, held in the jitter buffer, decoded and played.</summary>
public class MediaBenchmarks
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(20);
    private readonly byte[] _buffer = new byte[Limits.Datagram];
    private readonly short[] _voice = new short[960];
    private readonly short[] _played = new short[960];
    private Way _plain = null!;
    private Way _opus = null!;
    private Way _pcmu = null!;

    [GlobalSetup]
    public void Setup()
    {
        // A buzz with overtones, so that Opus has something to do.
        for (var i = 0; i < _voice.Length; i++) _voice[i] = (short)(6000 * Math.Sin(i * 2 * Math.PI / 240) + 2000 * Math.Sin(i * 2 * Math.PI / 48));
        _plain = new Way("opus", 111, 48_000, new PlainCodec());
        _opus = new Way("opus", 111, 48_000, CodecFactory.Instance);
        _pcmu = new Way("PCMU", 0, 8000, CodecFactory.Instance);
        for (var i = 0; i < 500; i++)
        {
            Plain();
            Opus();
            Pcmu();
        }
    }

    [Benchmark(Description = "20 ms one way, codec left out"), Aim(Bytes = 0)]
    public int Plain() => Run(_plain);

    [Benchmark(Description = "20 ms one way, G.711 with resampling"), Aim(Bytes = 0)]
    public int Pcmu() => Run(_pcmu);

    [Benchmark(Description = "20 ms one way, Opus 32 kbit/s"), Aim(Bytes = 0)]
    public int Opus() => Run(_opus);

    private int Run(Way way)
    {
        way.Now += Frame;
        way.From.Capture(way.Now, _voice);
        while (way.From.TryTransmit(_buffer, out var t)) way.To.Receive(new Datagram(way.Now, t.Path, default, _buffer.AsSpan(0, t.Length)));
        way.To.Playout(way.Now, _played);
        while (way.To.TryTransmit(_buffer, out _)) continue;
        return _played[^1];
    }

    private sealed class Way
    {
        public Way(string codec, byte payloadType, int clock, ICodecFactory codecs)
        {
            var options = new MediaOptions
            {
                Send = new MediaFormat(codec, payloadType, clock),
                Receive = [new MediaFormat(codec, payloadType, clock)],
            };
            From = new MediaSession(options, codecs, new SeededEntropy(1), Instant.Zero);
            To = new MediaSession(options, codecs, new SeededEntropy(2), Instant.Zero);
        }

        public MediaSession From { get; }

        public MediaSession To { get; }

        public Instant Now { get; set; }
    }
}
