using System.Runtime.InteropServices;

namespace Softphone.Core;

/// <summary>How many things each source holds at once, so that no one takes all. IPv6 sources count by their /64, which one host has whole.</summary>
public sealed class SourceShares
{
    private readonly Dictionary<IpAddress, int> _held = [];

    /// <summary>Takes one more for a source that holds fewer than <paramref name="most"/>.</summary>
    public bool TryTake(IpAddress source, int most)
    {
        ref var held = ref CollectionsMarshal.GetValueRefOrAddDefault(_held, source.Site, out _);
        if (held >= most) return false;
        held++;
        return true;
    }

    public void Return(IpAddress source)
    {
        var key = source.Site;
        if (!_held.TryGetValue(key, out var held)) return;
        if (held <= 1) _held.Remove(key);
        else _held[key] = held - 1;
    }
}
