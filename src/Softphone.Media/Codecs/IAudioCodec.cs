namespace Softphone.Media;

/// <summary>What the sender wants of an encoder now. An encoder that has no such knob ignores it.</summary>
/// <param name="BitrateBps">Bit rate in bits a second: what is aimed for, and not passed on average.</param>
/// <param name="Fec">Whether each packet also carries a coarse copy of the frame before it (Opus in-band FEC).</param>
/// <param name="ExpectedLossPercent">The loss the encoder should prepare for, 0 to 100.</param>
public readonly record struct EncoderTuning(int BitrateBps, bool Fec = false, int ExpectedLossPercent = 0)
{
    /// <summary>32 kbit/s without FEC: what a call starts with.</summary>
    public static EncoderTuning Default => new(32_000);
}

/// <summary>Turns 48 kHz mono frames into payloads of one codec. Belongs to one stream and is not shared.</summary>
public interface IAudioEncoder : IDisposable
{
    /// <summary>Encodes one frame of 48 kHz mono PCM (10, 20, 40 or 60 ms).</summary>
    /// <returns>Octets written to the payload; 0 when the codec has nothing to send for this frame (DTX).</returns>
    int Encode(ReadOnlySpan<short> pcm48k, Span<byte> payload);

    void Tune(EncoderTuning tuning);
}

/// <summary>Turns payloads of one codec into 48 kHz mono PCM, in the order of their sequence numbers. Never throws on a payload.</summary>
public interface IAudioDecoder : IDisposable
{
    /// <summary>Decodes one payload.</summary>
    /// <returns>Samples written at 48 kHz; 0 when the payload is not understood.</returns>
    int Decode(ReadOnlySpan<byte> payload, Span<short> pcm48k);

    /// <summary>Makes up for that many lost samples (packet loss concealment).</summary>
    /// <returns>Samples written.</returns>
    int Conceal(int samples, Span<short> pcm48k);

    /// <summary>Recovers the frame of that many samples that stood before <paramref name="next"/> from the copy carried in it.</summary>
    /// <returns>False, with nothing written and no state changed, when the payload carries no copy.</returns>
    bool TryRecover(ReadOnlySpan<byte> next, int samples, Span<short> pcm48k);

    /// <summary>How many samples at 48 kHz the payload holds; 0 when it is not understood.</summary>
    int SamplesOf(ReadOnlySpan<byte> payload);
}

/// <summary>Makes encoders and decoders by the encoding name of SDP (a=rtpmap): opus, G722, PCMU, PCMA; case does not matter.</summary>
public interface ICodecFactory
{
    bool Supports(string name);

    /// <exception cref="ArgumentException">The name is not supported.</exception>
    IAudioEncoder CreateEncoder(string name, EncoderTuning tuning);

    /// <exception cref="ArgumentException">The name is not supported.</exception>
    IAudioDecoder CreateDecoder(string name);
}
