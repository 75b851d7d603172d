namespace Softphone.Media;

/// <summary>Brings 48 kHz frames down to the rate of a block codec and encodes them.</summary>
internal sealed class BlockEncoder(IBlockEncoder coder) : IAudioEncoder
{
    private readonly SpeexResampler _down = new(48_000, coder.Rate);
    private readonly short[] _pcm = new short[BlockDecoder.LongestMs * coder.Rate / 1000];

    public int Encode(ReadOnlySpan<short> pcm48k, Span<byte> payload)
    {
        var samples = _down.Process(pcm48k, _pcm);
        var octets = samples / coder.SamplesPerOctet;
        coder.Encode(_pcm.AsSpan(0, octets * coder.SamplesPerOctet), payload);
        return octets;
    }

    public void Tune(EncoderTuning tuning)
    {
    }

    public void Dispose() => _down.Dispose();
}
