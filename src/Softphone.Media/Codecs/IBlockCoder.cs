namespace Softphone.Media;

/// <summary>A codec with a fixed number of samples an octet, at its own rate.</summary>
internal interface IBlockCoder
{
    /// <summary>Sample rate in Hz; 48000 is a multiple of it.</summary>
    int Rate { get; }

    int SamplesPerOctet { get; }
}
