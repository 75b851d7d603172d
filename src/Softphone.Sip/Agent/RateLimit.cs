using Softphone.Core;

namespace Softphone.Sip;

/// <summary>How many requests an address may send in a window of ten seconds (U14). It remembers a bounded number of addresses.</summary>
internal sealed class RateLimit(int limit)
{
    private const int MaxAddresses = 4096;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Dictionary<IpAddress, int> _counts = [];
    private Instant _windowEnd;

    /// <summary>Counts one; false when the address has had its share, or too many addresses ask at once.</summary>
    public bool Take(Instant now, IpAddress ip)
    {
        if (limit <= 0) return true;
        if (now >= _windowEnd)
        {
            _counts.Clear();
            _windowEnd = now + Window;
        }

        var count = _counts.GetValueOrDefault(ip);
        if (count >= limit || (count == 0 && _counts.Count >= MaxAddresses)) return false;
        _counts[ip] = count + 1;
        return true;
    }
}
