using System.Diagnostics.CodeAnalysis;
using Softphone.Core;

namespace Softphone.Audio.Tests;

/// <summary>Devices that come and go as a test says.</summary>
internal sealed class FakeAudio : IAudioSystem
{
    private readonly List<Stream> _streams = [];

    public HashSet<string> Names { get; } = ["one", "two"];

    public string Standard { get; set; } = "one";

    public int Tries { get; private set; }

    public List<string> Opened { get; } = [];

    public bool MovesWithDefault => false;

    public string Driver => "fake";

    public int Open => _streams.Count(s => !s.IsDisposed);

    public void Unplug(string name)
    {
        Names.Remove(name);
        foreach (var stream in _streams) stream.IsAlive &= stream.Name != name;
    }

    public IReadOnlyList<AudioDevice> List() => [.. Names.Select(n => new AudioDevice(n, true, n == Standard))];

    public string? DefaultName(bool isInput) => Standard;

    public bool TryOpen(string? name, bool isInput, SampleRing ring, [NotNullWhen(true)] out IAudioStream? stream, [NotNullWhen(false)] out Fault? fault)
    {
        Tries++;
        fault = null;
        stream = null;
        var real = name ?? Standard;
        if (!Names.Contains(real))
        {
            fault = new Fault(Layer.Audio, "no such device", "");
            return false;
        }

        Opened.Add(real);
        var made = new Stream(real);
        _streams.Add(made);
        stream = made;
        return true;
    }

    public void Restart()
    {
    }

    public void Dispose()
    {
    }

    private sealed class Stream(string name) : IAudioStream
    {
        public string Name => name;

        public bool IsAlive { get; set; } = true;

        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
