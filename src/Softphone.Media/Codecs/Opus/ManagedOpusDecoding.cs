using Concentus;

namespace Softphone.Media;

/// <summary>The decoder of Concentus, a port of libopus: where that is not installed. It leaves about 25 KB of garbage a frame.</summary>
internal sealed class ManagedOpusDecoding : IOpusDecoding
{
    private readonly IOpusDecoder _decoder;

    public ManagedOpusDecoding()
    {
        ManagedOpus.Prepare();
        _decoder = OpusCodecFactory.CreateDecoder(OpusDecoder.Rate, 1);
    }

    public int Decode(ReadOnlySpan<byte> payload, Span<short> pcm48k, bool fec)
    {
        try
        {
            return _decoder.Decode(payload, pcm48k, pcm48k.Length, fec);
        }
        catch (Exception e) when (ManagedOpus.IsRefusal(e))
        {
            return 0;
        }
    }

    public void Dispose() => (_decoder as IDisposable)?.Dispose();
}
