namespace Softphone.Internet;

/// <summary>What the world has to do, ordered by time and then by the order of scheduling. A four-way heap of values.</summary>
internal sealed class EventHeap
{
    private Entry[] _heap = new Entry[1024];
    private long _sequence;

    public int Count { get; private set; }

    /// <summary>When the first is due, in nanoseconds; MaxValue when there is none.</summary>
    public long NextDue => Count == 0 ? long.MaxValue : _heap[0].Due;

    public void Push(long due, object item)
    {
        if (Count == _heap.Length) Array.Resize(ref _heap, 2 * Count);
        var entry = new Entry(due, _sequence++, item);
        var at = Count++;
        while (at > 0)
        {
            var parent = (at - 1) >> 2;
            if (!entry.IsBefore(_heap[parent])) break;
            _heap[at] = _heap[parent];
            at = parent;
        }

        _heap[at] = entry;
    }

    public object Pop()
    {
        var item = _heap[0].Item;
        var last = _heap[--Count];
        _heap[Count] = default;
        if (Count > 0) SiftDown(last);
        return item;
    }

    /// <summary>Forgets everything, and counts anew.</summary>
    public void Clear()
    {
        Array.Clear(_heap, 0, Count);
        Count = 0;
        _sequence = 0;
    }

    private void SiftDown(Entry entry)
    {
        var at = 0;
        while (true)
        {
            var first = (at << 2) + 1;
            if (first >= Count) break;
            var least = first;
            var end = Math.Min(first + 4, Count);
            for (var child = first + 1; child < end; child++)
                if (_heap[child].IsBefore(_heap[least])) least = child;
            if (!_heap[least].IsBefore(entry)) break;
            _heap[at] = _heap[least];
            at = least;
        }

        _heap[at] = entry;
    }

    private readonly record struct Entry(long Due, long Sequence, object Item)
    {
        public bool IsBefore(in Entry other) => Due < other.Due || (Due == other.Due && Sequence < other.Sequence);
    }
}
