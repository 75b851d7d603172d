namespace Softphone.Media;

/// <summary>Where 48 kHz mono frames come from: a microphone, a file, a tone. Read on the thread that drives the machines.</summary>
public interface IAudioSource
{
    /// <summary>Fills the whole frame; false, with the frame silent, when there is none yet or no more.</summary>
    bool Read(Span<short> pcm48k);

    /// <summary>How old is what is read, as measured now; null for what is no device.</summary>
    TimeSpan? Delay => null;
}
