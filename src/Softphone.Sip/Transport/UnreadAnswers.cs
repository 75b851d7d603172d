using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// Responses that came and had to be thrown away (RFC 3261 §18.3, §8.1.3.3, §18.1.2), the last one of each sender: where a request of ours ends
/// without an answer, it is not true that none came.
/// </summary>
internal sealed class UnreadAnswers
{
    private const int MostSenders = 32;

    private readonly Dictionary<Address, (Instant At, string Why)> _last = [];

    public void Note(Instant now, Address sender, string why)
    {
        if (_last.Count >= MostSenders && !_last.ContainsKey(sender)) _last.Remove(_last.MinBy(pair => pair.Value.At.Nanoseconds).Key);
        _last[sender] = (now, why);
    }

    /// <summary>What was wrong with what this sender answered since then; null when nothing was thrown away.</summary>
    public string? Find(Address sender, Instant since) => _last.TryGetValue(sender, out var last) && last.At >= since ? last.Why : null;
}
