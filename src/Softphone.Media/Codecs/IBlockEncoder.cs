namespace Softphone.Media;

/// <summary>Encodes any whole number of octets' worth of samples.</summary>
internal interface IBlockEncoder : IBlockCoder
{
    void Encode(ReadOnlySpan<short> pcm, Span<byte> payload);
}
