using BenchmarkDotNet.Attributes;
using Softphone.Lab;
using Softphone.Phone;

namespace Softphone.Benchmarks;

/// <summary>What the full screen costs the thread of the calls: a view ten times a second.</summary>
public class DeskBenchmarks
{
    private DemoDesk _office = null!;
    private Desk _desk = null!;

    [GlobalSetup]
    public void Setup()
    {
        _office = new DemoDesk(new DemoOptions(), new PlainCodec(), _ => new Silence());
        foreach (var name in (string[])["bob", "dave"])
        {
            Run(5);
            _office.Alice.Do(new PhoneCommand.Dial(name));
        }

        Run(10);
        _desk = _office.Alice.Desk;
        if (_office.Alice.View.Calls.Count(c => c.State is CallState.Connected or CallState.Held) != 2) throw new InvalidOperationException("there are no two calls");
        _desk.Watch = _office.Alice.View.Calls[0].Id;
    }

    [Benchmark(Description = "desk: a view with two calls, one of them watched"), Aim(Nanoseconds = 50_000)]
    public PhoneView View() => _desk.View(_office.World.World.Now);

    private void Run(double seconds) => _office.World.World.RunUntil(_office.World.World.Now + TimeSpan.FromSeconds(seconds));

    private sealed class Silence : Media.IAudioSource
    {
        public bool Read(Span<short> pcm48k)
        {
            pcm48k.Clear();
            return true;
        }
    }
}
