namespace Softphone.Captures;

/// <summary>
/// Puts the octets of TCP connections in order (RFC 9293 §3.4): segments that came early wait, what came twice is passed over, overlaps are cut. A
/// capture may begin within a connection and may lack segments: what the other side has acknowledged and nobody saw is a gap, and reading goes
/// on behind it.
/// </summary>
internal sealed class TcpStreams(IStreamTaker taker)
{
    private const int MostDirections = 8192;

    /// <summary>What may wait for a missing segment in one direction; a receiver's window is seldom larger.</summary>
    private const int MostWaiting = 1 << 18;
    private const int MostSegments = 512;

    private readonly Dictionary<(Address From, Address To), Direction> _directions = [];

    /// <summary>Places where octets are missing.</summary>
    public long Gaps { get; private set; }

    public void Take(Instant at, in TcpSegment segment)
    {
        var way = (segment.From, segment.To);
        if (segment.IsSyn || !_directions.TryGetValue(way, out var direction))
        {
            if (_directions.Count >= MostDirections) Forget();
            _directions[way] = direction = new Direction { Next = segment.Sequence + (segment.IsSyn ? 1u : 0), IsNew = true };
        }

        direction.Seen = at;
        var sequence = segment.IsSyn ? segment.Sequence + 1 : segment.Sequence;
        if (!segment.Payload.IsEmpty && !TryDeliver(at, way, direction, sequence, segment.Payload)) Keep(at, way, direction, sequence, segment.Payload);
        if (segment.IsAck && _directions.TryGetValue((segment.To, segment.From), out var other)) Acknowledged(at, (segment.To, segment.From), other, segment.Acknowledged);
        if (segment.IsReset) _directions.Remove(way);
    }

    /// <summary>The capture is over: what waits is handed on behind its gap.</summary>
    public void Finish()
    {
        foreach (var (way, direction) in _directions.OrderBy(d => d.Value.Seen))
            while (direction.Waiting.Count > 0) Skip(direction.Seen, way, direction);
        _directions.Clear();
    }

    /// <summary>The half that was silent for longest makes room.</summary>
    private void Forget()
    {
        foreach (var (way, _) in _directions.OrderBy(d => d.Value.Seen).Take(MostDirections / 2).ToList()) _directions.Remove(way);
    }

    private bool TryDeliver(Instant at, (Address From, Address To) way, Direction direction, uint sequence, ReadOnlySpan<byte> octets)
    {
        var known = (int)(direction.Next - sequence);
        if (known < 0) return false;
        if (known >= octets.Length) return true;

        Hand(at, way, direction, octets[known..]);
        while (direction.Waiting.Count > 0 && First(direction) is var (next, held) && (int)(direction.Next - next) is >= 0 and var over)
        {
            direction.Forget(next);
            if (over < held.Length) Hand(at, way, direction, held.AsSpan(over));
        }

        return true;
    }

    private void Hand(Instant at, (Address From, Address To) way, Direction direction, ReadOnlySpan<byte> octets)
    {
        direction.Next += (uint)octets.Length;
        var isAfterGap = direction.IsNew;
        direction.IsNew = false;
        taker.TakeStream(at, way.From, way.To, octets, isAfterGap);
    }

    private void Keep(Instant at, (Address From, Address To) way, Direction direction, uint sequence, ReadOnlySpan<byte> octets)
    {
        if (!direction.Waiting.TryGetValue(sequence, out var there) || there.Length < octets.Length) direction.Keep(sequence, octets.ToArray());
        while (direction.Held > MostWaiting || direction.Waiting.Count > MostSegments) Skip(at, way, direction);
    }

    /// <summary>Nobody sends again what was acknowledged: a gap before it stays one.</summary>
    private void Acknowledged(Instant at, (Address From, Address To) way, Direction direction, uint acknowledged)
    {
        while (direction.Waiting.Count > 0 && (int)(acknowledged - First(direction).Sequence) > 0) Skip(at, way, direction);
    }

    private void Skip(Instant at, (Address From, Address To) way, Direction direction)
    {
        var (sequence, octets) = First(direction);
        direction.Forget(sequence);
        Gaps++;
        direction.Next = sequence;
        direction.IsNew = true;
        TryDeliver(at, way, direction, sequence, octets);
    }

    /// <summary>The one that stands nearest behind what was delivered: numbers run around.</summary>
    private static (uint Sequence, byte[] Octets) First(Direction direction)
    {
        var first = direction.Waiting.MinBy(w => (int)(w.Key - direction.Next));
        return (first.Key, first.Value);
    }

    private sealed class Direction
    {
        public uint Next { get; set; }

        public bool IsNew { get; set; }

        public Instant Seen { get; set; }

        public int Held { get; private set; }

        public Dictionary<uint, byte[]> Waiting { get; } = [];

        public void Keep(uint sequence, byte[] octets)
        {
            Forget(sequence);
            Waiting[sequence] = octets;
            Held += octets.Length;
        }

        public void Forget(uint sequence)
        {
            if (Waiting.Remove(sequence, out var octets)) Held -= octets.Length;
        }
    }
}
