namespace Softphone.Lab;

/// <summary>When a step is due, as a closed union. Steps follow each other; none is taken before the one above it.</summary>
public abstract record StepTime
{
    private StepTime()
    {
    }

    /// <summary>So long after the start.</summary>
    public sealed record At(TimeSpan Time) : StepTime;

    /// <summary>So long after the step above it.</summary>
    public sealed record After(TimeSpan Time) : StepTime;
}
