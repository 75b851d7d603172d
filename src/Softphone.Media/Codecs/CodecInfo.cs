namespace Softphone.Media;

/// <summary>One codec: how SDP names it, and what makes it here.</summary>
/// <param name="Name">The name a person writes in a profile: opus, g722, pcma, pcmu.</param>
/// <param name="EncodingName">The encoding name of a=rtpmap.</param>
/// <param name="ClockRate">The RTP clock in Hz; 8000 for G.722 although it samples at 16 kHz (RFC 3551 §4.5.2).</param>
/// <param name="Channels">The channels written in a=rtpmap; always 2 for Opus (RFC 7587 §7).</param>
/// <param name="StaticPayloadType">The payload type of RFC 3551 §6; null when it is dynamic.</param>
public sealed record CodecInfo(string Name, string EncodingName, int ClockRate, int Channels, byte? StaticPayloadType)
{
    public required Func<EncoderTuning, IAudioEncoder> NewEncoder { get; init; }

    public required Func<IAudioDecoder> NewDecoder { get; init; }

    /// <summary>What does the work, for a person.</summary>
    public required Func<string> Library { get; init; }
}
