using System.Runtime.InteropServices;

namespace Softphone.Audio;

/// <summary>Keeps what is played in memory, up to a bound, for the demo and the tests to look at.</summary>
/// <param name="longest">What comes after so much is dropped.</param>
public sealed class PcmSink(TimeSpan longest) : IAudioSink
{
    private const int Rate = Pcm.Rate;

    private readonly List<short> _samples = [];

    /// <summary>What was recorded; valid until the next write.</summary>
    public ReadOnlySpan<short> Samples => CollectionsMarshal.AsSpan(_samples);

    public void Write(ReadOnlySpan<short> pcm48k)
    {
        var room = (int)Math.Min(int.MaxValue, longest.TotalSeconds * Rate) - _samples.Count;
        _samples.AddRange(pcm48k[..Math.Clamp(room, 0, pcm48k.Length)]);
    }
}
