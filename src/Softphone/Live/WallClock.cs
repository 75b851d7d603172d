using Softphone.Core;

namespace Softphone.Cli;

/// <summary>
/// The time of day of instants. The machines' clock only ever goes forward; the system's is set by a person or over the network, and what
/// happens afterwards is told in its new time. What happened before keeps the time that it was told with.
/// </summary>
/// <param name="now">The instant.</param>
/// <param name="utc">The system's clock.</param>
internal sealed class WallClock(Func<Instant> now, Func<DateTimeOffset> utc)
{
    /// <summary>Less is the clock being disciplined, and the two being read one after the other.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    private const int MostSteps = 64;

    private readonly Lock _lock = new();
    private readonly List<(Instant From, DateTimeOffset Is)> _steps = [(now(), utc())];

    /// <summary>From any thread.</summary>
    public DateTimeOffset Of(Instant at)
    {
        lock (_lock)
        {
            Look();
            var i = _steps.Count - 1;
            while (i > 0 && _steps[i].From > at) i--;
            return _steps[i].Is + (at - _steps[i].From);
        }
    }

    private void Look()
    {
        var instant = now();
        var time = utc();
        var (from, was) = _steps[^1];
        if ((time - (was + (instant - from))).Duration() < Step) return;
        if (_steps.Count == MostSteps) _steps.RemoveAt(0);
        _steps.Add((instant, time));
    }
}
