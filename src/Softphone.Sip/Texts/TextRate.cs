using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// How much one may write, and all together: a few at once, then one a second of each sender. Remembers a bounded number of senders; those past
/// it have the common share only.
/// </summary>
internal sealed class TextRate
{
    /// <summary>Texts of one sender at once.</summary>
    public const int Burst = 20;

    private const double PerSecond = 1;
    private const int CommonBurst = 100;
    private const double CommonPerSecond = 10;
    private const int MostSenders = 256;

    private readonly Dictionary<string, Bucket> _senders = new(StringComparer.OrdinalIgnoreCase);
    private Bucket _common = new(CommonBurst, default);

    /// <summary>Counts one; false when it is one too many.</summary>
    public bool Take(Instant now, string sender)
    {
        _common = _common.Filled(now, CommonBurst, CommonPerSecond);
        if (_common.Level < 1) return false;
        var isKnown = _senders.TryGetValue(sender, out var own);
        if (isKnown || HasRoom(now))
        {
            own = (isKnown ? own : new Bucket(Burst, now)).Filled(now, Burst, PerSecond);
            if (own.Level < 1)
            {
                _senders[sender] = own;
                return false;
            }

            _senders[sender] = own with { Level = own.Level - 1 };
        }

        _common = _common with { Level = _common.Level - 1 };
        return true;
    }

    /// <summary>Who could write a full burst again need not be remembered.</summary>
    private bool HasRoom(Instant now)
    {
        if (_senders.Count < MostSenders) return true;
        foreach (var (sender, bucket) in _senders)
            if (bucket.Filled(now, Burst, PerSecond).Level >= Burst) _senders.Remove(sender);
        return _senders.Count < MostSenders;
    }

    private readonly record struct Bucket(double Level, Instant At)
    {
        public Bucket Filled(Instant now, double most, double perSecond) => new(Math.Min(most, Level + perSecond * (now - At).TotalSeconds), now);
    }
}
