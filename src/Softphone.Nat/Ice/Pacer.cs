using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// Spaces new transactions by Ta (RFC 8445 §14.2). Gathering and checks of one call share one; a pacer of the whole process, at 5 ms,
/// may stand above those of all calls.
/// </summary>
public sealed class Pacer(TimeSpan interval, Pacer? above = null)
{
    /// <summary>No process starts transactions faster than this.</summary>
    public static TimeSpan Floor { get; } = TimeSpan.FromMilliseconds(5);

    private Instant? _free;

    /// <summary>Ta; never below the floor.</summary>
    public TimeSpan Interval { get; set; } = interval < Floor ? Floor : interval;

    /// <summary>When the next transaction may start; not later than now when it may start at once.</summary>
    public Instant Next(Instant now)
    {
        var own = _free is { } free && free > now ? free : now;
        return above?.Next(now) is { } other && other > own ? other : own;
    }

    /// <summary>Starts a transaction now, or says no.</summary>
    public bool TryTake(Instant now)
    {
        if (Next(now) > now) return false;
        Take(now);
        return true;
    }

    private void Take(Instant now)
    {
        _free = now + Interval;
        above?.Take(now);
    }
}
