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

    /// <summary>How many calls come with a phone that stays registered through the troubles of its network, in a world of its own.</summary>
    public double StayShare { get; init; } = 0.0025;

    /// <summary>Every number is a phone that stays registered, and no call.</summary>
    public bool OnlyStays { get; init; }

    /// <summary>What may go wrong.</summary>
    public IReadOnlyList<DisturbanceKind> Disturbances { get; init; } = Enum.GetValues<DisturbanceKind>();

    /// <summary>The longest outage drawn, in milliseconds.</summary>
    public int LongestOutageMs { get; init; } = 40_000;
}
