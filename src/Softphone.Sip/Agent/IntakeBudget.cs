using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// What strangers may cost us (RFC 3261 §26.1.5): a share for each address in a window of ten seconds, and so much a second for all of
/// them together. Half of the latter is kept for who asked little lately, so that a flood from a thousand addresses, each within its
/// share, does not shut out the caller who comes once. A long message counts for as many as it is octets. Remembers a bounded number of
/// addresses; those past it have only the common budget.
/// </summary>
/// <param name="share">Requests of one address in ten seconds; 0 sets no limit of any kind.</param>
/// <param name="perSecond">Requests of all strangers in a second.</param>
internal sealed class IntakeBudget(int share, int perSecond)
{
    private const int MaxAddresses = 4096;

    /// <summary>Who has asked for less than this in the last ten to twenty seconds is new.</summary>
    private const int Few = 4;

    /// <summary>Octets that count for one request.</summary>
    private const int Unit = 1500;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly double _full = Math.Max(2, perSecond / 2.0);
    private Dictionary<IpAddress, int> _counts = [];
    private Dictionary<IpAddress, int> _before = [];
    private Instant _windowEnd;
    private double _level = Math.Max(2, perSecond / 2.0);
    private Instant _filledAt;

    /// <summary>Whether <see cref="Take"/> would say no; counts nothing.</summary>
    public bool IsSpent(Instant now, IpAddress ip, int octets)
    {
        if (share <= 0) return false;
        Turn(now);
        var (cost, count) = (CostOf(octets), _counts.GetValueOrDefault(ip));
        return (count > 0 && count + cost > share) || !Suffices(now, cost, count + _before.GetValueOrDefault(ip));
    }

    /// <summary>Counts a request; false when it is not to be served, and best not answered either.</summary>
    public bool Take(Instant now, IpAddress ip, int octets)
    {
        if (share <= 0) return true;
        Turn(now);
        var cost = CostOf(octets);
        var count = _counts.GetValueOrDefault(ip);
        var lately = count + _before.GetValueOrDefault(ip);
        // What is refused counts too, or whoever goes on would be new for ever.
        if (count > 0 || _counts.Count < MaxAddresses) _counts[ip] = Math.Min(count + cost, 2 * share + 2);
        if (count > 0 && count + cost > share) return false;
        if (!Suffices(now, cost, lately)) return false;
        _level -= cost;
        return true;
    }

    private static int CostOf(int octets) => 1 + octets / Unit;

    /// <summary>Fills up the common budget and compares: who asked for more lately is left the upper half of it.</summary>
    private bool Suffices(Instant now, int cost, int lately)
    {
        _level = Math.Min(_full, _level + perSecond * (now - _filledAt).TotalSeconds);
        _filledAt = now;
        return _level >= cost + (lately < Few ? 0 : _full / 2);
    }

    private void Turn(Instant now)
    {
        if (now < _windowEnd) return;
        (_counts, _before) = (_before, _counts);
        _counts.Clear();
        if (now >= _windowEnd + Window) _before.Clear();
        _windowEnd = now + Window;
    }
}
