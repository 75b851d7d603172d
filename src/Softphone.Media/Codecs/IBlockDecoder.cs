namespace Softphone.Media;

/// <summary>Decodes any number of octets.</summary>
internal interface IBlockDecoder : IBlockCoder
{
    void Decode(ReadOnlySpan<byte> payload, Span<short> pcm);
}
