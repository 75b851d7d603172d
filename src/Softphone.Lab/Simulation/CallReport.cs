using Softphone.Phone;

namespace Softphone.Lab;

/// <summary>How a simulated call went.</summary>
/// <param name="Index">Its number in the run.</param>
/// <param name="Plan">What was drawn.</param>
public sealed record CallReport(long Index, CallPlan Plan)
{
    /// <summary>What must not be and was, the first of it; null when all is well.</summary>
    public string? Violation { get; init; }

    /// <summary>The oracle: there was a path for the needed time, so that the call had to come about.</summary>
    public bool MustConnect { get; init; }

    /// <summary>Both sides had a path.</summary>
    public bool Connected { get; init; }

    /// <summary>Media was counted and arrived as it must on both sides, in every window.</summary>
    public bool Heard { get; init; }

    /// <summary>Relays on the path selected, both sides together; null when none was.</summary>
    public int? Legs { get; init; }

    /// <summary>The fewest relays that a path takes, by the oracle; null when it knows none.</summary>
    public int? FewestLegs { get; init; }

    /// <summary>After all that went wrong there was a path for the needed time, and the call had to live on.</summary>
    public bool MustRecover { get; init; }

    /// <summary>It lived on.</summary>
    public bool Recovered { get; init; }

    /// <summary>What the caller's phone says of it; null without whole phones.</summary>
    public Explanation? CallerSays { get; init; }

    /// <summary>What the callee's phone says of it; null without whole phones, and when it did not ring.</summary>
    public Explanation? CalleeSays { get; init; }

    /// <summary>Media was encrypted on both sides.</summary>
    public bool Secured { get; init; }

    public bool Aborted { get; init; }

    /// <summary>How the phone fared that was drawn with this call, to stay registered in a world of its own; null for most calls.</summary>
    public StayReport? Stay { get; init; }

    public int Restarts { get; init; }

    /// <summary>Inputs of both machines.</summary>
    public int Events { get; init; }

    /// <summary>From the start to both sides having a path.</summary>
    public TimeSpan? ConnectedAfter { get; init; }

    /// <summary>How long the call took in virtual time.</summary>
    public TimeSpan Lasted { get; init; }

    /// <summary>All octets sent by both sides and when, in one number: the same for the same seed.</summary>
    public ulong Digest { get; init; }
}
