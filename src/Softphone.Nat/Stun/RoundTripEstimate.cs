using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// The retransmission timeout towards one server, by RFC 6298 from samples of <see cref="StunTransaction.RoundTrip"/>. What was learnt
/// is forgotten ten minutes after the last sample (RFC 8489 §6.2.1).
/// </summary>
public sealed class RoundTripEstimate
{
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);
    private readonly TimeSpan _initial;
    private TimeSpan _smoothed;
    private TimeSpan _variation;
    private Instant? _sampledAt;

    /// <param name="initial">The timeout while nothing is known, and the least one ever.</param>
    public RoundTripEstimate(TimeSpan initial) => _initial = initial;

    /// <summary>The smoothed round-trip time; null while nothing is known.</summary>
    public TimeSpan? Smoothed => _sampledAt is null ? null : _smoothed;

    /// <summary>Takes a sample; null, from a request that was sent more than once, changes nothing.</summary>
    public void Sample(Instant now, TimeSpan? roundTrip)
    {
        if (roundTrip is not { } sample || sample < TimeSpan.Zero) return;
        if (!Knows(now))
        {
            _smoothed = sample;
            _variation = sample / 2;
        }
        else
        {
            _variation = (_variation * 3 + (_smoothed - sample).Duration()) / 4;
            _smoothed = (_smoothed * 7 + sample) / 8;
        }

        _sampledAt = now;
    }

    /// <summary>The timeout to use now.</summary>
    public TimeSpan Rto(Instant now)
    {
        if (!Knows(now)) return _initial;
        var rto = _smoothed + _variation * 4;
        return rto < _initial ? _initial : rto > Longest ? Longest : rto;
    }

    private bool Knows(Instant now) => _sampledAt is { } at && now - at <= Memory;
}
