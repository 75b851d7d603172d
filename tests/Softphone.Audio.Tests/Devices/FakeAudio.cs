using System.Diagnostics.CodeAnalysis;
using Softphone.Core;

namespace Softphone.Audio.Tests;

/// <summary>Devices that come and go as a test says; each can be a microphone and a loudspeaker.</summary>
internal sealed class FakeAudio : IAudioSystem
{
    private readonly List<Stream> _streams = [];
    private bool _isConnected = true;

    public HashSet<string> Names { get; } = ["one", "two"];

    public string Standard { get; set; } = "one";

    /// <summary>The sound server runs; it must be connected to anew after it did not.</summary>
    public bool IsServing
    {
        get;
        set
        {
            field = value;
            if (value) return;
            _isConnected = false;
            foreach (var stream in _streams) stream.IsAlive = false;
        }
    } = true;

    public int Tries { get; private set; }

    public int Restarts { get; private set; }

    /// <summary>Every device that was opened, in order.</summary>
    public List<string> Opened { get; } = [];

    public bool MovesWithDefault => false;

    public string Driver => "fake";

    public int Open => _streams.Count(s => !s.IsDisposed);

    /// <summary>What is open now.</summary>
    public IReadOnlyList<string> OpenNames => [.. _streams.Where(s => !s.IsDisposed).Select(s => s.Name)];

    public void Unplug(string name)
    {
        Names.Remove(name);
        foreach (var stream in _streams) stream.IsAlive &= stream.Name != name;
    }

    /// <summary>The server ends the streams of a device that stays.</summary>
    public void Kick(string name)
    {
        foreach (var stream in _streams) stream.IsAlive &= stream.Name != name;
    }

    public IReadOnlyList<AudioDevice> List() => Restarts > 0 && !_isConnected
        ? []
        : [.. Names.SelectMany(n => new[] { new AudioDevice(n, true, n == Standard), new AudioDevice(n, false, n == Standard) })];

    public string? DefaultName(bool isInput) => Standard;

    public bool TryOpen(string? name, bool isInput, SampleRing ring, [NotNullWhen(true)] out IAudioStream? stream, [NotNullWhen(false)] out Fault? fault)
    {
        Tries++;
        fault = null;
        stream = null;
        var real = name ?? Standard;
        if (!_isConnected || !Names.Contains(real))
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

    public bool Restart()
    {
        Assert.Equal(0, Open);
        Restarts++;
        return _isConnected = IsServing;
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
