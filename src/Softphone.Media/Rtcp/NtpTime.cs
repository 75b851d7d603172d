using Softphone.Core;

namespace Softphone.Media;

/// <summary>
/// NTP timestamps of RTCP. They count from the owner's clock origin and not from 1900, which RFC 3550 §4 allows where no wall clock is
/// at hand; round trips need differences only.
/// </summary>
public static class NtpTime
{
    /// <summary>Seconds in the upper, fractions of 2^-32 s in the lower half.</summary>
    public static ulong Of(Instant at) => (ulong)(((UInt128)(ulong)at.Nanoseconds << 32) / 1_000_000_000);

    /// <summary>The middle 32 bits, in 1/65536 s: what LSR and DLSR count in.</summary>
    public static uint Middle(ulong ntp) => (uint)(ntp >> 16);

    /// <summary>
    /// The round trip that a report block shows (RFC 3550 §6.4.1): arrival less LSR less DLSR, never below zero; null when the peer had
    /// no sender report of ours yet.
    /// </summary>
    public static TimeSpan? RoundTrip(Instant arrival, in ReportBlock block)
    {
        if (block.LastSr == 0) return null;
        var units = (int)(Middle(Of(arrival)) - block.LastSr - block.DelaySinceLastSr);
        return TimeSpan.FromSeconds(Math.Max(0, units) / 65536.0);
    }
}
