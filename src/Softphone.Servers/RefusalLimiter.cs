using Softphone.Core;

namespace Softphone.Servers;

/// <summary>
/// How many unauthenticated answers a source address may still draw in the present second. A fixed table of counters under a hash, so
/// that strangers cost no memory; two addresses may share a counter.
/// </summary>
internal sealed class RefusalLimiter(int perSecond)
{
    private readonly (int Second, int Count)[] _counters = new (int, int)[1024];

    public bool TryTake(IpAddress source, Instant now)
    {
        var second = (int)(now.Nanoseconds / 1_000_000_000);
        ref var counter = ref _counters[(uint)source.GetHashCode() % (uint)_counters.Length];
        if (counter.Second != second) counter = (second, 0);
        return counter.Count++ < perSecond;
    }
}
