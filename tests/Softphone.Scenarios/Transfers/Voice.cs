using Softphone.Media;

namespace Softphone.Scenarios;

/// <summary>Says one tone for ever.</summary>
internal sealed class Voice(int hertz) : IAudioSource
{
    private int _at;

    public bool Read(Span<short> pcm48k)
    {
        foreach (ref var sample in pcm48k) sample = (short)(8000 * Math.Sin(2 * Math.PI * hertz * _at++ / 48_000.0));
        return true;
    }
}
