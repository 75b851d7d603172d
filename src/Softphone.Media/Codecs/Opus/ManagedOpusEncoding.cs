using Concentus;
using Concentus.Enums;

namespace Softphone.Media;

/// <summary>The encoder of Concentus, a port of libopus: where that is not installed. It leaves about 140 KB of garbage a frame.</summary>
internal sealed class ManagedOpusEncoding : IOpusEncoding
{
    private const int Failed = -1;

    private readonly IOpusEncoder _encoder;

    public ManagedOpusEncoding(int complexity)
    {
        ManagedOpus.Prepare();
        _encoder = OpusCodecFactory.CreateEncoder(OpusDecoder.Rate, 1, OpusApplication.OPUS_APPLICATION_VOIP);
        _encoder.Complexity = complexity;
        _encoder.UseVBR = true;
    }

    public int Encode(ReadOnlySpan<short> pcm48k, Span<byte> payload)
    {
        try
        {
            return _encoder.Encode(pcm48k, pcm48k.Length, payload, payload.Length);
        }
        catch (Exception e) when (ManagedOpus.IsRefusal(e))
        {
            return Failed;
        }
    }

    public void SetBitrate(int bitsPerSecond) => _encoder.Bitrate = bitsPerSecond;

    public void SetFec(bool on, int lossPercent)
    {
        _encoder.UseInbandFEC = on;
        _encoder.PacketLossPercent = lossPercent;
    }

    public void Dispose() => _encoder.Dispose();
}
