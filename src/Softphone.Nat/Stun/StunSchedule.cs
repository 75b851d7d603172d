namespace Softphone.Nat;

/// <summary>
/// When a request is sent again and when it is given up (RFC 8489 §6.2.1): after the n-th sending the wait is RTO·2ⁿ⁻¹, after the last
/// one RTO·<paramref name="LastWait"/>.
/// </summary>
/// <param name="Rto">The first wait.</param>
/// <param name="Sends">Rc, how often the request is sent at most.</param>
/// <param name="LastWait">Rm, the multiple of RTO that the last sending is waited for.</param>
public readonly record struct StunSchedule(TimeSpan Rto, int Sends = 7, int LastWait = 16)
{
    /// <summary>500 ms, seven sendings: at 0, 0.5, 1.5, 3.5, 7.5, 15.5 and 31.5 s, given up at 39.5 s.</summary>
    public static StunSchedule Udp => new(TimeSpan.FromMilliseconds(500));

    /// <summary>Ti of a stream: sent once, given up at 39.5 s (RFC 8489 §6.2.2).</summary>
    public static StunSchedule Stream => new(TimeSpan.FromMilliseconds(39_500), 1, 1);

    /// <summary>The wait after the given sending, counted from 1.</summary>
    public TimeSpan WaitAfter(int sending) => sending < Sends ? Rto * (1L << Math.Min(sending - 1, 16)) : Rto * LastWait;
}
