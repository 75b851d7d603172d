namespace Softphone.Media;

/// <summary>Where 48 kHz mono frames go: a loudspeaker, a file, nothing. Written on the thread that drives the machines.</summary>
public interface IAudioSink
{
    void Write(ReadOnlySpan<short> pcm48k);

    /// <summary>How long it takes until what is written is heard, as measured now; null for what is no device.</summary>
    TimeSpan? Delay => null;
}
