namespace Softphone.Core;

/// <summary>
/// Messages that a machine has written and its owner has not yet taken, first in first out, in one ring of octets. It allocates
/// only while it grows; past its bound the newest message is dropped and counted, so that nothing from the network can make it
/// grow without end.
/// </summary>
public sealed class TransmitQueue
{
    private readonly int _bound;
    private readonly Queue<Transmit> _heads = [];
    private byte[] _ring;
    private int _read;
    private int _used;
    private int _taken;

    /// <param name="capacity">Octets to start with.</param>
    /// <param name="bound">Octets that may wait at most.</param>
    public TransmitQueue(int capacity = 2048, int bound = 1 << 20)
    {
        _ring = new byte[capacity];
        _bound = bound;
    }

    public int Count => _heads.Count;

    /// <summary>Messages dropped because the bound was reached.</summary>
    public long Dropped { get; private set; }

    public void Enqueue(PathId path, Address remote, ReadOnlySpan<byte> message)
    {
        if (_used + message.Length > _ring.Length && !Grow(_used + message.Length))
        {
            Dropped++;
            return;
        }

        var write = (_read + _used) % _ring.Length;
        var first = Math.Min(message.Length, _ring.Length - write);
        message[..first].CopyTo(_ring.AsSpan(write));
        message[first..].CopyTo(_ring);
        _used += message.Length;
        _heads.Enqueue(new Transmit(path, remote, message.Length));
    }

    /// <summary>
    /// Copies the oldest message into the buffer. One that is longer than the buffer is handed out in pieces, which only a stream
    /// path may meet.
    /// </summary>
    public bool TryDequeue(Span<byte> buffer, out Transmit transmit)
    {
        if (!_heads.TryPeek(out var head))
        {
            transmit = default;
            return false;
        }

        var take = Math.Min(head.Length - _taken, buffer.Length);
        var first = Math.Min(take, _ring.Length - _read);
        _ring.AsSpan(_read, first).CopyTo(buffer);
        _ring.AsSpan(0, take - first).CopyTo(buffer[first..]);
        _read = (_read + take) % _ring.Length;
        _used -= take;
        _taken += take;
        if (_taken == head.Length)
        {
            _heads.Dequeue();
            _taken = 0;
        }

        transmit = head with { Length = take };
        return true;
    }

    public void Clear()
    {
        _heads.Clear();
        _read = _used = _taken = 0;
    }

    private bool Grow(int needed)
    {
        if (needed > _bound) return false;
        var grown = new byte[Math.Min(_bound, Math.Max(needed, _ring.Length * 2))];
        var first = Math.Min(_used, _ring.Length - _read);
        _ring.AsSpan(_read, first).CopyTo(grown);
        _ring.AsSpan(0, _used - first).CopyTo(grown.AsSpan(first));
        _ring = grown;
        _read = 0;
        return true;
    }
}
