namespace Softphone.Media;

/// <summary>What <see cref="RtpSource"/> says of a packet (RFC 3550 A.1).</summary>
public enum SourceVerdict
{
    /// <summary>The source has not yet shown enough packets in order.</summary>
    Probation,

    /// <summary>The packet belongs to the stream.</summary>
    Accepted,

    /// <summary>A wild jump of the sequence number: not taken, unless the next one follows it.</summary>
    Rejected,

    /// <summary>The second packet after a jump: the source began anew, and so did its statistics.</summary>
    Restarted,
}
