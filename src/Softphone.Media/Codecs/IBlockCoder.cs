namespace Softphone.Media;

/// <summary>A codec with a fixed number of samples an octet, at its own rate.</summary>
internal interface IBlockCoder
{
    /// <summary>Sample rate in Hz; 48000 is a multiple of it.</summary>
    int Rate { get; }

    int SamplesPerOctet { get; }
}

/// <summary>Encodes any whole number of octets' worth of samples.</summary>
internal interface IBlockEncoder : IBlockCoder
{
    void Encode(ReadOnlySpan<short> pcm, Span<byte> payload);
}

/// <summary>Decodes any number of octets.</summary>
internal interface IBlockDecoder : IBlockCoder
{
    void Decode(ReadOnlySpan<byte> payload, Span<short> pcm);
}
