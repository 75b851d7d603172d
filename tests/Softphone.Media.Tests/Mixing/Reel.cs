using Softphone.Core;

namespace Softphone.Media.Tests;

/// <summary>Keeps what is written, or only how much of it, and when each frame came.</summary>
internal sealed class Reel(Studio? studio = null) : IAudioSink
{
    public List<short> Samples { get; } = [];

    public List<Instant> Times { get; } = [];

    /// <summary>Off when a run is long, or must not allocate.</summary>
    public bool Keeps { get; set; } = true;

    public int Frames { get; private set; }

    public void Write(ReadOnlySpan<short> pcm48k)
    {
        Frames++;
        if (!Keeps) return;
        Samples.AddRange(pcm48k);
        if (studio is not null) Times.Add(studio.Now);
    }

    /// <summary>A frame by its number, from the end when it is negative.</summary>
    public short[] Frame(int number)
    {
        var at = (number < 0 ? Samples.Count / Mixer.FrameSamples + number : number) * Mixer.FrameSamples;
        return [.. Samples[at..(at + Mixer.FrameSamples)]];
    }

    /// <summary>What came in this part of the whole, in seconds.</summary>
    public short[] Part(double from, double to) => [.. Samples[(int)(from * 48_000)..(int)(to * 48_000)]];
}
