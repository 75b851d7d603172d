namespace Softphone.Testing;

/// <summary>
/// What a thread allocated, for tests of steady state. A collection that another test causes retires this thread's buffer, and what was left
/// of it counts as allocated: up to 8 KiB of nothing. So run at least a thousand rounds: one that allocates costs 24 bytes or more.
/// </summary>
public static class Allocated
{
    private const long Buffer = 8192;

    public static long Now => GC.GetAllocatedBytesForCurrentThread();

    /// <summary>Fails when more was allocated since than a collection elsewhere makes of none.</summary>
    /// <param name="before"><see cref="Now"/> as it was.</param>
    public static void AssertNoneSince(long before) => AssertNone(Now - before);

    /// <summary>Fails when these bytes are more than a collection elsewhere makes of none.</summary>
    public static void AssertNone(long bytes) => Xunit.Assert.True(bytes <= Buffer, $"{bytes} bytes were allocated");
}
