using System.Diagnostics;

namespace Softphone.Sockets;

/// <summary>
/// The clock of the real shell: never goes back, and on Linux counts time spent in suspend, so that a laptop that wakes knows at
/// once that its registrations and NAT bindings are gone. Elsewhere it is the monotonic clock.
/// </summary>
public static unsafe class BootClock
{
    private static readonly bool CountsSuspend = OperatingSystem.IsLinux() && TryRead(out _);

    /// <summary>The time now; the origin is the start of the machine.</summary>
    public static Instant Now => CountsSuspend && TryRead(out var now)
        ? now
        : new Instant((long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency)));

    private static bool TryRead(out Instant now)
    {
        Libc.TimeSpec time;
        var read = Libc.ClockGetTime(Libc.ClockBoottime, &time) == 0;
        now = new Instant(time.Seconds * 1_000_000_000L + time.Nanoseconds);
        return read;
    }
}
