using Softphone.Core;

namespace Softphone.Media.Tests;

/// <summary>A call as a mixer knows it: at each tick it takes a frame for its peer and brings one of it.</summary>
internal sealed class StudioCall
{
    private readonly Talk _voice;
    private readonly double _periodMs;
    private readonly double _jitterMs;
    private readonly IEntropy? _chance;
    private readonly Instant _began;
    private readonly short[] _frame = new short[Mixer.FrameSamples];
    private long _said;

    public StudioCall(Studio studio, Talk voice, double periodMs, double jitterMs, IEntropy? chance, Instant began)
    {
        _voice = voice;
        _periodMs = periodMs;
        _jitterMs = jitterMs;
        _chance = chance;
        _began = Due = began;
        Sent = new Reel(studio);
        Port = studio.Mixer.Add();
    }

    public MixerPort Port { get; }

    /// <summary>What the peer was sent.</summary>
    public Reel Sent { get; }

    /// <summary>What the peer was sent in this tick.</summary>
    public ReadOnlySpan<short> LastSent => _frame;

    /// <summary>Ticks until now.</summary>
    public long Ticks { get; private set; }

    public Instant Due { get; private set; }

    /// <summary>Told after each tick.</summary>
    public Action<StudioCall>? Ticked { get; set; }

    /// <summary>Frames said until now.</summary>
    public long Said => _said / Mixer.FrameSamples;

    /// <summary>So many ticks come at once, beside those that come anyway.</summary>
    public void Burst(int ticks)
    {
        var (due, until) = (Due, Ticks);
        for (var i = 0; i < ticks; i++) Tick();
        (Due, Ticks) = (due, until);
    }

    /// <summary>No tick comes for so long, and those missed are not made up for.</summary>
    public void Stall(double ms)
    {
        Due += TimeSpan.FromMilliseconds(ms);
        Ticks += (long)(ms / _periodMs);
    }

    public void Tick()
    {
        Port.Read(_frame);
        Sent.Write(_frame);
        Ticked?.Invoke(this);
        Span<short> said = stackalloc short[Mixer.FrameSamples];
        _voice(_said, said);
        _said += said.Length;
        Port.Write(said);
        Ticks++;
        var late = _chance is null ? 0 : _chance.NextDouble() * _jitterMs;
        Due = _began + TimeSpan.FromMilliseconds(Ticks * _periodMs + late);
    }
}
