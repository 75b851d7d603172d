namespace Softphone.Captures;

/// <summary>RTP of one source on one hop, and how it arrived at the place of the capture.</summary>
public sealed record MediaStream
{
    /// <summary>From 1, in the order of their beginning.</summary>
    public required int Number { get; init; }

    public required Address From { get; init; }

    public required Address To { get; init; }

    /// <summary>It went in the framing of a TURN server; the addresses are those within.</summary>
    public required bool IsRelayed { get; init; }

    public required uint Ssrc { get; init; }

    /// <summary>What most packets are; "type 96" when no description says.</summary>
    public required string Codec { get; init; }

    /// <summary>Payload types, the most frequent first.</summary>
    public required IReadOnlyList<PayloadCount> Payloads { get; init; }

    public required long Packets { get; init; }

    /// <summary>Missing at the place of the capture (RFC 3550 A.3), without what came by another path of the same source.</summary>
    public required long Lost { get; init; }

    public required double LossPercent { get; init; }

    /// <summary>RFC 3550 A.8.</summary>
    public required double JitterMs { get; init; }

    /// <summary>
    /// By the phone's E-model (G.107), of what was missing here, with a jitter buffer of twice the jitter, and half the round trip where RTCP shows it; null for a
    /// stream without audio of a codec that is known.
    /// </summary>
    public required double? Mos { get; init; }

    public required Instant Began { get; init; }

    public required Instant Ended { get; init; }

    /// <summary>Milliseconds of audio in a packet; 0 when it cannot be told.</summary>
    public required double PacketMs { get; init; }

    /// <summary>The longest time between two packets, unless the source used another path meanwhile.</summary>
    public required TimeSpan LongestGap { get; init; }

    public required long Duplicates { get; init; }

    public required long Misordered { get; init; }

    /// <summary>How fast its timestamps run beside the clock of the capture; 1 is right, null where too little was seen.</summary>
    public required double? ClockRatio { get; init; }

    /// <summary>Keys pressed, as telephone events (RFC 4733).</summary>
    public required string Digits { get; init; }

    /// <summary>From the place of the capture to its receiver and back, by RTCP; null without.</summary>
    public required double? RttMs { get; init; }

    /// <summary>What its receiver says is missing; null where it says nothing.</summary>
    public required long? ReportedLost { get; init; }

    /// <summary>The call that it belongs to; null when none describes its addresses.</summary>
    public int? Call { get; init; }

    /// <summary>Who speaks; null without a call.</summary>
    public Party? Sender { get; init; }

    public TimeSpan Duration => Ended - Began;
}
