namespace Softphone.Media;

/// <summary>What an Opus library does for <see cref="OpusEncoder"/>: 48 kHz mono, VOIP mode, variable bit rate, complexity 9.</summary>
internal interface IOpusEncoding : IDisposable
{
    /// <summary>Encodes one frame.</summary>
    /// <returns>Octets written, or the library's error below zero.</returns>
    int Encode(ReadOnlySpan<short> pcm48k, Span<byte> payload);

    void SetBitrate(int bitsPerSecond);

    /// <param name="on">Whether each packet carries a copy of the frame before it.</param>
    /// <param name="lossPercent">The loss to prepare for, 0 to 100.</param>
    void SetFec(bool on, int lossPercent);
}
