using System.Buffers.Binary;
using Softphone.Core;

namespace Softphone.Cli;

/// <summary>
/// The last packets of a phone in a ring of fixed size, about ten minutes of one call: a report may be asked for when something has gone
/// wrong already. Belongs to one thread.
/// </summary>
/// <param name="size">Octets.</param>
internal sealed class PacketMemory(int size = PacketMemory.UsualSize) : IPacketSink
{
    private const int UsualSize = 8 << 20;
    private const int Header = 12;

    private byte[]? _ring;
    private int _first;
    private int _used;

    public Fault? Failure => null;

    public void Write(DateTimeOffset at, ReadOnlySpan<byte> packet)
    {
        var length = Header + packet.Length;
        if (length > size) return;
        _ring ??= GC.AllocateUninitializedArray<byte>(size);
        while (size - _used < length) Forget();
        Span<byte> header = stackalloc byte[Header];
        BinaryPrimitives.WriteInt64LittleEndian(header, at.UtcTicks);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], packet.Length);
        Put(header);
        Put(packet);
    }

    /// <summary>The packets since a moment, oldest first, as copies.</summary>
    public IReadOnlyList<(DateTimeOffset At, byte[] Packet)> Since(DateTimeOffset from)
    {
        var packets = new List<(DateTimeOffset, byte[])>();
        for (var offset = 0; offset < _used;)
        {
            var (at, length) = HeaderAt(offset);
            if (at >= from)
            {
                var packet = new byte[length];
                Get(offset + Header, packet);
                packets.Add((at, packet));
            }

            offset += Header + length;
        }

        return packets;
    }

    public void Dispose() => _ring = null;

    private void Forget()
    {
        var length = Header + HeaderAt(0).Length;
        _first = (_first + length) % size;
        _used -= length;
    }

    private (DateTimeOffset At, int Length) HeaderAt(int offset)
    {
        Span<byte> header = stackalloc byte[Header];
        Get(offset, header);
        return (new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(header), TimeSpan.Zero), BinaryPrimitives.ReadInt32LittleEndian(header[8..]));
    }

    private void Put(ReadOnlySpan<byte> octets)
    {
        var at = (_first + _used) % size;
        var straight = Math.Min(octets.Length, size - at);
        octets[..straight].CopyTo(_ring.AsSpan(at));
        octets[straight..].CopyTo(_ring);
        _used += octets.Length;
    }

    private void Get(int offset, Span<byte> octets)
    {
        var at = (_first + offset) % size;
        var straight = Math.Min(octets.Length, size - at);
        _ring.AsSpan(at, straight).CopyTo(octets);
        _ring.AsSpan(0, octets.Length - straight).CopyTo(octets[straight..]);
    }
}
