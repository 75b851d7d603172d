using Softphone.Media;

namespace Softphone.Lab;

/// <summary>A codec that costs nothing: 60 octets a frame and silence, so that what is around it is measured.</summary>
public sealed class PlainCodec : ICodecFactory, IAudioEncoder, IAudioDecoder
{
    private const int Octets = 60;
    private const int Samples = 960;

    public bool Supports(string name) => true;

    public IAudioEncoder CreateEncoder(string name, EncoderTuning tuning) => new PlainCodec();

    public IAudioDecoder CreateDecoder(string name) => new PlainCodec();

    public int Encode(ReadOnlySpan<short> pcm48k, Span<byte> payload)
    {
        payload[..Octets].Clear();
        return Octets;
    }

    public void Tune(EncoderTuning tuning)
    {
    }

    public int Decode(ReadOnlySpan<byte> payload, Span<short> pcm48k) => Conceal(SamplesOf(payload), pcm48k);

    public int Conceal(int samples, Span<short> pcm48k)
    {
        pcm48k[..samples].Clear();
        return samples;
    }

    public bool TryRecover(ReadOnlySpan<byte> next, int samples, Span<short> pcm48k) => false;

    public int SamplesOf(ReadOnlySpan<byte> payload) => payload.Length == Octets ? Samples : 0;

    public void Dispose()
    {
    }
}
