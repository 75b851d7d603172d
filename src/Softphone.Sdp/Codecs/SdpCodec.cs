namespace Softphone.Sdp;

/// <summary>
/// An audio codec as SDP names it. Two descriptions mean the same codec when name (without regard to case), clock and channels
/// agree; number and format parameters do not count. Opus has one mapping only, whatever channels are written (RFC 7587 §7).
/// </summary>
/// <param name="Name">The encoding name, "opus".</param>
/// <param name="ClockRate">RTP clock in Hz. G.722 says 8000 though it samples at 16 kHz (RFC 3551 §4.5.2).</param>
/// <param name="Channels">Number of channels in the rtpmap; opus always says 2 (RFC 7587 §4.1).</param>
/// <param name="PayloadType">The number: preferred in what we can do, in force in what was negotiated.</param>
/// <param name="Parameters">The a=fmtp value; empty when there is none.</param>
public sealed record SdpCodec(string Name, int ClockRate, int Channels, byte PayloadType, string Parameters = "")
{
    /// <summary>
    /// 107 is what Asterisk calls Opus in its own offers. It joins two phones without translating numbers (RFC 3264 §5.1 notwithstanding),
    /// so that a caller with another number would hear nothing; to everybody else any number is as good.
    /// </summary>
    public static SdpCodec Opus { get; } = new("opus", 48_000, 2, 107, "useinbandfec=1");

    public static SdpCodec G722 { get; } = new("G722", 8_000, 1, 9);

    public static SdpCodec Pcmu { get; } = new("PCMU", 8_000, 1, 0);

    public static SdpCodec Pcma { get; } = new("PCMA", 8_000, 1, 8);

    /// <summary>Every codec that this phone speaks, best first.</summary>
    public static IReadOnlyList<SdpCodec> All { get; } = [Opus, G722, Pcma, Pcmu];

    public bool IsTelephoneEvent => Name.Equals("telephone-event", StringComparison.OrdinalIgnoreCase);

    /// <summary>"opus/48000/2": the rtpmap value.</summary>
    public string RtpMap => Channels == 1 ? $"{Name}/{ClockRate}" : $"{Name}/{ClockRate}/{Channels}";

    /// <summary>A codec of ours by the name a person writes: opus, g722, pcma, pcmu, and alaw, ulaw.</summary>
    public static bool TryFind(string name, out SdpCodec codec)
    {
        codec = name.ToLowerInvariant() switch
        {
            "opus" => Opus,
            "g722" or "g.722" => G722,
            "pcma" or "alaw" => Pcma,
            "pcmu" or "ulaw" => Pcmu,
            _ => null!,
        };
        return codec is not null;
    }

    public bool IsSameAs(SdpCodec other) =>
        Name.Equals(other.Name, StringComparison.OrdinalIgnoreCase) && ClockRate == other.ClockRate
        && (Channels == other.Channels || Name.Equals(Opus.Name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The number says it all (RFC 3551 §6), so that an a=rtpmap may be left out.</summary>
    internal bool IsStatic => Static(PayloadType) is { } known && known.IsSameAs(this);

    /// <summary>The codec of a static payload type that may come without an rtpmap (RFC 3551 §6).</summary>
    internal static SdpCodec? Static(byte payloadType) => payloadType switch
    {
        0 => Pcmu,
        3 => new SdpCodec("GSM", 8_000, 1, 3),
        4 => new SdpCodec("G723", 8_000, 1, 4),
        8 => Pcma,
        9 => G722,
        10 => new SdpCodec("L16", 44_100, 2, 10),
        11 => new SdpCodec("L16", 44_100, 1, 11),
        13 => new SdpCodec("CN", 8_000, 1, 13),
        15 => new SdpCodec("G728", 8_000, 1, 15),
        18 => new SdpCodec("G729", 8_000, 1, 18),
        _ => null,
    };
}
