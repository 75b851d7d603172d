using BenchmarkDotNet.Attributes;
using Softphone.Core;
using Softphone.Media;

namespace Softphone.Benchmarks;

/// <summary>20 ms of the mixer with all its calls: each reads its frame and writes one; the microphone is read and the speaker written once.</summary>
public class MixerBenchmarks
{
    private readonly House _one = new(1);
    private readonly House _two = new(2);
    private readonly House _three = new(3);
    private readonly House _eight = new(8);
    private readonly House _recorded = new(1);
    private readonly House _tone = new(0);
    private Instant _now;

    [GlobalSetup]
    public void Setup()
    {
        _recorded.Record();
        _tone.Mixer.Play(Tone.Parse("440+480 60"));
        for (var i = 0; i < 500; i++)
        {
            One();
            Two();
            Three();
            Eight();
            Recorded();
            Ringback();
        }
    }

    [Benchmark(Description = "20 ms of the mixer, one call"), Aim(Nanoseconds = 2000, Bytes = 0)]
    public void One() => _one.Frame();

    [Benchmark(Description = "20 ms of the mixer, two calls in conference"), Aim(Nanoseconds = 10_000, Bytes = 0)]
    public void Two() => _two.Frame();

    [Benchmark(Description = "20 ms of the mixer, three calls in conference"), Aim(Nanoseconds = 15_000, Bytes = 0)]
    public void Three() => _three.Frame();

    [Benchmark(Description = "20 ms of the mixer, eight calls in conference"), Aim(Nanoseconds = 50_000, Bytes = 0)]
    public void Eight() => _eight.Frame();

    [Benchmark(Description = "20 ms of the mixer, one call that is recorded"), Aim(Nanoseconds = 5000, Bytes = 0)]
    public void Recorded() => _recorded.Frame();

    [Benchmark(Description = "20 ms of a tone of two frequencies"), Aim(Nanoseconds = 50_000, Bytes = 0)]
    public void Ringback()
    {
        _now += TimeSpan.FromMilliseconds(20);
        _tone.Mixer.Advance(_now);
    }

    private sealed class House : IAudioSource, IAudioSink
    {
        private readonly MixerPort[] _ports;
        private readonly short[] _voice = new short[Mixer.FrameSamples];
        private readonly short[] _frame = new short[Mixer.FrameSamples];

        public House(int calls)
        {
            for (var i = 0; i < _voice.Length; i++) _voice[i] = (short)(3000 * Math.Sin(i * 2 * Math.PI / 240));
            Mixer = new Mixer(this, this, this);
            _ports = new MixerPort[calls];
            for (var i = 0; i < calls; i++) _ports[i] = Mixer.Add();
            foreach (var a in _ports)
                foreach (var b in _ports) Mixer.Connect(a, b, true);
        }

        public Mixer Mixer { get; }

        public void Record() => _ports[0].Record(this);

        public void Frame()
        {
            foreach (var port in _ports)
            {
                port.Read(_frame);
                port.Write(_voice);
            }
        }

        public bool Read(Span<short> pcm48k)
        {
            _voice.CopyTo(pcm48k);
            return true;
        }

        public void Write(ReadOnlySpan<short> pcm48k)
        {
        }
    }
}
