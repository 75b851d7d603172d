namespace Softphone.Media;

/// <summary>How one stream is doing: the fields of the media report.</summary>
/// <param name="Codec">What we send.</param>
/// <param name="ReceiveCodec">What we last received; empty before the first packet.</param>
/// <param name="Tx">Our stream, its loss and jitter as the peer reports them.</param>
/// <param name="Rx">The peer's stream as we see it.</param>
/// <param name="RttMs">Round trip by RTCP; null before the first report of the peer that allows it.</param>
/// <param name="PlayoutMs">Delay the jitter buffer adds now.</param>
/// <param name="ConcealedPercent">Share of played time that was made up, 0 to 100, since the start.</param>
/// <param name="Mos">Estimated quality, 1 to 4.5 (G.107), since the start; null before any audio was played.</param>
/// <param name="Jitter">The jitter buffer's own account.</param>
/// <param name="Drops">Packets that were not taken, by cause.</param>
public sealed record MediaStatistics(
    string Codec,
    string ReceiveCodec,
    StreamStatistics Tx,
    StreamStatistics Rx,
    double? RttMs,
    double PlayoutMs,
    double ConcealedPercent,
    double? Mos,
    JitterStatistics Jitter,
    DropStatistics Drops)
{
    /// <summary>From the peer's mouth to our ear: half the round trip, the jitter buffer, devices and codecs, each as measured where it can be.</summary>
    public double DelayMs { get; init; }

    /// <summary>What our encoder was told to use: where the peer's is not known it is taken for the same.</summary>
    public int BitrateBps { get; init; } = 32_000;

    /// <summary>The longest time between two packets taken, up to now, while we were to receive.</summary>
    public double LongestGapMs { get; init; }

    /// <summary>Payload types that came and that nobody had agreed on, the most frequent first.</summary>
    public IReadOnlyList<StrangeType> StrangeTypes { get; init; } = [];
}

/// <summary>How many packets of a payload type came that was not agreed.</summary>
public readonly record struct StrangeType(byte PayloadType, long Packets);

/// <summary>One direction of a stream.</summary>
/// <param name="Packets">RTP packets.</param>
/// <param name="Bytes">Their payload octets.</param>
/// <param name="Lost">Packets that never came, by sequence numbers (RFC 3550 A.3); never below 0.</param>
/// <param name="LossPercent">Lost of expected, since the start.</param>
/// <param name="JitterMs">Interarrival jitter (RFC 3550 A.8).</param>
/// <param name="LevelDbfs">Level of the last moments, -96 for silence.</param>
public readonly record struct StreamStatistics(long Packets, long Bytes, long Lost, double LossPercent, double JitterMs, double LevelDbfs);

/// <summary>Packets that arrived and were not taken.</summary>
/// <param name="Malformed">Neither RTP nor RTCP by form (RFC 3550 A.1, A.2).</param>
/// <param name="UnknownPayloadType">A payload type that was not negotiated.</param>
/// <param name="UnknownSource">Of another source, or of one still on probation.</param>
public readonly record struct DropStatistics(long Malformed, long UnknownPayloadType, long UnknownSource)
{
    /// <summary>Their tag is not of the peer's key, or they name no key that we know.</summary>
    public long Forged { get; init; }

    /// <summary>They came before, or later than the replay window reaches.</summary>
    public long Replayed { get; init; }

    /// <summary>RTCP that says of itself that it is not encrypted.</summary>
    public long Unprotected { get; init; }
}
