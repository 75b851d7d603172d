namespace Softphone.Lab;

/// <summary>What a simulation draws its calls from.</summary>
public sealed record SimulationOptions
{
    /// <summary>How many calls are between whole phones with a SIP server.</summary>
    public double PhoneShare { get; init; } = 0.03;

    /// <summary>How many calls have something go wrong in the middle.</summary>
    public double DisturbedShare { get; init; } = 0.15;

    /// <summary>How many calls end at any moment, whatever their state.</summary>
    public double AbortedShare { get; init; } = 0.2;

    /// <summary>What may go wrong.</summary>
    public IReadOnlyList<DisturbanceKind> Disturbances { get; init; } = Enum.GetValues<DisturbanceKind>();

    /// <summary>The longest outage drawn, in milliseconds.</summary>
    public int LongestOutageMs { get; init; } = 40_000;
}
