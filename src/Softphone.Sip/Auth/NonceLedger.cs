using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// Which nonce counts were used, so that credentials that were overheard are worth nothing a second time (RFC 7616 §3.4). Only counts of
/// credentials that were right come here, so strangers cannot fill it. Bounded: past its bound the nonces issued first are forgotten, and
/// from then on no nonce of that age is taken.
/// </summary>
internal sealed class NonceLedger(int bound)
{
    private const int Window = 64;

    private readonly Dictionary<Instant, Counts> _used = [];
    private readonly PriorityQueue<Instant, Instant> _byAge = new();
    private Instant? _forgotten;

    /// <summary>Takes a count of the nonce issued at this instant; false when it was taken before, or may have been.</summary>
    /// <param name="issued">When the nonce was made, which no two share.</param>
    /// <param name="count">The nonce count: from 1. It may run ahead, and fall back behind the highest by less than 64.</param>
    public bool TryTake(Instant issued, uint count)
    {
        if (count == 0 || issued <= _forgotten) return false;
        if (!_used.TryGetValue(issued, out var counts))
        {
            if (_used.Count == bound)
            {
                _forgotten = _byAge.Dequeue();
                _used.Remove(_forgotten.Value);
                if (issued <= _forgotten) return false;
            }

            _byAge.Enqueue(issued, issued);
        }

        if (!counts.TryTake(count)) return false;
        _used[issued] = counts;
        return true;
    }

    /// <summary>The highest count, and which of those just below it were taken: bit 0 is the highest.</summary>
    private struct Counts
    {
        private uint _highest;
        private ulong _taken;

        public bool TryTake(uint count)
        {
            if (count > _highest)
            {
                var ahead = count - _highest;
                _taken = ahead >= Window ? 1 : (_taken << (int)ahead) | 1;
                _highest = count;
                return true;
            }

            var behind = _highest - count;
            if (behind >= Window || (_taken >> (int)behind & 1) != 0) return false;
            _taken |= 1UL << (int)behind;
            return true;
        }
    }
}
