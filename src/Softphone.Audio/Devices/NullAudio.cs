namespace Softphone.Audio;

/// <summary>
/// The device of a machine without sound: its microphone is silent and its loudspeaker swallows everything. The silence is real
/// frames, so that packets keep flowing and NAT bindings stay open.
/// </summary>
public sealed class NullAudio : IAudioSource, IAudioSink
{
    public static NullAudio Instance { get; } = new();

    public bool Read(Span<short> pcm48k)
    {
        pcm48k.Clear();
        return true;
    }

    public void Write(ReadOnlySpan<short> pcm48k)
    {
    }
}
