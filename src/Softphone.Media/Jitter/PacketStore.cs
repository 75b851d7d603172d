namespace Softphone.Media;

/// <summary>Packets that wait for their time, by extended sequence number. Payloads lie in buffers that are used again.</summary>
internal sealed class PacketStore
{
    /// <summary>Sequence numbers that may wait at once.</summary>
    public const int Span = 256;

    private readonly Slot[] _slots = new Slot[Span];
    private readonly Stack<byte[]> _spare = new();

    public int Count { get; private set; }

    /// <summary>Those of them that hold audio.</summary>
    public int Waiting { get; private set; }

    /// <summary>Media position of the newest audio, as it came.</summary>
    public long LastPosition { get; private set; }

    /// <summary>The newest sequence number stored; meaningless when empty.</summary>
    public long Newest { get; private set; }

    public bool Holds(long sequence) => _slots[Index(sequence)] is { Used: true } slot && slot.Sequence == sequence;

    /// <summary>Keeps a copy of the packet.</summary>
    /// <returns>How many audio packets had to go for it: one that fell out of the span long ago, or none.</returns>
    public int Add(long sequence, long position, IAudioDecoder? decoder, ReadOnlySpan<byte> payload)
    {
        var evicted = Drop(ref _slots[Index(sequence)]);
        if (Count == 0 || sequence > Newest) Newest = sequence;
        Count++;
        if (decoder is not null)
        {
            LastPosition = Waiting == 0 ? position : Math.Max(LastPosition, position);
            Waiting++;
        }

        ref var slot = ref _slots[Index(sequence)];
        var buffer = _spare.TryPop(out var spare) ? spare : new byte[512];
        if (buffer.Length < payload.Length) buffer = new byte[Math.Max(payload.Length, 2 * buffer.Length)];
        payload.CopyTo(buffer);
        slot = new Slot(true, sequence, position, decoder, buffer, payload.Length);
        return evicted;
    }

    /// <summary>The oldest packet at or after this sequence number.</summary>
    public bool TryFirst(long from, out Slot packet)
    {
        packet = default;
        if (Count == 0) return false;
        for (var sequence = Math.Max(from, Newest - Span + 1); sequence <= Newest; sequence++)
        {
            if (!Holds(sequence)) continue;
            packet = _slots[Index(sequence)];
            return true;
        }

        return false;
    }

    public void Remove(long sequence) => Drop(ref _slots[Index(sequence)]);

    /// <summary>Throws everything away.</summary>
    /// <returns>How many audio packets that were.</returns>
    public int Clear()
    {
        var audio = 0;
        foreach (ref var slot in _slots.AsSpan()) audio += Drop(ref slot);
        return audio;
    }

    private int Drop(ref Slot slot)
    {
        if (!slot.Used) return 0;
        var audio = slot.Decoder is null ? 0 : 1;
        _spare.Push(slot.Buffer);
        slot = default;
        Count--;
        Waiting -= audio;
        return audio;
    }

    private static int Index(long sequence) => (int)(sequence & (Span - 1));

    /// <summary>One waiting packet. Without a decoder it holds no audio and only says that its number was not lost.</summary>
    internal readonly record struct Slot(bool Used, long Sequence, long Position, IAudioDecoder? Decoder, byte[] Buffer, int Length)
    {
        public ReadOnlySpan<byte> Payload => Buffer.AsSpan(0, Length);
    }
}
