namespace Softphone.Media;

/// <summary>One negotiated audio format.</summary>
/// <param name="Codec">The encoding name of a=rtpmap.</param>
/// <param name="PayloadType">The payload type of this direction.</param>
/// <param name="ClockRate">The RTP clock in Hz: 48000 for Opus (RFC 7587 §4.1), 8000 for G.711 and G.722 (RFC 3551 §4.5.2).</param>
public readonly record struct MediaFormat(string Codec, byte PayloadType, int ClockRate);
