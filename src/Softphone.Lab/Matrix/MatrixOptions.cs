using Softphone.Nat;

namespace Softphone.Lab;

/// <summary>The lines and the agents of a matrix.</summary>
public sealed record MatrixOptions
{
    /// <summary>One-way delay of each NAT's line; from end to end a packet pays two of them, also by way of a relay.</summary>
    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Extra delay of each line, from zero to this.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Probability, 0 to 1, that a line loses a packet.</summary>
    public double Loss { get; init; }

    public ulong Seed { get; init; } = 1;

    /// <summary>Ta of both agents.</summary>
    public TimeSpan Ta { get; init; } = TimeSpan.FromMilliseconds(20);

    public NominationPolicy Nomination { get; init; } = NominationPolicy.Adaptive;

    /// <summary>One-way delay of each host's own line where both are behind one NAT, so that there is a round trip to count in.</summary>
    public static TimeSpan LanLatency { get; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Neither loss nor jitter: then each cell must be the table's to the letter.</summary>
    public bool IsClean => Loss == 0 && Jitter == TimeSpan.Zero;
}
