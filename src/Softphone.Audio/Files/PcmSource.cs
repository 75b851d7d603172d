namespace Softphone.Audio;

/// <summary>Plays samples that lie in memory, such as those of a WAV file, once or over and over.</summary>
/// <param name="samples">48 kHz mono samples; not copied.</param>
/// <param name="loops">Whether to begin again at the end.</param>
public sealed class PcmSource(ReadOnlyMemory<short> samples, bool loops = false) : IAudioSource
{
    private int _position;

    /// <summary>True once the last sample was played; never when it loops.</summary>
    public bool IsFinished => !loops && _position == samples.Length;

    /// <summary>Opens a WAV file.</summary>
    /// <exception cref="AudioFileException">The file is missing or not supported.</exception>
    public static PcmSource Open(string path, bool loops = false) => new(WavFile.Load(path), loops);

    public bool Read(Span<short> pcm48k)
    {
        var any = false;
        var frame = pcm48k;
        while (!frame.IsEmpty)
        {
            if (_position == samples.Length)
            {
                if (!loops || samples.IsEmpty) break;
                _position = 0;
            }

            var part = Math.Min(frame.Length, samples.Length - _position);
            samples.Span.Slice(_position, part).CopyTo(frame);
            _position += part;
            frame = frame[part..];
            any = true;
        }

        frame.Clear();
        return any;
    }
}
