namespace Softphone.Media;

/// <summary>What an Opus library does for <see cref="OpusDecoder"/>: 48 kHz mono. Nothing here throws on a payload.</summary>
internal interface IOpusDecoding : IDisposable
{
    /// <summary>Decodes a packet, or conceals where it is empty, or takes the copy of the frame before it out of it.</summary>
    /// <returns>Samples written; 0 where the packet is not understood.</returns>
    int Decode(ReadOnlySpan<byte> payload, Span<short> pcm48k, bool fec);
}
