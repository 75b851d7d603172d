using Softphone.Media;

namespace Softphone.Audio;

/// <summary>Sends back what is heard, a tenth of a second later at most: the echo test of a PBX.</summary>
public sealed class EchoAudio : IAudioSource, IAudioSink
{
    private const int Longest = 4800;

    private readonly Queue<short> _heard = new(Longest);

    public bool Read(Span<short> pcm48k)
    {
        if (_heard.Count < pcm48k.Length)
        {
            pcm48k.Clear();
            return false;
        }

        foreach (ref var sample in pcm48k) sample = _heard.Dequeue();
        return true;
    }

    public void Write(ReadOnlySpan<short> pcm48k)
    {
        foreach (var sample in pcm48k)
        {
            if (_heard.Count == Longest) _heard.Dequeue();
            _heard.Enqueue(sample);
        }
    }
}
