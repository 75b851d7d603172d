using Softphone.Core;

namespace Softphone.Lab;

/// <summary>How a registered phone fared.</summary>
/// <param name="Plan">What was drawn.</param>
public sealed record StayReport(StayPlan Plan)
{
    /// <summary>What must not be and was, the first of it; null when all is well.</summary>
    public string? Violation { get; init; }

    /// <summary>How many of the events, from the first, it came through.</summary>
    public int Survived { get; init; }

    /// <summary>The most REGISTERs that it sent for one event.</summary>
    public int MostRegisters { get; init; }

    /// <summary>How long it took in virtual time.</summary>
    public TimeSpan Lasted { get; init; }

    /// <summary>What happened on both phones.</summary>
    public int Events { get; init; }

    /// <summary>The same for the same seed.</summary>
    public ulong Digest { get; init; }

    /// <summary>Each trouble that was drawn, and whether the phone came through it.</summary>
    public IEnumerable<(NetworkTrouble Kind, bool Survived)> Troubles =>
        Plan.Conditions.Select(c => (c, Violation is null)).Concat(Plan.Events.Select((e, i) => (e.Kind, i < Survived)));
}
