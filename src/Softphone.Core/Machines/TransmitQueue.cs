using System.Buffers;

namespace Softphone.Core;

/// <summary>
/// Messages that a machine has written and its owner has not yet taken, first in first out, in one ring of octets that is
/// borrowed from the thread's pool while any wait, so that a machine at rest holds none. Past its bound the newest message is dropped and
/// counted, so that nothing from the network can make it grow without end.
/// </summary>
public sealed class TransmitQueue
{
    private readonly int _capacity;
    private readonly int _bound;
    private readonly Queue<Transmit> _heads = [];
    private byte[] _ring = [];
    private int _read;
    private int _used;
    private int _taken;

    /// <param name="capacity">Octets to borrow first.</param>
    /// <param name="bound">Octets that may wait at most.</param>
    public TransmitQueue(int capacity = 2048, int bound = 1 << 20)
    {
        _capacity = capacity;
        _bound = bound;
    }

    public int Count => _heads.Count;

    /// <summary>Messages dropped because the bound was reached.</summary>
    public long Dropped { get; private set; }

    public void Enqueue(PathId path, Address remote, ReadOnlySpan<byte> message, StreamUse use = StreamUse.Open)
    {
        var needed = _used + message.Length;
        if (needed > _bound)
        {
            Dropped++;
            return;
        }

        if (needed > _ring.Length || _ring.Length == 0) Grow(needed);

        var write = (_read + _used) % _ring.Length;
        var first = Math.Min(message.Length, _ring.Length - write);
        message[..first].CopyTo(_ring.AsSpan(write));
        message[first..].CopyTo(_ring);
        _used += message.Length;
        _heads.Enqueue(new Transmit(path, remote, message.Length, use));
    }

    /// <summary>Ends a connection when everything queued before it has left. Never dropped.</summary>
    public void EnqueueEnd(PathId path, Address remote) => Enqueue(path, remote, [], StreamUse.End);

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
            if (_heads.Count == 0) Rest();
        }

        transmit = head with { Length = take };
        return true;
    }

    public void Clear()
    {
        _heads.Clear();
        Rest();
    }

    private void Rest()
    {
        if (_ring.Length > 0) ArrayPool<byte>.Shared.Return(_ring);
        _ring = [];
        _read = _used = _taken = 0;
    }

    private void Grow(int needed)
    {
        var grown = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(_capacity, 1)));
        var first = Math.Min(_used, _ring.Length - _read);
        _ring.AsSpan(_read, first).CopyTo(grown);
        _ring.AsSpan(0, _used - first).CopyTo(grown.AsSpan(first));
        if (_ring.Length > 0) ArrayPool<byte>.Shared.Return(_ring);
        _ring = grown;
        _read = 0;
    }
}
