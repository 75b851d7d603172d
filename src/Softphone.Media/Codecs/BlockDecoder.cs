namespace Softphone.Media;

/// <summary>Decodes a block codec, conceals what is lost at the codec's own rate, and brings both up to 48 kHz.</summary>
internal sealed class BlockDecoder(IBlockDecoder coder) : IAudioDecoder
{
    /// <summary>The longest packet taken, in milliseconds.</summary>
    public const int LongestMs = 120;

    private readonly int _ratio = 48_000 / coder.Rate;
    private readonly SpeexResampler _up = new(coder.Rate, 48_000);
    private readonly PitchConcealer _concealer = new(coder.Rate);
    private readonly short[] _pcm = new short[LongestMs * coder.Rate / 1000];

    public int Decode(ReadOnlySpan<byte> payload, Span<short> pcm48k)
    {
        var samples = SamplesOf(payload);
        if (samples == 0 || samples > pcm48k.Length) return 0;
        var pcm = _pcm.AsSpan(0, samples / _ratio);
        coder.Decode(payload, pcm);
        _concealer.Take(pcm);
        return _up.Process(pcm, pcm48k);
    }

    public int Conceal(int samples, Span<short> pcm48k)
    {
        var wanted = Math.Min(samples, pcm48k.Length) / _ratio;
        var written = 0;
        while (wanted > 0)
        {
            var part = _pcm.AsSpan(0, Math.Min(wanted, _pcm.Length));
            _concealer.Make(part);
            written += _up.Process(part, pcm48k[written..]);
            wanted -= part.Length;
        }

        return written;
    }

    public bool TryRecover(ReadOnlySpan<byte> next, int samples, Span<short> pcm48k) => false;

    public int SamplesOf(ReadOnlySpan<byte> payload)
    {
        var samples = payload.Length * coder.SamplesPerOctet;
        return samples > _pcm.Length ? 0 : samples * _ratio;
    }

    public void Dispose() => _up.Dispose();
}
