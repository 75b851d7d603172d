using Softphone.Core;

namespace Softphone.Media;

/// <summary>
/// What one side says in one breath (RFC 6347 §4.2.4), as often as it may have to be said: each time with record numbers of its own, since a
/// peer drops a number that it has seen.
/// </summary>
/// <param name="times">The octets of each time.</param>
/// <param name="now">When it is said first.</param>
internal sealed class DtlsFlight(IReadOnlyList<byte[]> times, Instant now)
{
    /// <summary>RFC 6347 §4.2.4.1 says one second, and less where time matters: here a person waits to be heard.</summary>
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(400);

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(4);

    private int _next;
    private TimeSpan _wait = FirstWait;

    /// <summary>When it is said next; null once it was said as often as it may.</summary>
    public Instant? Due { get; private set; } = now;

    /// <summary>How often it was said.</summary>
    public int Times => _next;

    public ReadOnlySpan<byte> Say(Instant now)
    {
        var octets = times[_next++];
        Due = _next < times.Count ? now + _wait : null;
        _wait = _wait * 2 < LongestWait ? _wait * 2 : LongestWait;
        return octets;
    }
}
