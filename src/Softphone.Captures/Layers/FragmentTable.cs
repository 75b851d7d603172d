namespace Softphone.Captures;

/// <summary>
/// Puts the fragments of datagrams together (RFC 791 §3.2, RFC 8200 §4.5), in whatever order they come. Of what overlaps the first stays. What
/// does not become whole within half a minute, or does not fit in, is counted.
/// </summary>
internal sealed class FragmentTable
{
    private const int MostDatagrams = 256;
    private const int Longest = 65_535;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Dictionary<Key, Parts> _open = [];

    /// <summary>Datagrams of which a part is missing.</summary>
    public int Incomplete { get; private set; }

    /// <summary>Datagrams that were put together.</summary>
    public int Completed { get; private set; }

    /// <summary>Takes a fragment; true when its datagram is whole, with what is in it.</summary>
    public bool TryTake(Instant at, in IpPacket fragment, out byte[] whole)
    {
        whole = [];
        var end = fragment.Offset + fragment.Payload.Length;
        if (end > Longest || fragment.Payload.IsEmpty || fragment.IsCut) return false;
        var key = new Key(fragment.From, fragment.To, fragment.Id, fragment.Protocol);
        if (!_open.TryGetValue(key, out var parts) || at - parts.Began > Patience)
        {
            if (parts is not null) Drop(key);
            else if (_open.Count >= MostDatagrams) Drop(_open.MinBy(o => o.Value.Began).Key);
            _open[key] = parts = new Parts(at);
        }

        parts.Add(fragment.Offset, fragment.Payload, fragment.HasMore);
        if (!parts.TryJoin(out whole)) return false;
        _open.Remove(key);
        Completed++;
        return true;
    }

    /// <summary>The capture is over: what is open stays open.</summary>
    public void Finish()
    {
        Incomplete += _open.Count;
        _open.Clear();
    }

    private void Drop(Key key)
    {
        _open.Remove(key);
        Incomplete++;
    }

    private readonly record struct Key(IpAddress From, IpAddress To, uint Id, byte Protocol);

    private sealed class Parts(Instant began)
    {
        private readonly SortedList<int, byte[]> _pieces = [];
        private int _end = -1;

        public Instant Began => began;

        public void Add(int offset, ReadOnlySpan<byte> octets, bool hasMore)
        {
            if (!hasMore && _end < 0) _end = offset + octets.Length;
            _pieces.TryAdd(offset, octets.ToArray());
        }

        public bool TryJoin(out byte[] whole)
        {
            whole = [];
            if (_end < 0) return false;
            var reached = 0;
            foreach (var (offset, octets) in _pieces)
            {
                if (offset > reached) return false;
                reached = Math.Max(reached, offset + octets.Length);
            }

            if (reached < _end) return false;
            whole = new byte[_end];
            reached = 0;
            foreach (var (offset, octets) in _pieces)
            {
                var skip = reached - offset;
                var length = Math.Min(octets.Length, _end - offset) - skip;
                if (length <= 0) continue;
                octets.AsSpan(skip, length).CopyTo(whole.AsSpan(reached));
                reached += length;
            }

            return true;
        }
    }
}
