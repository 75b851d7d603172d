namespace Softphone.Media;

/// <summary>G.711 as a block coder; the two laws differ in the table alone.</summary>
internal sealed class G711Coder(bool isALaw) : IBlockEncoder, IBlockDecoder
{
    public int Rate => 8_000;

    public int SamplesPerOctet => 1;

    public void Encode(ReadOnlySpan<short> pcm, Span<byte> payload)
    {
        for (var i = 0; i < pcm.Length; i++) payload[i] = isALaw ? G711.EncodeA(pcm[i]) : G711.EncodeMu(pcm[i]);
    }

    public void Decode(ReadOnlySpan<byte> payload, Span<short> pcm)
    {
        for (var i = 0; i < payload.Length; i++) pcm[i] = isALaw ? G711.DecodeA(payload[i]) : G711.DecodeMu(payload[i]);
    }
}
