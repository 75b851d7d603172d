namespace Softphone.Benchmarks;

/// <summary>What a benchmark should stay under; a bound that is not given is not judged.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AimAttribute : Attribute
{
    /// <summary>The most nanoseconds; 0 for no bound.</summary>
    public double Nanoseconds { get; init; }

    /// <summary>The most octets allocated by one operation; negative for no bound.</summary>
    public long Bytes { get; init; } = -1;
}
