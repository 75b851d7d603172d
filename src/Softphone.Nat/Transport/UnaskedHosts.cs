using Softphone.Core;

namespace Softphone.Nat;

/// <summary>
/// What hosts got that no call was heard from yet, over all calls together: a description costs its author one packet, and a hundred of
/// them, or one call that is changed a hundred times, may name the same victim. Signalling did not come from there, so it can do without;
/// whoever was heard in one call, as the media server of an exchange, is known in the next.
/// </summary>
public sealed class UnaskedHosts
{
    private const int Most = 64;

    /// <summary>So long after the first of its packets a host may get as many again.</summary>
    private static readonly TimeSpan CountFor = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan KnowFor = TimeSpan.FromMinutes(10);

    private readonly Dictionary<IpAddress, Given> _given = [];
    private readonly Dictionary<IpAddress, Instant> _heard = [];

    /// <summary>A call that both sides know to be up hears it.</summary>
    public void Hear(Instant now, IpAddress host)
    {
        _given.Remove(host);
        if (_heard.Count >= Most && !_heard.ContainsKey(host)) _heard.Remove(_heard.MinBy(h => h.Value.Nanoseconds).Key);
        _heard[host] = now;
    }

    /// <summary>Whether one more may go there, which then counts.</summary>
    public bool MaySend(Instant now, IpAddress to)
    {
        if (_heard.TryGetValue(to, out var heard) && now - heard < KnowFor) return true;
        if (!_given.TryGetValue(to, out var given) || now - given.Since >= CountFor)
        {
            if (_given.Count >= Most) _given.Remove(_given.MinBy(g => g.Value.Since.Nanoseconds).Key);
            _given[to] = given = new Given(now);
        }

        return given.TryCount(now);
    }

    private sealed class Given(Instant since)
    {
        private readonly Instant[] _last = new Instant[Restraint.MostInASecond];
        private int _count;

        public Instant Since { get; } = since;

        public bool TryCount(Instant now)
        {
            ref var oldest = ref _last[_count % _last.Length];
            if (_count >= Restraint.MostInAll || (_count >= _last.Length && now - oldest < TimeSpan.FromSeconds(1))) return false;
            oldest = now;
            _count++;
            return true;
        }
    }
}
