namespace Softphone.Captures;

/// <summary>Takes what is on the wire, put in order.</summary>
internal interface IStreamTaker
{
    /// <summary>The next octets of one direction of a connection.</summary>
    /// <param name="at">When the segment that made them whole was seen.</param>
    /// <param name="from">Who sent them.</param>
    /// <param name="to">To whom.</param>
    /// <param name="octets">They follow the last ones, unless there is a gap.</param>
    /// <param name="isAfterGap">They do not: octets between are not in the capture, or nothing before was seen.</param>
    void TakeStream(Instant at, Address from, Address to, ReadOnlySpan<byte> octets, bool isAfterGap);
}
