namespace Softphone.Lab;

/// <summary>What became of a <see cref="MatrixCase"/>.</summary>
public sealed record MatrixCell
{
    public required MatrixCase Case { get; init; }

    /// <summary>The seed that it was run with.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Types of the nominated pair as the controlling end names them, the worst over the components; FAIL when one has none.</summary>
    public required string Pair { get; init; }

    /// <summary>The table's.</summary>
    public required string Expected { get; init; }

    /// <summary>
    /// From the answer in the offerer's hand to its first outgoing media; null when there was none. <see cref="MediaPacing"/> is in it.
    /// </summary>
    public TimeSpan? Media { get; init; }

    /// <summary>From the same moment until a pair of each component was nominated and confirmed, at the controlling end.</summary>
    public TimeSpan? Completed { get; init; }

    /// <summary>How much of <see cref="Media"/> checks on the way to it waited for their turn (Ta), on either side.</summary>
    public TimeSpan MediaPacing { get; init; }

    /// <summary>The same of <see cref="Completed"/>.</summary>
    public TimeSpan CompletedPacing { get; init; }

    /// <summary>The round trip between the two ends by the path taken, without jitter; zero on lines without delay.</summary>
    public required TimeSpan RoundTrip { get; init; }

    /// <summary>Why it is not as it must be, in words; null when it is.</summary>
    public string? Trouble { get; init; }

    public bool IsOk => Trouble is null;

    /// <summary>host, srflx, prflx or relay: the worse of the two ends; fail when there is none.</summary>
    public string Path => MatrixTable.PathOf(Pair);

    /// <summary>A worse path class than the table's: a relay too many, or none where there is a path.</summary>
    public bool IsWorse => MatrixTable.ClassOf(Pair) > MatrixTable.ClassOf(Expected);

    /// <summary>In round trips, waiting for turns taken off; null when it never came or there is no delay to count in.</summary>
    public double? MediaRoundTrips => InRoundTrips(Media, MediaPacing);

    /// <summary>In round trips, waiting for turns taken off; null when it never came or there is no delay to count in.</summary>
    public double? CompletedRoundTrips => InRoundTrips(Completed, CompletedPacing);

    private double? InRoundTrips(TimeSpan? time, TimeSpan pacing) =>
        time is { } t && RoundTrip > TimeSpan.Zero ? (t - pacing) / RoundTrip : null;
}
