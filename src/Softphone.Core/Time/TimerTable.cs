namespace Softphone.Core;

/// <summary>
/// The timers of one machine, at most one for each key. A binary heap with an index, so setting, moving and cancelling are
/// O(log n) and allocate only while the table grows. Timers due at the same instant fire in the order in which they were set,
/// which keeps a seeded run repeatable.
/// </summary>
public sealed class TimerTable<TKey>
    where TKey : notnull
{
    private readonly Dictionary<TKey, int> _slots = [];
    private Entry[] _heap = new Entry[8];
    private int _count;
    private long _sequence;
    private long _settled;

    /// <summary>How many timers are set.</summary>
    public int Count => _count;

    /// <summary>When the earliest timer is due; null when none is set.</summary>
    public Instant? Next => _count == 0 ? null : _heap[0].Due;

    /// <summary>Sets the timer, or moves it when it is set already.</summary>
    public void Set(TKey key, Instant due)
    {
        if (_slots.TryGetValue(key, out var at))
        {
            _heap[at] = new Entry(due, _sequence++, key);
            SiftDown(SiftUp(at));
            return;
        }

        if (_count == _heap.Length) Array.Resize(ref _heap, _count * 2);
        _heap[_count] = new Entry(due, _sequence++, key);
        _slots[key] = _count;
        SiftUp(_count++);
    }

    /// <summary>When this timer is due; null when it is not set.</summary>
    public Instant? DueOf(TKey key) => _slots.TryGetValue(key, out var at) ? _heap[at].Due : null;

    /// <summary>Removes the timer; false when it was not set.</summary>
    public bool Cancel(TKey key)
    {
        if (!_slots.Remove(key, out var at)) return false;
        var last = --_count;
        if (at != last)
        {
            _heap[at] = _heap[last];
            _slots[_heap[at].Key] = at;
            SiftDown(SiftUp(at));
        }

        _heap[last] = default;
        return true;
    }

    /// <summary>Takes the earliest timer that is due by <paramref name="now"/>.</summary>
    public bool TryExpire(Instant now, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out TKey key)
    {
        if (_count == 0 || _heap[0].Due > now)
        {
            key = default;
            return false;
        }

        key = _heap[0].Key;
        Cancel(key);
        return true;
    }

    /// <summary>
    /// Moves what was set since the last call that much later, in the order in which it was set: those times were counted from a moment that was
    /// over when it mattered.
    /// </summary>
    public void Delay(TimeSpan by)
    {
        if (by > TimeSpan.Zero && _sequence > _settled)
        {
            var fresh = _heap.Take(_count).Where(entry => entry.Sequence >= _settled).OrderBy(entry => entry.Sequence).ToList();
            foreach (var entry in fresh) Set(entry.Key, entry.Due + by);
        }

        _settled = _sequence;
    }

    public void Clear()
    {
        Array.Clear(_heap, 0, _count);
        _slots.Clear();
        _count = 0;
    }

    private int SiftUp(int at)
    {
        while (at > 0)
        {
            var parent = (at - 1) / 2;
            if (!_heap[at].IsBefore(_heap[parent])) break;
            Swap(at, parent);
            at = parent;
        }

        return at;
    }

    private void SiftDown(int at)
    {
        while (true)
        {
            var child = 2 * at + 1;
            if (child >= _count) return;
            if (child + 1 < _count && _heap[child + 1].IsBefore(_heap[child])) child++;
            if (!_heap[child].IsBefore(_heap[at])) return;
            Swap(at, child);
            at = child;
        }
    }

    private void Swap(int a, int b)
    {
        (_heap[a], _heap[b]) = (_heap[b], _heap[a]);
        _slots[_heap[a].Key] = a;
        _slots[_heap[b].Key] = b;
    }

    private readonly record struct Entry(Instant Due, long Sequence, TKey Key)
    {
        public bool IsBefore(in Entry other) =>
            Due.Nanoseconds < other.Due.Nanoseconds || (Due == other.Due && Sequence < other.Sequence);
    }
}
